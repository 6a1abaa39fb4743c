/**
 * The author of each typed character, recorded beside the boards: every character typed in a test is unique. A character
 * stays for ever, unless an edit deleted it or its author undid typing it.
 */
import type * as Y from 'yjs';
import { textRoot } from '../document/roots.ts';
import { readAllText } from '../text/text-content.ts';
import type { ElementId } from '../types.ts';

interface Letter {
  readonly author: number;
  readonly id: ElementId;
  /** An edit deleted it, or its author undid it: it may be missing, or present once or several times. */
  isFree: boolean;
  /** Its author undid the typing on a page that could not remove it: it stays, but no longer protects the text. */
  isReleased: boolean;
}

export class TypingOracle {
  readonly #letters = new Map<string, Letter>();
  /** Next unused character, from a block without surrogate pairs. */
  #next = 0x4e00;

  mint(author: number, id: ElementId): string {
    const letter = String.fromCharCode(this.#next++);
    this.#letters.set(letter, { author, id, isFree: false, isReleased: false });
    return letter;
  }

  deleted(letters: string): void {
    for (const letter of letters) this.#free(letter);
  }

  release(author: number, ids: Iterable<ElementId>): void {
    const among = new Set(ids);
    for (const letter of this.#letters.values()) if (letter.author === author && among.has(letter.id)) letter.isReleased = true;
  }

  texts(doc: Y.Doc): Map<ElementId, string> {
    const ids = new Set([...this.#letters.values()].map(({ id }) => id));
    return new Map([...ids].map((id) => [id, readAllText(textRoot(doc, id))]));
  }

  /** Throws if an undo or redo of `author`, inside a box or outside, removed a character that another person typed. */
  checkTaken(way: string, author: number, before: ReadonlyMap<ElementId, string>, after: ReadonlyMap<ElementId, string>): void {
    for (const [id, text] of before) {
      for (const letter of text) {
        if (after.get(id)?.includes(letter) === true) continue;
        const typed = this.#letters.get(letter);
        if (typed === undefined) continue;
        // A redo may delete characters again that its author had deleted.
        if (typed.author !== author && !(way === 'redo' && typed.isFree)) {
          throw new Error(`P2 ${way} by ${author} took away what ${typed.author} typed`);
        }
        typed.isFree = true;
      }
    }
  }

  /** People other than `author` with characters in a text that protect it. */
  othersIn(id: ElementId, text: string, author: number): number[] {
    const others = new Set<number>();
    for (const letter of text) {
      const typed = this.#letters.get(letter);
      if (typed?.id === id && typed.author !== author && !typed.isFree && !typed.isReleased) others.add(typed.author);
    }
    return [...others];
  }

  /** Throws if a character is missing. Call when all updates have arrived on all devices. */
  checkKept(texts: ReadonlyMap<ElementId, string>): void {
    for (const [letter, { author, id, isFree }] of this.#letters) {
      if (!isFree && texts.get(id)?.includes(letter) !== true) throw new Error(`T1 what ${author} typed in ${id} is gone`);
    }
  }

  #free(letter: string): void {
    const typed = this.#letters.get(letter);
    if (typed !== undefined) typed.isFree = true;
  }
}
