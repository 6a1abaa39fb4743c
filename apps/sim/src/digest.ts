/** Equal for equal documents, tombstones included: covers state vector, delete set and content. */

import * as Y from 'yjs';

export function digestOf(doc: Y.Doc): string {
  const { sv, ds } = Y.snapshot(doc);
  const clocks = [...sv].filter(([, clock]) => clock > 0).sort(([a], [b]) => a - b);
  const deleted = [...ds.clients]
    .map(([client, ranges]): [number, string] => [client, ranges.map(({ clock, len }) => `${clock}+${len}`).join(' ')])
    .filter(([, ranges]) => ranges !== '')
    .sort(([a], [b]) => a - b);
  return JSON.stringify([clocks, deleted, contentOf(doc)]);
}

/** The content of every root type that an edit may write. */
export function contentOf(doc: Y.Doc): unknown {
  const tokens = [...doc.getMap('tokens').keys()].sort();
  const bag = [...doc.getMap('bag').keys()].sort();
  const board = Object.entries(doc.getMap('board').toJSON()).sort(([a], [b]) => (a < b ? -1 : 1));
  return [tokens, bag, board, doc.getArray('list').toJSON(), doc.getText('text').toJSON()];
}
