/** The people here, for the list and the avatars. Painted again for a name or typing, never for a moving cursor. */
import { createSubscriber } from 'svelte/reactivity';
import { ListedParts, participantsOf, type Participant } from '../core/participants.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Me } from './me.svelte.ts';

export class People {
  #session: BoardSession;
  #me: Me;
  #subscribe: () => void;

  constructor(session: BoardSession, me: Me) {
    this.#session = session;
    this.#me = me;
    this.#subscribe = createSubscriber((update) => {
      const listed = new ListedParts();
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
  /** Me first, then by name. */
  get list(): Participant[] {
    this.#subscribe();
    return participantsOf(this.#session.room.awareness.getStates(), { id: this.#me.id, name: this.#me.name });
  }
  /** My user id. */
  get myId(): string {
    return this.#session.me.id;
  }
  /** Others see my name as it is now. Run it in an effect. */
  announceMyName(): void {
    this.#session.rename(this.#me.name);
  }
  rename(name: string): void {
    this.#session.rename(this.#me.rename(name));
  }
}
