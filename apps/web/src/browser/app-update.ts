/**
 * When this page reloads into a new version of the app. Either the person asks for it here, or another tab has started it,
 * and then this page runs code whose files are going away. Neither may cost a stroke or a word. So while a reload is due
 * the page is checked a few times a second, and it reloads at the first moment when nothing holds it.
 */
import { firstHold, type Hold, type UpdateStep } from '../core/update-sentence.ts';

export interface AppUpdatePorts {
  /** Lets the waiting version take over. @returns False when none waits. */
  activate(): boolean;
  reload(): void;
  /** Reasons to wait: things that a reload would lose or interrupt at this moment. */
  holds(): ReadonlySet<Hold>;
  /** Milliseconds since the person last touched anything; Infinity for a hidden page. */
  idleMs(): number;
  schedule(run: () => void, delayMs: number): () => void;
  onChange(): void;
}

/** Soon enough to seem at once, rare enough to cost nothing. */
const LOOK_MS = 250;
/** Longer than the pause between two strokes or two words. */
const PAUSE_MS = 2_000;
/** After this time the browser is waiting for something of its own before the new version takes over: a reload ends that. */
const TAKEOVER_MS = 5_000;

export class AppUpdate {
  readonly #ports: AppUpdatePorts;
  #step: UpdateStep = 'none';
  #hold: Hold | null = null;
  /** The new version runs: a reload gets it. */
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
  /** The reason why a due reload waits; null: there is none, or no reload is due. */
  get hold(): Hold | null {
    return this.#hold;
  }

  /** A new version is installed and waits. */
  found(): void {
    if (this.#step === 'none') this.#become('ready');
  }
  /** The new version runs, whichever tab asked for it. */
  tookOver(): void {
    this.#isTaken = true;
    if (this.#step !== 'asked') this.#become('taken');
    this.#look();
  }
  /** The person asks for it now. */
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
