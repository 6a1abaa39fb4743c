/** The structs and deletions in some updates, as ranges of clocks per client. Pure. */

import * as Y from 'yjs';

export interface Coverage {
  /** True when every struct and deletion of `update` lies in the ranges, or before `stateOf` its client. */
  covers(update: Uint8Array, stateOf: (client: number) => number): boolean;
}

interface Range {
  client: number;
  from: number;
  /** Exclusive. */
  to: number;
}

/** @param updates Updates that Yjs can decode. */
export function coverageOf(updates: readonly Uint8Array[]): Coverage {
  const structs = new Map<number, Range[]>();
  const deletes = new Map<number, Range[]>();
  for (const update of updates) {
    const ranges = rangesOf(update);
    for (const range of ranges.structs) add(structs, range);
    for (const range of ranges.deletes) add(deletes, range);
  }
  for (const ranges of [...structs.values(), ...deletes.values()]) ranges.sort((a, b) => a.from - b.from);
  return {
    covers(update, stateOf) {
      const ranges = rangesOf(update);
      const isIn = (known: ReadonlyMap<number, Range[]>) => (range: Range) =>
        isCovered({ ...range, from: Math.max(range.from, Math.min(range.to, stateOf(range.client))) }, known.get(range.client) ?? []);
      return ranges.structs.every(isIn(structs)) && ranges.deletes.every(isIn(deletes));
    },
  };
}

function add(rangesByClient: Map<number, Range[]>, range: Range): void {
  const ranges = rangesByClient.get(range.client);
  if (ranges === undefined) rangesByClient.set(range.client, [range]);
  else ranges.push(range);
}

/** @param sorted By `from`; they may overlap. */
function isCovered({ from, to }: Range, sorted: readonly Range[]): boolean {
  let reached = from;
  for (const range of sorted) {
    if (reached >= to || range.from > reached) break;
    reached = Math.max(reached, range.to);
  }
  return reached >= to;
}

function rangesOf(update: Uint8Array): { structs: Range[]; deletes: Range[] } {
  const { structs, ds } = Y.decodeUpdate(update);
  return {
    // A struct that is neither stands for a gap.
    structs: structs.flatMap((struct) =>
      struct instanceof Y.Item || struct instanceof Y.GC
        ? [{ client: struct.id.client, from: struct.id.clock, to: struct.id.clock + struct.length }]
        : [],
    ),
    deletes: [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => ({ client, from: clock, to: clock + len }))),
  };
}
