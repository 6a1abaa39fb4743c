import * as encoding from 'lib0/encoding';
import { writePermissionDenied } from 'y-protocols/auth';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { baseGolden, extensionGolden, fromHex, toHex } from './fixtures/golden.ts';
import { decodeFrame, encodeFrames, encodeMessage, limits, type Message } from './index.ts';
import { encodeClientMessage } from './encode.ts';
import { codeOf } from './fixtures/code-of.ts';

const base = { isExtension: false };
const extension = { isExtension: true };

describe('[P11] base frames are the frames of y-websocket', () => {
  for (const { name, hex, messages } of baseGolden) {
    it(`${name}: ${hex}`, () => {
      expect(encodeFrames(messages, base).map(toHex)).toEqual([toHex(fromHex(hex))]);
      expect(decodeFrame(fromHex(hex), base)).toEqual(messages);
      expect(decodeFrame(fromHex(hex), extension)).toEqual(messages);
    });
  }

  const doc = new Y.Doc();
  doc.clientID = 3_000_000_000;
  doc.getMap('m').set('k', 'x'.repeat(300));
  doc.getText('t').insert(0, 'ink \u{1f58a}');
  doc.getText('t').delete(1, 2);
  const update = Y.encodeStateAsUpdate(doc);
  const awareness = new Awareness(doc);
  awareness.setLocalState({ name: 'Zoë', cursor: { x: 1.5, y: -2 } });
  const body = encodeAwarenessUpdate(awareness, [doc.clientID]);
  awareness.destroy();

  const written: [string, Message, (encoder: encoding.Encoder) => void][] = [
    [
      'step 1',
      { type: 'sync-step-1', stateVector: Y.encodeStateVector(doc) },
      (e) => typed(e, 0, () => syncProtocol.writeSyncStep1(e, doc)),
    ],
    ['step 2', { type: 'sync-step-2', update }, (e) => typed(e, 0, () => syncProtocol.writeSyncStep2(e, doc))],
    ['update', { type: 'update', update }, (e) => typed(e, 0, () => syncProtocol.writeUpdate(e, update))],
    ['awareness', { type: 'awareness', body }, (e) => typed(e, 1, () => encoding.writeVarUint8Array(e, body))],
    [
      'denied',
      { type: 'permission-denied', reason: 'nein \u{1f58a}' },
      (e) => typed(e, 2, () => writePermissionDenied(e, 'nein \u{1f58a}')),
    ],
  ];
  it.each(written)('what y-protocols writes: %s', (_, message, write) => {
    const frame = encoding.encode(write);
    expect(toHex(encodeMessage(message))).toBe(toHex(frame));
    expect(decodeFrame(frame, base)).toEqual([message]);
  });
});

describe('[P11] lengths of sync messages', () => {
  it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])('%i bytes are framed as y-protocols frames them', (length) => {
    const bytes = new Uint8Array(length).fill(7);
    const message: Message = { type: 'update', update: bytes };
    const frame = encoding.encode((e) => typed(e, 0, () => syncProtocol.writeUpdate(e, bytes)));
    expect(Buffer.compare(encodeMessage(message), frame)).toBe(0);
    expect(Buffer.compare(encodeClientMessage(message), frame)).toBe(0);
    expect(decodeFrame(frame, base)).toEqual([message]);
  });
});

describe('[P16] extension frames', () => {
  for (const { name, hex, messages, isExtension, isWritten } of extensionGolden) {
    it(`${name}: ${hex}`, () => {
      if (isWritten) expect(encodeFrames(messages, extension).map(toHex)).toEqual([toHex(fromHex(hex))]);
      expect(decodeFrame(fromHex(hex), { isExtension })).toEqual(messages);
    });
  }

  it('every message type has a golden frame', () => {
    const covered = new Set([...baseGolden, ...extensionGolden].flatMap(({ messages }) => messages.map(({ type }) => type)));
    const all: Record<Message['type'], true> = {
      'sync-step-1': true,
      'sync-step-2': true,
      update: true,
      awareness: true,
      'permission-denied': true,
      'query-awareness': true,
      hello: true,
      authenticate: true,
      welcome: true,
      ack: true,
      refused: true,
      wet: true,
      app: true,
      notice: true,
      reconnect: true,
      digest: true,
      chunk: true,
      unknown: true,
    };
    expect([...covered].sort()).toEqual(Object.keys(all).sort());
  });
});

describe('frames', () => {
  it('[P4] a base frame holds exactly one message', () => {
    expect(codeOf(() => decodeFrame(fromHex(''), base))).toBe('MALFORMED');
    expect(codeOf(() => decodeFrame(fromHex('03 03'), base))).toBe('MALFORMED');
    expect(codeOf(() => decodeFrame(fromHex('00 00 01 00 00'), base))).toBe('MALFORMED');
  });

  it('[P5] an extension frame holds one or more, in order, up to its limit', () => {
    expect(codeOf(() => decodeFrame(fromHex(''), extension))).toBe('MALFORMED');
    expect(decodeFrame(fromHex('03 68 01 01 03'), extension).map(({ type }) => type)).toEqual([
      'query-awareness',
      'ack',
      'query-awareness',
    ]);
    const many = new Uint8Array(limits.maxMessagesPerFrame + 1).fill(3);
    expect(codeOf(() => decodeFrame(many, extension))).toBe('TOO_LARGE');
    expect(decodeFrame(many.subarray(1), extension)).toHaveLength(limits.maxMessagesPerFrame);
    expect(codeOf(() => decodeFrame(fromHex('03 03 03'), { isExtension: true, maxMessages: 2 }))).toBe('TOO_LARGE');
  });

  it('[P5] one bad message spoils its frame', () => {
    expect(codeOf(() => decodeFrame(fromHex('68 01 01 00 07'), extension))).toBe('MALFORMED');
  });

  it('[P6] a message of unknown type is passed over', () => {
    expect(decodeFrame(fromHex('04 ff ff ff'), base)).toEqual([{ type: 'unknown', typeNumber: 4 }]);
    expect(decodeFrame(fromHex('68 01 01 04 ff ff'), extension)).toEqual([
      { type: 'ack', count: 1 },
      { type: 'unknown', typeNumber: 4 },
    ]);
    expect(codeOf(() => decodeFrame(fromHex('79 03 0102'), extension))).toBe('MALFORMED');
  });

  it('[P7] in a base frame hello is the only known type from 100 up', () => {
    for (const { hex, messages, isExtension } of extensionGolden) {
      const first = messages[0];
      if (!isExtension || first === undefined) continue;
      const typeNumber = fromHex(hex)[0];
      expect(decodeFrame(fromHex(hex), base)).toEqual([{ type: 'unknown', typeNumber }]);
    }
  });

  it("[P7] [P18] another protocol's type 100 is not taken for a hello", () => {
    for (const hex of [
      '64',
      '64 05',
      '64 01 01',
      '64 03 010203',
      '64 10 06 77657469 6e6c 01 808010 8080808001',
      '64 10 06 77657469 6e6b 01 808010 8080808001 00',
    ]) {
      expect(decodeFrame(fromHex(hex), base)).toEqual([{ type: 'unknown', typeNumber: 100 }]);
    }
    expect(codeOf(() => decodeFrame(fromHex('64 03 010203'), extension))).toBe('MALFORMED');
  });

  it('[P8] a frame above its limit is too large, whatever is in it', () => {
    const frame = encodeMessage({ type: 'update', update: new Uint8Array(100) });
    expect(codeOf(() => decodeFrame(frame, { isExtension: false, maxFrameBytes: frame.length - 1 }))).toBe('TOO_LARGE');
    expect(decodeFrame(frame, { isExtension: false, maxFrameBytes: frame.length })).toHaveLength(1);
    const justRight = encodeMessage({ type: 'update', update: new Uint8Array(limits.maxBaseFrameBytes - 6) });
    expect(justRight).toHaveLength(limits.maxBaseFrameBytes);
    expect(decodeFrame(justRight, base)).toHaveLength(1);
    expect(codeOf(() => decodeFrame(new Uint8Array(limits.maxBaseFrameBytes + 1), base))).toBe('TOO_LARGE');
  });

  it('[P9] payloads share no memory with the frame, its pool or each other (A10)', () => {
    const pool = Buffer.alloc(4096, 0x5a);
    const frames: [string, boolean][] = [...baseGolden, ...extensionGolden].map(({ hex, isExtension }) => [hex, isExtension]);
    for (const [hex, isExtension] of frames) {
      const bytes = fromHex(hex);
      pool.set(bytes, 100);
      for (const message of decodeFrame(pool.subarray(100, 100 + bytes.length), { isExtension })) {
        for (const value of Object.values(message)) {
          if (!(value instanceof Uint8Array)) continue;
          expect(value.buffer.byteLength).toBe(value.length);
          expect(Buffer.isBuffer(value)).toBe(false);
          expect(value.includes(0x5a)).toBe(false);
        }
      }
      pool.fill(0x5a);
    }
    const frame = encodeMessage({ type: 'update', update: Uint8Array.of(1, 2, 3) });
    const [message] = decodeFrame(frame, base);
    frame.fill(0);
    expect(message).toEqual({ type: 'update', update: Uint8Array.of(1, 2, 3) });
  });

  it('[P9] a length that reaches into the pool behind the frame is refused (A10)', () => {
    const pool = Buffer.alloc(8192, 'secret');
    const frame = pool.subarray(0, 4);
    frame.set(fromHex('00 02 88 27'));
    expect(codeOf(() => decodeFrame(frame, base))).toBe('MALFORMED');
  });

  it('[P12] an unknown sync step or auth kind is malformed', () => {
    expect(codeOf(() => decodeFrame(fromHex('00 03 00'), base))).toBe('MALFORMED');
    expect(codeOf(() => decodeFrame(fromHex('02 01 00'), base))).toBe('MALFORMED');
  });
});

describe('extension messages', () => {
  it('[P17] a body ends with its last field', () => {
    for (const hex of ['68 02 01 00', '67 05 01 02 616e 61', '6d 02 01 01', `6e 21 ${'00'.repeat(33)}`, '65 06 01 03 746f6b 00']) {
      expect(codeOf(() => decodeFrame(fromHex(hex), extension))).toBe('MALFORMED');
    }
  });

  it('[P17] a hello may say more than is known here', () => {
    const hello = fromHex('64 12 06 77657469 6e6b 02 808010 8080808001 0102');
    const message = { type: 'hello', version: 2, limits: { maxChunkBytes: 256 * 1024, maxMessageBytes: 256 * 1024 * 1024 } };
    expect(decodeFrame(hello, base)).toEqual([message]);
    expect(decodeFrame(hello, extension)).toEqual([message]);
  });

  it('[P18] a hello tells limits that can carry a chunk', () => {
    expect(codeOf(() => decodeFrame(fromHex('64 0a 06 77657469 6e6b 01 3f 40'), extension))).toBe('MALFORMED');
    expect(codeOf(() => decodeFrame(fromHex('64 0a 06 77657469 6e6b 01 40 3f'), extension))).toBe('MALFORMED');
    expect(decodeFrame(fromHex('64 0a 06 77657469 6e6b 01 40 40'), extension)).toHaveLength(1);
    expect(() => encodeMessage({ type: 'hello', version: 1, limits: { maxChunkBytes: 1, maxMessageBytes: 1 } })).toThrow(RangeError);
  });

  it('[P16] an unknown role, a flag beyond the first bit and a short digest are malformed', () => {
    for (const hex of ['67 02 03 00', '6a 04 07 00 00 02', `6e 1f ${'00'.repeat(31)}`]) {
      expect(codeOf(() => decodeFrame(fromHex(hex), extension))).toBe('MALFORMED');
    }
  });

  it('[P19] an error number of a newer table keeps its class', () => {
    const codeOfNumber: [string, string][] = [
      ['9223', 'REFUSED'], // 4498
      ['9523', 'UNAVAILABLE'], // 4501
      ['f823', 'UNAVAILABLE'], // 4600, raised on devices only
      ['05', 'UNAVAILABLE'],
    ];
    for (const [number, code] of codeOfNumber) {
      const body = `01 ${number}`;
      const length = fromHex(body).length.toString(16).padStart(2, '0');
      expect(decodeFrame(fromHex(`69 ${length} ${body}`), extension)).toEqual([{ type: 'refused', count: 1, code }]);
    }
  });

  it('[P19] what is raised on a device is never sent', () => {
    expect(() => encodeMessage({ type: 'refused', count: 1, code: 'DEVICE_STORAGE' })).toThrow(RangeError);
    expect(() => encodeMessage({ type: 'notice', code: 'CANCELLED', retryAfterMs: 0, text: '' })).toThrow(RangeError);
  });

  it('[P20] texts and payloads above their limits are refused by both sides', () => {
    const at = (bytes: number): Message[] => [
      { type: 'authenticate', clientId: 1, token: 'x'.repeat(limits.maxTokenBytes + bytes) },
      { type: 'welcome', role: 'editor', userId: 'x'.repeat(limits.maxUserIdBytes + bytes) },
      { type: 'wet', clientId: 1, gesture: 'x'.repeat(limits.maxGestureBytes + bytes), index: 0, isEnd: false, payload: new Uint8Array(0) },
      { type: 'wet', clientId: 1, gesture: 'a.1', index: 0, isEnd: false, payload: new Uint8Array(limits.maxWetBytes + bytes) },
      { type: 'app', channel: 'x'.repeat(limits.maxChannelBytes + bytes), payload: new Uint8Array(0) },
      { type: 'notice', code: 'OVERLOADED', retryAfterMs: 0, text: 'x'.repeat(limits.maxTextBytes + bytes) },
      { type: 'permission-denied', reason: 'x'.repeat(limits.maxTextBytes + bytes) },
    ];
    for (const message of at(0)) {
      const encoded = encodeMessage(message);
      const [decoded] = decodeFrame(encoded, extension);
      expect(decoded?.type).toBe(message.type);
      expect(decoded && toHex(encodeMessage(decoded))).toBe(toHex(encoded));
    }
    for (const message of at(1)) expect(codeOf(() => encodeMessage(message))).toBe('TOO_LARGE');
    for (const hex of ['65 03 01 81 40', '67 03 01 81 04', '6a 02 01 41', '6b 02 81 01', '6c 05 9723 00 81 08']) {
      expect(codeOf(() => decodeFrame(fromHex(hex), extension))).toBe('TOO_LARGE');
    }
    const long = encodeMessage({ type: 'app', channel: '', payload: new Uint8Array(limits.maxWetBytes + 4) });
    long[0] = 0x6a;
    expect(codeOf(() => decodeFrame(long, extension))).toBe('TOO_LARGE');
  });

  it('[P20] a number that is no unsigned integer is a bug of the caller, and no bytes come out', () => {
    for (const count of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
      expect(() => encodeMessage({ type: 'ack', count })).toThrow(RangeError);
    }
    expect(() => encodeMessage({ type: 'unknown', typeNumber: 4 })).toThrow(RangeError);
    expect(() => encodeMessage({ type: 'digest', sha256: new Uint8Array(31) })).toThrow(RangeError);
  });
});

function typed(encoder: encoding.Encoder, typeNumber: number, write: () => void): void {
  encoding.writeVarUint(encoder, typeNumber);
  write();
}
