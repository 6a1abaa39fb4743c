import { elementId, mintSession } from './keys.ts';
import type { ElementId, SessionId } from '../types.ts';

/**
 * This page's session: its id, and the counters of the elements it makes. Once in ten million boards another page has
 * the same id; as long as this page has written nothing under it, it takes a new one. Later it gives the id up as soon as
 * an element of the session arrives that this page did not make, or a clear names one: that element was forged, and the
 * clear would already cover the elements that this page draws next.
 */
export class OwnSession {
  readonly #random: () => number;
  readonly #isTaken: (session: SessionId) => boolean;
  /** Lowest counter of a session that nothing in the document names. */
  readonly #unusedCounter: (session: SessionId) => number;
  #id: SessionId;
  #elements = 0;
  #gestures = 0;
  #messages = 0;
  #isClaimed = false;

  constructor(random: () => number, isTaken: (session: SessionId) => boolean, unusedCounter: (session: SessionId) => number) {
    this.#random = random;
    this.#isTaken = isTaken;
    this.#unusedCounter = unusedCounter;
    this.#id = mintSession(random);
    this.#avoidTaken();
  }

  get id(): SessionId {
    return this.#id;
  }

  /** The id to write under, fixed from now on. */
  claim(): SessionId {
    if (!this.#isClaimed) this.#avoidTaken();
    this.#isClaimed = true;
    return this.#id;
  }

  /** Called before each gesture, since its step and elements must belong to one session. */
  leaveForged(): void {
    if (!this.#isClaimed || this.#unusedCounter(this.#id) <= this.#elements) return;
    this.#isClaimed = false;
    this.#elements = 0;
    this.#id = mintSession(this.#random);
  }

  nextElement(): ElementId {
    return elementId(this.claim(), this.#elements++);
  }

  nextGesture(): string {
    return `${this.#id}.${this.#gestures++}`;
  }

  nextMessage(): string {
    return `${this.claim()}.${this.#messages++}`;
  }

  #avoidTaken(): void {
    // A random source that only repeats itself must not hang the page.
    for (let tries = 0; tries < 100 && this.#isTaken(this.#id); tries++) this.#id = mintSession(this.#random);
  }
}
