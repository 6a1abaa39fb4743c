/**
 * Edits that came from other tabs and are not known to be on the device. The tab that made one writes it at once and
 * says so. Without that message the tab may be gone, or its storage fails, so this tab writes what it shows.
 */
import * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import type { Environment } from './environment.ts';
import { raise, type Counters, type Ledger } from './ledger.ts';

/** Many times what a write takes, and less than a person takes to read the status. */
export const SPARE_MS = 250;

export interface SpareEditsOptions {
  environment: Environment;
  ledger: Ledger;
  write(update: Uint8Array, covers: Counters): void;
}

export class SpareEdits {
  readonly #options: SpareEditsOptions;
  readonly #alarm: Alarm;
  #edits: { update: Uint8Array; covers: Counters }[] = [];

  constructor(options: SpareEditsOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.environment, () => this.write());
  }

  add(update: Uint8Array, covers: Counters): void {
    if (this.#isKept(covers)) return;
    this.#edits.push({ update, covers });
    // Not all tabs at once: the first that writes tells the others.
    this.#alarm.within(SPARE_MS * (1 + this.#options.environment.random()));
  }

  /** A tab has reported a completed write. */
  heard(): void {
    this.#edits = this.#edits.filter(({ covers }) => !this.#isKept(covers));
    if (this.#edits.length === 0) this.#alarm.stop();
  }

  /** The document was given up. */
  forget(): void {
    this.#edits = [];
    this.#alarm.stop();
  }

  #isKept(covers: Counters): boolean {
    return [...covers].every(([tab, number]) => number <= this.#options.ledger.kept(tab));
  }

  /** Called also when this page goes: perhaps no other tab is left to write them. */
  write(): void {
    this.#alarm.stop();
    const edits = this.#edits;
    this.#edits = [];
    if (edits.length === 0) return;
    const all = new Map<string, number>();
    for (const { covers } of edits) for (const [tab, number] of covers) raise(all, tab, number);
    this.#options.write(Y.mergeUpdates(edits.map(({ update }) => update)), all);
  }
}
