/** The keys of actions as this person has them, kept on the device. */
import type { KeyValue } from '../core/key-value.ts';
import { parseOwnKeys, withOwnKeys, type OwnKeys } from '../core/own-keys.ts';
import type { Action, Keys } from '../core/shortcuts.ts';

const OWN_KEYS = 'wetink.keys';

export class OwnKeysState {
  #facts: KeyValue;
  #own = $state.raw<OwnKeys>({});
  readonly #keys = $derived(withOwnKeys(this.#own));

  constructor(facts: KeyValue) {
    this.#facts = facts;
    this.#own = parseOwnKeys(facts.read(OWN_KEYS));
  }
  /** The keys in use. */
  get keys(): Keys {
    return this.#keys;
  }
  chordsFor(action: Action): readonly string[] {
    return this.#keys.chordsFor(action);
  }
  /** Those that differ from the table. */
  get own(): OwnKeys {
    return this.#own;
  }
  set own(own: OwnKeys) {
    this.#own = own;
    if (Object.keys(own).length === 0) this.#facts.remove(OWN_KEYS);
    else this.#facts.write(OWN_KEYS, own);
  }
}
