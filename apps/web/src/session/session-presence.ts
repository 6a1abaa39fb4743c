/**
 * Presence on an open board: mine, which I announce, and the changes of everybody's.
 *
 * A hidden page announces that it is hidden, its person's picture, a new name and another role; other changes when it is seen again.
 * (`sync` repeats the state every 10 s meanwhile, so that other clients do not count it as gone.)
 */
import type { Room } from '@wetink/sync';
import type { PresenceState } from '../core/participants.ts';
import { withoutGaps } from '../core/own-presence.ts';
import type { PresenceParts } from '../core/presence-parts.ts';
import { Listeners } from './listeners.ts';

/** The part of my presence that outlives a replaced document; the rest belongs to one document. */
export type Doing = Pick<PresenceState, 'cursor' | 'tool' | 'isTyping'> & {
  readonly picture: string | null;
} & { readonly [Part in keyof PresenceParts]: PresenceParts[Part] | undefined };
type AwarenessChange = { added: number[]; updated: number[]; removed: number[] };

export class SessionPresence {
  readonly #changed = new Listeners<[changed: readonly number[]]>();
  #me: { readonly id: string; readonly name: string };
  #doing: Doing = { cursor: null, tool: 'select', isTyping: false, picture: null };
  #isViewer = false;
  /** Where it is announced; null once the board is closed. */
  #place: { readonly awareness: Room['awareness']; readonly session: string } | null = null;
  readonly #onAwareness = ({ added, updated, removed }: AwarenessChange): void => this.tell([...added, ...updated, ...removed]);

  constructor(me: { id: string; name: string }) {
    this.#me = { ...me };
  }
  get me(): { readonly id: string; readonly name: string } {
    return this.#me;
  }
  /** @param session Id of this page's instance of the document. */
  enter({ awareness, role }: Pick<Room, 'awareness' | 'role'>, session: string): void {
    this.#place = { awareness, session };
    this.#isViewer = role === 'viewer';
    this.#announce();
    awareness.on('change', this.#onAwareness);
  }
  leave(): void {
    this.#place?.awareness.off('change', this.#onAwareness);
    this.#place = null;
  }
  announce(change: Partial<Doing>): void {
    if (this.#place === null) return;
    const wasAway = this.#doing.rest === 'away';
    // A picture's bytes never travel with a moving pointer.
    this.#doing = { ...this.#doing, ...('cursor' in change ? { faceBytes: undefined } : {}), ...change };
    // A person who is away is still seen.
    const isOfFace = 'face' in change || 'faceBytes' in change;
    if (!wasAway || this.#doing.rest !== 'away' || isOfFace) this.#announce();
  }
  rename(name: string): void {
    this.#me = { ...this.#me, name };
    this.#announce();
  }
  /** Shows my role in the others' list of people. */
  showRole(role: Room['role']): void {
    const isViewer = role === 'viewer';
    if (isViewer === this.#isViewer) return;
    this.#isViewer = isViewer;
    this.#announce();
  }
  onChange(callback: (changed: readonly number[]) => void): () => void {
    return this.#changed.add(callback);
  }
  tell(changed: readonly number[]): void {
    this.#changed.tell(changed);
  }

  #announce(): void {
    if (this.#place === null) return;
    const { awareness, session } = this.#place;
    const { cursor, tool, isTyping, picture, ...parts } = this.#doing;
    const isAway = parts.rest === 'away';
    const state: PresenceState = {
      session,
      user: { ...this.#me },
      cursor: isAway ? null : cursor,
      tool,
      isTyping: isTyping && !isAway,
      ...withoutGaps<PresenceParts>(
        isAway ? { ...parts, writes: undefined, said: undefined, reactions: undefined, wants: undefined } : parts,
      ),
      ...(this.#isViewer ? { isViewer: true } : {}),
      ...(picture === null ? {} : { picture }),
    };
    awareness.setLocalState(state);
  }
}
