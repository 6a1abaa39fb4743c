/**
 * Cuts one large Yjs update (V1) into many small ones that say the same when they are applied in order.
 *
 * Yjs applies an update in one piece, and 100,000 strokes take it seconds. The structs of an update stand one after the
 * other and each can be read alone, so a run of them with a head of its own is an update again. What a struct builds on
 * has to come before it: within one client that is the order of the clocks, and a struct that builds on another
 * client's begins a new run, which waits for the run that has it.
 *
 *     client 9: [ run ][ run, builds on 4:120 ]        9 | 4 | 9 …    deletions, cut the same way, come last
 *     client 4: [ run, of which 120 is one    ]
 */
import { createEncoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding';
import type { Deletion, Id, Run, UpdateWalk } from './update-walk.ts';

/** Bytes of a slice. Integrating 128 kB of strokes takes about 2 ms, and showing them about twice that. */
export const SLICE_BYTES = 128 * 1024;
/** Deletions in a slice: 4 µs each. */
const SLICE_DELETIONS = 1_000;

/**
 * @param walk At its end.
 * @returns Null when the update can't be cut: it has holes, or its parts wait for each other. A slice is made when it is
 *   taken.
 */
export function cutUpdate(walk: UpdateWalk, sliceBytes = SLICE_BYTES): Iterable<Uint8Array> | null {
  const order = orderRuns(walk);
  return order === null ? null : slicesOf(walk, order, sliceBytes);
}

function* slicesOf({ update, deletions }: UpdateWalk, order: readonly Run[], sliceBytes: number): Iterable<Uint8Array> {
  let slice: Run[] = [];
  let bytes = 0;
  for (const run of order) {
    slice.push(run);
    bytes += run.end - run.begin;
    if (bytes < sliceBytes) continue;
    yield encodeRuns(update, slice);
    slice = [];
    bytes = 0;
  }
  if (slice.length > 0) yield encodeRuns(update, slice);
  const atOnce = (SLICE_DELETIONS * sliceBytes) / SLICE_BYTES;
  for (let from = 0; from < deletions.length; from += atOnce) {
    yield encodeDeletions(deletions.slice(from, from + atOnce));
  }
}

/** All runs, each after those it builds on; null when there is no such order. */
function orderRuns({ runs, hasHole }: UpdateWalk): Run[] | null {
  if (hasHole) return null;
  const order: Run[] = [];
  const taken = new Map<number, number>();
  const next = (client: number): Run | undefined => runs.get(client)?.[taken.get(client) ?? 0];
  const isMissing = ({ client, clock }: Id): boolean => (next(client)?.clock ?? Infinity) <= clock;
  for (const client of runs.keys()) {
    while (next(client) !== undefined) {
      const waiting = [client];
      for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
        const run = next(top) as Run;
        const missing = run.after.find(isMissing);
        if (missing === undefined) {
          order.push(run);
          taken.set(top, (taken.get(top) ?? 0) + 1);
          waiting.pop();
        } else if (waiting.includes(missing.client)) {
          return null;
        } else {
          waiting.push(missing.client);
        }
      }
    }
  }
  return order;
}

function encodeRuns(update: Uint8Array, slice: readonly Run[]): Uint8Array {
  const encoder = createEncoder();
  const clients = byClient(slice);
  writeVarUint(encoder, clients.size);
  for (const [client, runs] of clients) {
    writeVarUint(
      encoder,
      runs.reduce((sum, run) => sum + run.structs, 0),
    );
    writeVarUint(encoder, client);
    writeVarUint(encoder, (runs[0] as Run).clock);
    for (const { begin, end } of runs) writeUint8Array(encoder, update.subarray(begin, end));
  }
  writeVarUint(encoder, 0);
  return toUint8Array(encoder);
}

function encodeDeletions(deletions: readonly Deletion[]): Uint8Array {
  const encoder = createEncoder();
  const clients = byClient(deletions);
  writeVarUint(encoder, 0);
  writeVarUint(encoder, clients.size);
  for (const [client, ranges] of clients) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, ranges.length);
    for (const { clock, length } of ranges) {
      writeVarUint(encoder, clock);
      writeVarUint(encoder, length);
    }
  }
  return toUint8Array(encoder);
}

function byClient<Part extends { client: number }>(parts: readonly Part[]): Map<number, Part[]> {
  const clients = new Map<number, Part[]>();
  for (const part of parts) {
    const own = clients.get(part.client);
    if (own === undefined) clients.set(part.client, [part]);
    else own.push(part);
  }
  return clients;
}
