/** Updates as writers make them, each about as large as a short stroke, with a mark; and the check that documents are equal. */

import * as Y from 'yjs';
import type { Bed } from './scenarios/scenario.ts';
import { MARK_BYTES, markOf } from './marks.ts';

const PAYLOAD_BYTES = 200;
const STROKES = 'strokes';

/** Makes the updates before the measurement. Update i is number `floor(i / writers)` of writer `i % writers`. */
export function strokesOf(count: number, writers: number): Uint8Array[] {
  const docs = Array.from({ length: writers }, () => new Y.Doc());
  const updates: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) {
    const writer = i % writers;
    docs[writer]?.getMap(STROKES).set(`stroke-${i}`, payloadOf(writer, Math.floor(i / writers)));
  }
  for (const doc of docs) doc.destroy();
  return updates;
}

function payloadOf(writer: number, number: number): Uint8Array {
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  payload.write(markOf(writer, number), 'latin1');
  for (let i = MARK_BYTES; i < PAYLOAD_BYTES; i++) payload[i] = number * 31 + i * 7;
  return new Uint8Array(payload);
}

/** @returns The document of these updates, re-encoded, so that equal documents have equal bytes. */
export function documentOf(updates: readonly Uint8Array[]): Buffer {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const strokes = [...doc.getMap(STROKES).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = strokes.map(([key, value]) => Buffer.concat([Buffer.from(key), value as Uint8Array]));
  doc.destroy();
  return Buffer.concat(bytes);
}

/** @returns A problem when a client that joins now gets another document than these updates make. */
export async function joinerProblems(bed: Bed, room: string, updates: readonly Uint8Array[]): Promise<string[]> {
  const got: Uint8Array[] = [];
  const client = bed.open(room, { onUpdate: (update) => got.push(update) });
  try {
    await client.joined;
  } finally {
    client.close();
  }
  return documentOf(got).equals(documentOf(updates)) ? [] : [`a new client of ${room} gets another document`];
}
