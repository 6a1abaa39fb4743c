/**
 * The people here, for the list and the avatars. Painted again for a name or typing, never for a moving cursor. The code that
 * reads their presence is fetched after the first paint: until then the list is empty.
 */
import { createSubscriber } from 'svelte/reactivity';
import { fetchInTime } from '../browser/fetch-part.ts';
import type { Participant } from '../core/participants.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Me } from './me.svelte.ts';

const part = () => import('../session/people-part.ts');
type Part = Awaited<ReturnType<typeof part>>;

/** Fetches the code that reads presence while the page is idle. */
export const peopleParts = { part } as const;

export class People {
  #part = $state.raw<Part | null>(null);
  #session: BoardSession;
  #me: Me;
  #subscribe: () => void;
  /** By user id, made again when the list has changed. */
  #byId = $derived.by(() => new Map(this.list.map((person) => [person.userId, person])));

  constructor(session: BoardSession, me: Me) {
    this.#session = session;
    this.#me = me;
    this.#subscribe = createSubscriber((update) => {
      const part = this.#part;
      if (part === null) return;
      const listed = new part.ListedParts();
      const stops = [
        session.onPresence((changed) => {
          if (listed.take(changed, session.room.awareness.getStates())) update();
        }),
        session.onReplaced(() => {
          listed.clear();
          update();
        }),
      ];
      return () => stops.forEach((stop) => stop());
    });
  }
  /**
   * Begins to read the presence of others, once its code is there.
   *
   * @param use Called with the code, unless it has been stopped by then. @returns How to stop what it has started.
   */
  begin(use: (part: Part) => () => void): () => void {
    let stop = (): void => undefined;
    const cancel = fetchInTime(part, (found) => {
      this.take(found);
      stop = use(found);
    });
    return () => {
      cancel();
      stop();
    };
  }
  /** The code that reads presence is there. */
  take(found: Part): void {
    this.#part = found;
  }
  /** False until the code that reads presence is there: the list is empty. */
  get areKnown(): boolean {
    return this.#part !== null;
  }
  /** Read again when what the list shows has changed. */
  watch(): void {
    if (this.#part !== null) this.#subscribe();
  }
  /** Me first, then raised hands, then by name. */
  get list(): Participant[] {
    this.watch();
    const states = (): ReadonlyMap<number, unknown> => this.#session.room.awareness.getStates();
    return this.#part?.participantsOf(states(), { id: this.myId, name: this.#myName }) ?? [];
  }
  /** Null for a user who is not here. */
  nameOf(userId: string): string | null {
    return this.find(userId)?.name ?? null;
  }
  /** Undefined for a user who is not here. */
  find(userId: string): Participant | undefined {
    return this.#byId.get(userId);
  }
  /** Somebody else is editing a picture, or has a text open. */
  get areEditing(): boolean {
    return this.list.some(({ isMe, pictures, texts }) => !isMe && pictures.length + texts.length > 0);
  }
  /** My user id. */
  get myId(): string {
    return this.#session.me.id;
  }
  /** Others see my name as it is now. Run it in an effect. */
  announceMyName(): void {
    this.#session.rename(this.#myName);
  }
  /** Others see which picture I am editing; null for none. */
  announcePicture(picture: string | null): void {
    this.#session.announce({ picture });
  }
  /** Null for a client that is not here. */
  nameOfClient(clientId: number): string | null {
    return this.#part?.parsePresence(this.#session.room.awareness.getStates().get(clientId), clientId)?.user.name ?? null;
  }
  rename(name: string): void {
    this.#session.rename(this.#me.rename(name));
  }

  /** Name of the person who opened the board, also when they are signed out meanwhile. */
  get #myName(): string {
    return this.#me.id === this.myId ? this.#me.name : this.#session.me.name;
  }
}
