/**
 * Asks me whether to follow a person who presents: once for each presentation, one question at a time, and not more often
 * than a calm person would ask. A question is withdrawn when its presentation ends.
 */
import * as m from '$words/invitations';
import { parsePresence } from '../core/participants.ts';
import { nameInSentence } from '../core/sentences.ts';
import type { BoardSession } from './board-session.ts';

/** Between two questions of one person. */
export const ASK_EVERY_MS = 30_000;
/** Between two questions of different people. */
export const PAUSE_MS = 5_000;

export interface InvitationOptions {
  readonly session: Pick<BoardSession, 'room' | 'me' | 'onPresence'>;
  readonly toasts: { ask(text: string, action: { label: string; run: () => void }): number; dismiss(id: number): void };
  readonly now: () => number;
  readonly accept: (clientId: number, presentation: string) => void;
}

export class Invitations {
  readonly #options: InvitationOptions;
  /** The last presentation that each person asked me to. */
  readonly #lastByUser = new Map<string, { readonly id: string; readonly at: number }>();
  #asked: { readonly clientId: number; readonly id: string; readonly toast: number } | null = null;
  #askedAt = -Infinity;
  readonly #stop: () => void;

  constructor(options: InvitationOptions) {
    this.#options = options;
    this.#stop = options.session.onPresence(() => this.#look());
    this.#look();
  }
  close(): void {
    this.#stop();
    this.#withdraw();
  }

  #look(): void {
    const states = this.#options.session.room.awareness.getStates();
    if (this.#asked !== null && this.#presentation(this.#asked.clientId)?.id !== this.#asked.id) this.#withdraw();
    for (const clientId of states.keys()) this.#consider(clientId);
  }
  #consider(clientId: number): void {
    const found = this.#presentation(clientId);
    if (found === null) return;
    const { id, userId, name } = found;
    const { toasts, now, accept } = this.#options;
    const last = this.#lastByUser.get(userId);
    const at = now();
    if (last?.id === id || at - (last?.at ?? -Infinity) < ASK_EVERY_MS || at - this.#askedAt < PAUSE_MS) return;
    this.#withdraw();
    this.#askedAt = at;
    this.#lastByUser.set(userId, { id, at });
    const run = (): void => accept(clientId, id);
    this.#asked = { clientId, id, toast: toasts.ask(m.asksEveryoneToFollow({ name: nameInSentence(name) }), { label: m.follow(), run }) };
  }
  #withdraw(): void {
    if (this.#asked !== null) this.#options.toasts.dismiss(this.#asked.toast);
    this.#asked = null;
  }
  #presentation(clientId: number): { id: string; userId: string; name: string } | null {
    const { session } = this.#options;
    const presence = parsePresence(session.room.awareness.getStates().get(clientId), clientId);
    if (presence?.presents === undefined || presence.user.id === session.me.id) return null;
    return { id: presence.presents, userId: presence.user.id, name: presence.user.name };
  }
}
