/** Blocking one person, for a button and its question. */
import * as m from '$words/blocking';
import { isProgram } from '../core/program-info.ts';
import { blockedFullSentence, blockQuestion } from '../core/notification-rules.ts';
import { nameInSentence } from '../core/sentences.ts';
import { UNKNOWN_USER } from '../core/participants.ts';
import type { InboxState } from './inbox.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export interface BlockingPorts {
  readonly inbox: { readonly current: Pick<InboxState, 'block' | 'unblock' | 'isBlocked'> | null };
  readonly toasts: Pick<Toasts, 'fail'>;
  readonly me: { readonly id: string };
}

export class Blocking {
  readonly #ports: BlockingPorts;
  readonly #person: () => { id: string; name: string };

  constructor(ports: BlockingPorts, person: () => { id: string; name: string }) {
    this.#ports = ports;
    this.#person = person;
  }
  /** False for me, for programs, and where the relay does not know who the person is. */
  get isPossible(): boolean {
    const { id } = this.#person();
    const isPerson = id !== '' && id !== this.#ports.me.id && !isProgram(id) && !id.startsWith(UNKNOWN_USER);
    return isPerson && this.#ports.inbox.current !== null;
  }
  get isBlocked(): boolean {
    return this.#ports.inbox.current?.isBlocked(this.#person().id) === true;
  }
  /** 'Block Ana', 'Unblock Ana'. */
  get label(): string {
    return `${this.isBlocked ? m.unblock() : m.block()} ${this.#name}`;
  }
  get question(): string {
    return blockQuestion(this.#name);
  }
  block(): void {
    if (this.#ports.inbox.current?.block(this.#person()) === false) this.#ports.toasts.fail(blockedFullSentence());
  }
  unblock(): void {
    this.#ports.inbox.current?.unblock(this.#person().id);
  }

  get #name(): string {
    return nameInSentence(this.#person().name) || m.guest();
  }
}
