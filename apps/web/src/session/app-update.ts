/**
 * When this page reloads into a new version of the app. Two ways lead there: the person asks for it here, or another tab has
 * started it, and then this page runs code whose files are going away. Neither may cost anybody a stroke or a word, so while
 * a reload is due the page is looked at a few times a second, and it reloads at the first moment that nothing holds it.
 */
import { firstHold, type Hold, type UpdateStep } from '../core/update-sentence.ts';

export interface AppUpdatePorts {
  /** Lets the version that waits take over. @returns False when none waits. */
  activate(): boolean;
  reload(): void;
  /** What a reload would lose or interrupt at this moment. */
  holds(): ReadonlySet<Hold>;
  /** How long the person has not touched anything, in milliseconds; for a page that nobody sees, Infinity. */
  idleMs(): number;
  schedule(run: () => void, delayMs: number): () => void;
  onChange(): void;
}

/** Soon enough to seem at once, rare enough to cost nothing. */
const LOOK_MS = 250;
/** A pause that is no pause between two strokes or two words. */
const PAUSE_MS = 2_000;
/** A browser that has not let the new version take over by now waits for something of its own: reloading ends that. */
const TAKEOVER_MS = 5_000;

export class AppUpdate {
  readonly #ports: AppUpdatePorts;
  #step: UpdateStep = 'none';
  #hold: Hold | null = null;
  /** It runs: a reload gets it. */
  #isTaken = false;
  #isTakingOver = false;
  #isReloading = false;
  #cancel: (() => void) | null = null;

  constructor(ports: AppUpdatePorts) {
    this.#ports = ports;
  }
  get step(): UpdateStep {
    return this.#step;
  }
  /** What the reload waits for; null: nothing, or none is due. */
  get hold(): Hold | null {
    return this.#hold;
  }

  /** A new version is installed and waits. */
  found(): void {
    if (this.#step === 'none') this.#become('ready');
  }
  /** The new version runs, whichever tab wanted it. */
  tookOver(): void {
    this.#isTaken = true;
    if (this.#step !== 'asked') this.#become('taken');
    this.#look();
  }
  /** The person wants it now. */
  ask(): void {
    this.#become('asked');
    this.#look();
  }

  #look(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#isReloading || (this.#step !== 'asked' && this.#step !== 'taken')) return;
    const hold = firstHold(this.#step, this.#ports.holds());
    if (hold !== this.#hold) {
      this.#hold = hold;
      this.#ports.onChange();
    }
    const isFree = hold === null && (this.#step === 'asked' || this.#ports.idleMs() >= PAUSE_MS);
    if (!isFree) this.#cancel = this.#ports.schedule(() => this.#look(), LOOK_MS);
    else if (this.#isTaken || this.#isTakingOver || !this.#ports.activate()) this.#reload();
    else {
      this.#isTakingOver = true;
      this.#cancel = this.#ports.schedule(() => this.#look(), TAKEOVER_MS);
    }
  }
  #reload(): void {
    this.#isReloading = true;
    this.#ports.reload();
  }
  #become(step: UpdateStep): void {
    this.#step = step;
    this.#ports.onChange();
  }
}
