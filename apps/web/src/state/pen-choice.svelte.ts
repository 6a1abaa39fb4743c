/** How the pen draws, beside its style: read from the device, and written to it. */
import type { PenChoice } from '@wetink/canvas';
import { readPenChoice, writePenChoice } from '../core/pen-choice.ts';
import type { KeyValue } from '../core/key-value.ts';

export class PenChoices {
  #facts: KeyValue;
  #choice = $state.raw<PenChoice>({ steadiness: 'off', isConstant: false, doesShape: true });

  constructor(facts: KeyValue) {
    this.#facts = facts;
    this.#choice = readPenChoice(facts);
  }
  get choice(): PenChoice {
    return this.#choice;
  }
  choose(patch: Partial<PenChoice>): void {
    this.#choice = { ...this.#choice, ...patch };
    writePenChoice(this.#facts, this.#choice);
  }
}
