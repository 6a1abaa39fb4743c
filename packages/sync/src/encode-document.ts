/**
 * A whole document as one Yjs update (V1), in turns: `Y.encodeStateAsUpdate` takes hundreds of milliseconds for 60 MB.
 *
 * The document may change between two turns. A struct is written as it is when its turn comes, together with whether it
 * is deleted; a change that came too late for its turn has a row of its own, or is one for the next time.
 */
import { createEncoder, length, toUint8Array, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import type { Pace } from './pace.ts';

/** Structs between two looks at the clock. */
const STRUCTS_AT_ONCE = 256;
/** Bytes of a buffer: copying a larger one into the whole takes long. */
const PART_BYTES = 256 * 1024;

interface Client {
  client: number;
  /** Clock of the first struct. */
  clock: number;
  structs: number;
  parts: Uint8Array[];
  /** Clock and length, one after the other. */
  deleted: number[];
}

export async function encodeInTurns(doc: Y.Doc, pace: Pace): Promise<Uint8Array> {
  const clients: Client[] = [];
  // Higher ids first, as Yjs writes them: it integrates fewer conflicts then.
  for (const client of [...doc.store.clients.keys()].sort((a, b) => b - a)) {
    clients.push(await encodeClient(doc, client, pace));
    if (pace.isOver) await pace.rest();
  }
  const { pendingStructs, pendingDs } = doc.store;
  const missing = [pendingStructs?.update, pendingDs].filter((update) => update instanceof Uint8Array);
  const whole = await joinParts([...structParts(clients), deletedPart(clients)], pace);
  // Pending structs have to stay, or they would be gone when the missing ones come.
  return missing.length === 0 ? whole : Y.mergeUpdates([whole, ...missing.map((update) => Y.convertUpdateFormatV2ToV1(update))]);
}

async function encodeClient(doc: Y.Doc, client: number, pace: Pace): Promise<Client> {
  let encoder = new Y.UpdateEncoderV1();
  const parts: Uint8Array[] = [];
  const deleted: number[] = [];
  const structsOf = (): (Y.Item | Y.GC)[] => doc.store.clients.get(client) ?? [];
  const begin = structsOf()[0]?.id.clock ?? 0;
  let written = 0;
  for (let clock = begin, end = Y.getState(doc.store, client); clock < end;) {
    const structs = structsOf();
    // Structs are joined and split while the page has its turn, so they are found by their clock.
    const first = Y.findIndexSS(structs, clock);
    for (const struct of structs.slice(first, first + STRUCTS_AT_ONCE)) {
      const offset = clock - struct.id.clock;
      struct.write(encoder, offset);
      written++;
      if (struct.deleted) noteDeleted(deleted, clock, struct.length - offset);
      clock = struct.id.clock + struct.length;
    }
    if (length(encoder.restEncoder) >= PART_BYTES) {
      parts.push(encoder.toUint8Array());
      encoder = new Y.UpdateEncoderV1();
    }
    if (pace.isOver) await pace.rest();
  }
  parts.push(encoder.toUint8Array());
  return { client, clock: begin, structs: written, parts, deleted };
}

function noteDeleted(deleted: number[], clock: number, length: number): void {
  const last = deleted.length - 2;
  if (last >= 0 && (deleted[last] as number) + (deleted[last + 1] as number) === clock)
    deleted[last + 1] = (deleted[last + 1] as number) + length;
  else deleted.push(clock, length);
}

function* structParts(clients: readonly Client[]): Iterable<Uint8Array> {
  yield numbers([clients.length]);
  for (const { client, clock, structs, parts } of clients) {
    yield numbers([structs, client, clock]);
    yield* parts;
  }
}

function deletedPart(clients: readonly Client[]): Uint8Array {
  const withDeleted = clients.filter(({ deleted }) => deleted.length > 0);
  return numbers([withDeleted.length, ...withDeleted.flatMap(({ client, deleted }) => [client, deleted.length / 2].concat(deleted))]);
}

function numbers(all: readonly number[]): Uint8Array {
  const encoder = createEncoder();
  for (const number of all) writeVarUint(encoder, number);
  return toUint8Array(encoder);
}

async function joinParts(parts: readonly Uint8Array[], pace: Pace): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
    if (pace.isOver) await pace.rest();
  }
  return whole;
}
