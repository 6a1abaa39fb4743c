/**
 * Lets Yjs find the root type of an entry in one step. For each map entry that Yjs encodes, it searches for the name of
 * the entry's root type in `type.doc.share.entries()`, from the first to the last (`findRootTypeKey`): 100,000 entries of
 * a map behind 5,000 others took 8.6 s, and 20,000 entries spread over 5,000 types 0.9 s. Here the type whose `doc` was
 * read last comes first: Yjs reads it just before it searches, so that is the type it searches for.
 *
 * Relies on how Yjs 13.6 searches; the test counts the steps, so that another version cannot undo this unnoticed.
 */

import type { Doc } from 'yjs';

type RootType = Doc['share'] extends Map<string, infer Type> ? Type : never;

class RootTypes extends Map<string, RootType> {
  #asked: [string, RootType] | null = null;

  override set(name: string, type: RootType): this {
    let { doc } = type;
    Object.defineProperty(type, 'doc', {
      configurable: true,
      enumerable: true,
      get: () => {
        this.#asked = [name, type];
        return doc;
      },
      set: (value: Doc | null) => (doc = value),
    });
    return super.set(name, type);
  }

  /** Like a Map's, but the type asked for last comes first as well as in its place. */
  override *entries(): MapIterator<[string, RootType]> {
    if (this.#asked !== null) yield this.#asked;
    yield* super.entries();
  }
}

/** @param doc A document that has no root types yet. */
export function findRootTypesAtOnce(doc: Doc): void {
  doc.share = new RootTypes();
}
