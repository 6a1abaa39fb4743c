/** How drags on the board snap and select, and what is shown beside it, kept on the device. All are off at first. */
import type { KeyValue } from '../core/key-value.ts';

const keys = {
  /** Drags snap to the edges and middles of other elements. */
  doesSnap: 'wetink.snap',
  /** The grid is shown, and drags snap to it. */
  hasGrid: 'wetink.grid',
  /** A drag on paper selects with a loop in place of a box. */
  isLasso: 'wetink.lasso',
  /** Box and loop select only what they contain. */
  isContaining: 'wetink.contain',
  /** The map of the board is shown. */
  hasMap: 'wetink.map',
  /** Pictures of the board show its paper. */
  hasPaper: 'wetink.paper',
  /** The style panel is a pill, so that it covers less of the board. */
  isStyleFolded: 'wetink.style-folded',
} as const;
export type ChoiceName = keyof typeof keys;
const names = Object.keys(keys) as ChoiceName[];

export class Choices {
  #facts: KeyValue;
  #on = $state<Partial<Record<ChoiceName, boolean>>>({});

  constructor(facts: KeyValue) {
    this.#facts = facts;
    for (const name of names) this.#on[name] = facts.read(keys[name]) === true;
  }
  isOn(name: ChoiceName): boolean {
    return this.#on[name] === true;
  }
  set(name: ChoiceName, isOn: boolean): void {
    this.#on[name] = isOn;
    this.#facts.write(keys[name], isOn);
  }
}
