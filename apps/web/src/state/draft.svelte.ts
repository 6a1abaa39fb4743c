/** A draft as a field shows it, see `core/drafts.ts`. */
import { followedDraft, readDraft, writeDraft } from '../core/drafts.ts';
import type { KeyValue } from '../core/key-value.ts';

export class Draft {
  #facts: KeyValue;
  #key: string;
  #text = $state('');

  /** @param facts The device's, or the tab's for a draft that is useless on another day. */
  constructor(facts: KeyValue, name: string) {
    this.#facts = facts;
    this.#key = `wetink.draft.${name}`;
    this.#text = readDraft(facts, this.#key);
  }
  /** '' for none. */
  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
    writeDraft(this.#facts, this.#key, text);
  }
  /** Another tab has written to the device. */
  follow(event: StorageEvent): void {
    this.#text = followedDraft(this.#text, this.#key, event);
  }
}
