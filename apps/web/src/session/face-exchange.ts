/**
 * Pictures that people chose of themselves, from browser to browser by presence.
 *
 *     face       the name of my picture, 16 characters; in every state of mine
 *     wants      names of pictures that are on my screen and whose bytes I lack, four at most
 *     faceBytes  the bytes of my picture, once another client wants them, while my pointer rests
 *
 * A presence state is sent whole with every move of a pointer, so the bytes are in it only for a moment: from a time when the
 * pointer rests until nobody here wants them any more, the pointer moves (session-presence.ts takes them out), or 5 s have
 * passed. A picture that no screen shows is not sent, and a relay keeps none.
 */
import { keptFace, readFace, textOfFace, type Face } from '../core/face.ts';
import { parsePresence } from '../core/participants.ts';
import { WANTS_MAX } from '../core/presence-parts.ts';
import type { BoardSession } from './board-session.ts';

/** A pointer rests when it has not moved for this long, ms: the pause between two strokes. */
export const REST_MS = 400;
/** Bytes stay in my state for this long at most, ms: also those on a slow network have them by then. */
export const GIVE_MS = 5_000;
/** From one giving to the next, ms: a client that can't be satisfied makes nobody send all the time. */
export const AGAIN_MS = 6_000;
/** Faces that appear together are one message, ms. */
const GATHER_MS = 80;
/** An owner who draws without a pause does not answer: after this time the next ones are asked, ms. */
const PATIENCE_MS = 8_000;
/** Faces in memory, at most 4 KB each. Those on the screen stay in any case. */
export const KEPT_MAX = 100;

export interface FacePorts {
  readonly session: Pick<BoardSession, 'announce' | 'onPresence' | 'onReplaced' | 'room'>;
  now(): number;
  schedule(run: () => void, delayMs: number): () => void;
}

export class FaceExchange {
  readonly #ports: FacePorts;
  readonly #stops: readonly (() => void)[];
  readonly #timers = new Map<'give' | 'stop' | 'ask' | 'turn', () => void>();
  #mine: Face | null = null;
  /** Clients that want my picture. */
  readonly #askers = new Set<number>();
  #isGiving = false;
  #gaveAt = -Infinity;
  #cursor = '';
  #movedAt = -Infinity;
  /** Faces on the screen, in the order in which they are asked for, with those who show them. */
  readonly #shown = new Map<string, Set<() => void>>();
  readonly #urls = new Map<string, string>();
  #wants: readonly string[] = [];

  constructor(ports: FacePorts) {
    const { session } = ports;
    this.#ports = ports;
    this.#stops = [
      session.onPresence((changed) => this.#take(changed)),
      session.onReplaced(() => {
        this.#askers.clear();
        this.#noteNotGiving();
      }),
    ];
    this.#take([...session.room.awareness.getStates().keys()]);
  }

  /** Others learn that this is my picture. @param url `data:` address; null: none. */
  setMine(url: string | null): void {
    const face = url === null ? null : keptFace(url);
    if (face?.id === this.#mine?.id) return;
    this.#mine = face;
    this.#askers.clear();
    this.#noteNotGiving();
    this.#ports.session.announce({ face: face?.id, faceBytes: undefined });
  }

  /** Address of a face that is here. */
  urlOf(id: string): string | null {
    return this.#urls.get(id) ?? null;
  }

  /** A face is on the screen. @param onCame Called when `urlOf` has it. @returns Call it when the face is gone from the screen. */
  show(id: string, onCame: () => void): () => void {
    const shown = this.#shown.get(id) ?? new Set();
    this.#shown.set(id, shown.add(onCame));
    this.#soon('ask', GATHER_MS, () => this.#ask());
    return () => {
      shown.delete(onCame);
      if (shown.size > 0 || this.#shown.get(id) !== shown) return;
      this.#shown.delete(id);
      this.#soon('ask', GATHER_MS, () => this.#ask());
    };
  }

  /** Idempotent. */
  close(): void {
    for (const stop of this.#stops) stop();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #take(changed: readonly number[]): void {
    const { awareness } = this.#ports.session.room;
    for (const clientId of changed) {
      const presence = parsePresence(awareness.getStates().get(clientId), clientId);
      if (clientId === awareness.clientID) {
        const cursor = JSON.stringify(presence?.cursor ?? null);
        if (cursor !== this.#cursor) this.#movedAt = this.#ports.now();
        this.#cursor = cursor;
        if (presence?.faceBytes === undefined) this.#noteNotGiving();
        continue;
      }
      if (this.#mine !== null && presence?.wants?.includes(this.#mine.id) === true) this.#askers.add(clientId);
      else this.#askers.delete(clientId);
      if (presence?.face !== undefined && presence.faceBytes !== undefined) this.#receive(presence.face, presence.faceBytes);
    }
    this.#give();
  }

  #receive(id: string, text: string): void {
    const shown = this.#shown.get(id);
    if (shown === undefined || this.#urls.has(id)) return;
    const face = readFace(text);
    // Bytes with another name: anyone can send those, and the owner's own may still come.
    if (face === null || face.id !== id) return;
    this.#urls.set(id, face.url);
    for (const kept of this.#urls.keys()) {
      if (this.#urls.size <= KEPT_MAX) break;
      if (!this.#shown.has(kept)) this.#urls.delete(kept);
    }
    shown.forEach((tell) => tell());
    this.#soon('ask', GATHER_MS, () => this.#ask());
  }

  /** Puts my bytes into my state when somebody wants them and my pointer rests, and takes them out when nobody does. */
  #give(): void {
    const mine = this.#mine;
    if (mine === null || this.#askers.size === 0) return this.#stopGiving();
    if (this.#isGiving) return;
    const now = this.#ports.now();
    const waitMs = Math.max(this.#movedAt + REST_MS, this.#gaveAt + AGAIN_MS) - now;
    // A page in the background is late with timers, so it gives at once.
    if (waitMs > 0) return this.#soon('give', waitMs, () => this.#give());
    this.#isGiving = true;
    this.#gaveAt = now;
    this.#ports.session.announce({ faceBytes: textOfFace(mine.url) });
    this.#soon('stop', GIVE_MS, () => {
      this.#stopGiving();
      this.#give();
    });
  }
  #stopGiving(): void {
    if (!this.#isGiving) return;
    this.#noteNotGiving();
    this.#ports.session.announce({ faceBytes: undefined });
  }
  #noteNotGiving(): void {
    this.#cancel('stop');
    this.#isGiving = false;
  }

  #ask(): void {
    const lacking = [...this.#shown.keys()].filter((id) => !this.#urls.has(id));
    const wants = lacking.slice(0, WANTS_MAX);
    if (wants.join() !== this.#wants.join()) {
      this.#wants = wants;
      this.#ports.session.announce({ wants: wants.length === 0 ? undefined : wants });
    }
    this.#cancel('turn');
    if (lacking.length > wants.length) this.#soon('turn', PATIENCE_MS, () => this.#takeTurns(wants));
  }
  /** Those who did not answer are asked again after the others. */
  #takeTurns(unanswered: readonly string[]): void {
    for (const id of unanswered) {
      const shown = this.#shown.get(id);
      if (shown === undefined) continue;
      this.#shown.delete(id);
      this.#shown.set(id, shown);
    }
    this.#ask();
  }

  /** Runs once after the time; a second call before that changes nothing. */
  #soon(name: 'give' | 'stop' | 'ask' | 'turn', delayMs: number, run: () => void): void {
    if (this.#timers.has(name)) return;
    this.#timers.set(
      name,
      this.#ports.schedule(() => {
        this.#timers.delete(name);
        run();
      }, delayMs),
    );
  }
  #cancel(name: 'give' | 'stop' | 'ask' | 'turn'): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
