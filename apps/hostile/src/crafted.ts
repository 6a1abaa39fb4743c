/** Bytes that no honest client sends. */

import { encodeAwareness, encodeMessage } from '@wetink/protocol';
import { createEncoder, encode, toUint8Array, writeUint8, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import * as Y from 'yjs';

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

export const updateFrame = (update: Uint8Array): Uint8Array => encodeMessage({ type: 'update', update });

export const step1Frame = (stateVector: Uint8Array): Uint8Array => encodeMessage({ type: 'sync-step-1', stateVector });

export function awarenessFrame(...entries: { clientId: number; clock: number; state: unknown }[]): Uint8Array {
  const body = encodeAwareness(entries.map(({ clientId, clock, state }) => ({ clientId, clock, state: JSON.stringify(state) })));
  return encodeMessage({ type: 'awareness', body });
}

/** A sequence of varints. */
const uints = (...numbers: number[]): Uint8Array => encode((encoder) => numbers.forEach((number) => writeVarUint(encoder, number)));

/** An update that claims `count` structs of one client, whatever follows. */
export const claimedStructs = (count: number): Uint8Array => uints(1, count, 1, 0);

/** A struct without content that takes all clocks of a client id. */
export const lifeTaken = (clientId: number): Uint8Array =>
  encode((encoder) => {
    for (const number of [1, 1, clientId, 0]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, Number.MAX_SAFE_INTEGER - 1);
    writeVarUint(encoder, 0);
  });

/** A struct without content that takes the next clocks of a client id. */
export const clocksTaken = (clientId: number, clock: number, length = 1): Uint8Array =>
  encode((encoder) => {
    for (const number of [1, 1, clientId, clock]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, length);
    writeVarUint(encoder, 0);
  });

/** Top-level types, numbered from `from` on, or subdocuments. */
export function kept(what: 'root types' | 'subdocuments', count: number, from = 0): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let i = from; i < from + count; i++) {
      if (what === 'root types') doc.getMap(`root ${i}`).set('k', 1);
      else doc.getMap('m').set(`sub ${i}`, new Y.Doc());
    }
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** A character at clock 5 of a client that never wrote the first five. */
export const afterGap = (clientId: number): Uint8Array =>
  encode((encoder) => {
    for (const number of [1, 1, clientId, 5]) writeVarUint(encoder, number);
    writeUint8(encoder, 4); // text
    writeVarUint(encoder, 1);
    writeVarString(encoder, 't');
    writeVarString(encoder, 'x');
    writeVarUint(encoder, 0);
  });

/** Deletes `ranges` ranges of an unknown client. */
export const deletionsOf = (clientId: number, ranges: number): Uint8Array =>
  encode((encoder) => {
    for (const number of [0, 1, clientId, ranges]) writeVarUint(encoder, number);
    for (let i = 0; i < ranges; i++) for (const number of [i * 2, 1]) writeVarUint(encoder, number);
  });

/** A value with a property named __proto__ that contains bytes: Yjs applies it and can never encode the document again. */
export const protoProperty = fromHex('01019a89c3fa0f002801016d016b017601095f5f70726f746f5f5f74010100');

/** An update that sets `key`. */
export function settingKey(key: string, value: unknown = 1, clientId?: number): Uint8Array {
  const doc = new Y.Doc();
  if (clientId !== undefined) doc.clientID = clientId;
  doc.getMap('m').set(key, value);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** Structs and deletions of one client. */
export function editedText(clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getMap('m').set('broken', 'text');
  doc.getText('t').insert(0, 'hello world');
  doc.getText('t').delete(2, 3);
  doc.getMap('m').delete('gone');
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** Frames of one type: with the update as the only field, after a sync step, or bare. */
export function framesOfType(type: number, update: Uint8Array): Uint8Array[] {
  const frames = [0, 1, 2].map((step) =>
    encode((encoder) => {
      writeVarUint(encoder, type);
      writeVarUint(encoder, step);
      writeVarUint8Array(encoder, update);
    }),
  );
  const plain = createEncoder();
  writeVarUint(plain, type);
  writeVarUint8Array(plain, update);
  return [...frames, toUint8Array(plain)];
}

/** Pseudo-random bytes, the same on every machine (xorshift32). */
export function noise(seed: number, bytes: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: bytes }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
