/** The account, for components: whether to sign in, and how the relay identifies people. Reads through. Name and id are in `Me`. */
import { createSubscriber } from 'svelte/reactivity';
import type { RelaySettings } from '../core/board-info.ts';
import type { KeyValue } from '../core/key-value.ts';
import { Account } from '../account/account.ts';
import type { RelayApi } from '../account/relay-api.ts';
import type { Me } from './me.svelte.ts';

export class AccountState {
  readonly api: RelayApi;
  readonly account: Account;
  #changed = new Set<() => void>();
  #subscribe = createSubscriber((update) => {
    this.#changed.add(update);
    return () => this.#changed.delete(update);
  });

  constructor(api: RelayApi, facts: KeyValue, me: Me) {
    this.api = api;
    this.account = new Account({
      api,
      facts,
      guest: () => me.guest,
      onUser: (user) => me.become(user),
      onChange: () => this.#changed.forEach((changed) => changed()),
    });
  }
  /** How the relay identifies people; null: it has never answered this device. */
  get auth(): RelaySettings['auth'] | null {
    this.#subscribe();
    return this.account.known?.auth ?? null;
  }
  /** Origins from which the page may load pictures of people. */
  get imageOrigins(): readonly string[] {
    this.#subscribe();
    return this.account.known?.imageOrigins ?? [];
  }
  /** Where to sign in, while that is needed; `url` null: the operator named no page. */
  get signIn(): { url: string | null } | null {
    this.#subscribe();
    return this.account.signIn;
  }
}
