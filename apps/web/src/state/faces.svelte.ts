/**
 * The picture to show for each person: the one that the operator's token names, or the one that they chose on their device.
 * Chosen pictures of others come from their browsers; the code for that is fetched after the first paint.
 */
import { createSubscriber } from 'svelte/reactivity';
import { pictureAddress, type Person } from '../core/board-info.ts';
import type { Participant } from '../core/participants.ts';
import type { FaceExchange } from '../session/face-exchange.ts';
import type { AccountState } from './account.svelte.ts';
import type { Me } from './me.svelte.ts';

/** The people on the open board. */
interface Here {
  find(userId: string): Pick<Participant, 'isMe' | 'picture' | 'face'> | undefined;
}

export class Faces {
  readonly #me: Me;
  readonly #account: AccountState;
  #exchange = $state.raw<Pick<FaceExchange, 'show' | 'urlOf'> | null>(null);
  #here = $state.raw<Here | null>(null);
  /** By name of a face on the screen. */
  readonly #subscribers = new Map<string, () => void>();

  constructor(me: Me, account: AccountState) {
    this.#me = me;
    this.#account = account;
  }
  /** @returns An address for `img`; null: show the initials. Read it where the picture is shown: only those are asked for. */
  of({ isMe, picture, face }: Pick<Participant, 'isMe' | 'picture' | 'face'>): string | null {
    if (isMe) return this.#me.picture;
    return this.#given(picture) ?? (face === null ? null : this.#chosen(face));
  }
  /** The same for a person who may be elsewhere: from what the server tells of them, or from the open board. */
  ofPerson({ id, picture = null }: Pick<Person, 'id' | 'picture'>): string | null {
    if (id === this.#me.id) return this.#me.picture;
    const here = this.#here?.find(id);
    return this.#given(picture) ?? (here === undefined ? null : this.of(here));
  }
  /** Begins to exchange faces. @param here The people on the board. @returns Call it when that ends. */
  begin(exchange: FaceExchange, here: Here): () => void {
    this.#subscribers.clear();
    this.#exchange = exchange;
    this.#here = here;
    return () => {
      this.#exchange = null;
      this.#here = null;
    };
  }

  #given(picture: string | null): string | null {
    return picture === null ? null : pictureAddress(picture, this.#account.imageOrigins);
  }

  #chosen(id: string): string | null {
    const exchange = this.#exchange;
    if (exchange === null) return null;
    const subscribe = this.#subscribers.get(id) ?? createSubscriber((update) => exchange.show(id, update));
    this.#subscribers.set(id, subscribe);
    subscribe();
    return exchange.urlOf(id);
  }
}
