/** Who is here, for the list and the avatars. Painted again for a name or typing, never for a moving cursor. */
import { createSubscriber } from 'svelte/reactivity';
import { listedPart, participantsOf, type Participant } from '../core/participants.ts';
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
      const shown = new Map<number, string>();
      return session.onPresence((changed) => {
        const states = session.room.awareness.getStates();
        let isDifferent = changed.length === 0;
        for (const clientId of changed) {
          const part = listedPart(states.get(clientId), clientId);
          if (shown.get(clientId) === part) continue;
          isDifferent = true;
          if (part === '') shown.delete(clientId);
          else shown.set(clientId, part);
        }
        if (isDifferent) update();
      });
    });
  }
  /** Me first, then by name. */
  get list(): Participant[] {
    this.#subscribe();
    return participantsOf(this.#session.room.awareness.getStates(), { id: this.#me.id, name: this.#me.name });
  }
  rename(name: string): void {
    this.#session.rename(this.#me.rename(name));
  }
}
