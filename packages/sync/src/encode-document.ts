/**
 * A whole document as one Yjs update (V1), in turns: `Y.encodeStateAsUpdate` takes hundreds of milliseconds for 60 MB.
 *
 * The document may change between two turns. A struct is written as it is when its turn comes, together with whether it
 * is deleted; a change that came too late for its turn has a row of its own, or is one for the next time.
 */
import { createEncoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import type { Pace } from './pace.ts';

/** Between two looks at the clock. */
const STRUCTS_AT_ONCE = 256;

interface Client {
  client: number;
  /** Of the first struct. */
  clock: number;
  structs: number;
  bytes: Uint8Array;
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
  const whole = joinClients(clients);
  const missing = [pendingStructs?.update, pendingDs].filter((update) => update instanceof Uint8Array);
  // What waits for something that is not here has to stay, or it would be gone when that comes.
  return missing.length === 0 ? whole : Y.mergeUpdates([whole, ...missing.map((update) => Y.convertUpdateFormatV2ToV1(update))]);
}

async function encodeClient(doc: Y.Doc, client: number, pace: Pace): Promise<Client> {
  const encoder = new Y.UpdateEncoderV1();
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
    if (pace.isOver) await pace.rest();
  }
  return { client, clock: begin, structs: written, bytes: encoder.toUint8Array(), deleted };
}

function noteDeleted(deleted: number[], clock: number, length: number): void {
  const last = deleted.length - 2;
  if (last >= 0 && (deleted[last] as number) + (deleted[last + 1] as number) === clock)
    deleted[last + 1] = (deleted[last + 1] as number) + length;
  else deleted.push(clock, length);
}

function joinClients(clients: readonly Client[]): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, clients.length);
  for (const { client, clock, structs, bytes } of clients) {
    writeVarUint(encoder, structs);
    writeVarUint(encoder, client);
    writeVarUint(encoder, clock);
    writeUint8Array(encoder, bytes);
  }
  const withDeleted = clients.filter(({ deleted }) => deleted.length > 0);
  writeVarUint(encoder, withDeleted.length);
  for (const { client, deleted } of withDeleted) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, deleted.length / 2);
    for (const number of deleted) writeVarUint(encoder, number);
  }
  return toUint8Array(encoder);
}
