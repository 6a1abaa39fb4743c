/** Helps to test changes under another user's client id. For tests only. */

import { encode, writeUint8, writeVarUint } from 'lib0/encoding';
import * as Y from 'yjs';
import type { TestClient } from './test-client.ts';

/** Structs without content: `length` clocks of `client` from `clock` on. */
export function forged(client: number, clock: number, length = 1): Uint8Array {
  return encode((encoder) => {
    for (const number of [1, 1, client, clock]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, length);
    writeVarUint(encoder, 0);
  });
}

export function docOf(clientId: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  return doc;
}

/** The refusals that the client got, each with the number of the message. */
export const answersOf = (client: TestClient): unknown[] =>
  client.received.flatMap((message) => (message.type === 'refused' ? [`${message.code} ${message.count}`] : []));

export const questionsTo = (client: TestClient): number => client.received.filter(({ type }) => type === 'sync-step-1').length;
