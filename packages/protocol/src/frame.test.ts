import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { writePermissionDenied } from 'y-protocols/auth';
import * as syncProtocol from 'y-protocols/sync';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeMessage, type Message } from './index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('base frames are y-websocket frames', () => {
  const golden: [string, Message][] = [
    ['00000100', { type: 'sync-step-1', stateVector: bytes('00') }],
    ['0001020000', { type: 'sync-step-2', update: bytes('0000') }],
    ['03', { type: 'query-awareness' }],
    ['0200026e6f', { type: 'permission-denied', reason: 'no' }],
    ['010b0101010 77b2261223a317d'.replace(' ', ''), { type: 'awareness', body: bytes('010101077b2261223a317d') }],
    ['00020e01010100280101 6d016b017d0100'.replace(' ', ''), { type: 'update', update: bytes('010101002801016d016b017d0100') }],
  ];
  for (const [frame, message] of golden) {
    it(`${message.type} ${frame}`, () => {
      expect(hex(encodeMessage(message))).toBe(frame);
      expect(decodeFrame(bytes(frame), { isExtension: false })).toEqual([message]);
    });
  }

  it('equals what y-protocols writes', () => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    doc.getMap('m').set('k', 1);
    const step1 = encoding.encode((e) => { encoding.writeVarUint(e, 0); syncProtocol.writeSyncStep1(e, doc); });
    expect(hex(encodeMessage({ type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) }))).toBe(hex(step1));
    const step2 = encoding.encode((e) => { encoding.writeVarUint(e, 0); syncProtocol.writeSyncStep2(e, doc); });
    expect(hex(encodeMessage({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) }))).toBe(hex(step2));
    const update = encoding.encode((e) => { encoding.writeVarUint(e, 0); syncProtocol.writeUpdate(e, Y.encodeStateAsUpdate(doc)); });
    expect(hex(encodeMessage({ type: 'update', update: Y.encodeStateAsUpdate(doc) }))).toBe(hex(update));
    const denied = encoding.encode((e) => { encoding.writeVarUint(e, 2); writePermissionDenied(e, 'nein \u{1f58a}'); });
    expect(hex(encodeMessage({ type: 'permission-denied', reason: 'nein \u{1f58a}' }))).toBe(hex(denied));
    const awareness = new Awareness(doc);
    awareness.setLocalState({ a: 1 });
    const body = encodeAwarenessUpdate(awareness, [1]);
    const frame = encoding.encode((e) => { encoding.writeVarUint(e, 1); encoding.writeVarUint8Array(e, body); });
    expect(hex(encodeMessage({ type: 'awareness', body }))).toBe(hex(frame));
    awareness.destroy();
    doc.destroy();
  });
});
