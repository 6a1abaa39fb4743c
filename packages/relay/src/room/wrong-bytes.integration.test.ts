/** Bytes that are wrong: the sender is closed, and the room goes on. */

import { encodeMessage } from '@wetink/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Bare, joined, pause, startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let clients: { close(): void }[];

beforeEach(async () => {
  clients = [];
  relay = await startRelay();
});

afterEach(async () => {
  for (const client of clients) client.close();
  await relay.close();
});

function base(): Stock {
  const client = stock(relay.url, 'board');
  clients.push(client);
  return client;
}

describe('wrong bytes close one socket', () => {
  const attacks: [string, Uint8Array | string, number][] = [
    ['nothing at all', new Uint8Array(), 4400],
    ['half a number', new Uint8Array([0x80]), 4400],
    ['a length beyond the frame', new Uint8Array([0, 2, 200, 1, 2]), 4400],
    ['bytes after the message', new Uint8Array([0, 0, 1, 0, 9]), 4400],
    ['a sync message of unknown kind', new Uint8Array([0, 9, 0]), 4400],
    ['awareness that claims a million states', new Uint8Array([1, 4, 0xc0, 0x84, 0x3d, 0]), 4400],
    ['awareness that is not JSON', encodeMessage({ type: 'awareness', body: new Uint8Array([1, 5, 1, 3, 0x7b, 0x7b, 0x7b]) }), 4400],
    ['a state vector that is not one', encodeMessage({ type: 'sync-step-1', stateVector: new Uint8Array([200, 200, 200]) }), 4400],
    ['an update that is not one', encodeMessage({ type: 'update', update: new Uint8Array([1, 2, 3, 4]) }), 4422],
    [
      'an update of 32 million structs in 7 bytes',
      encodeMessage({ type: 'update', update: new Uint8Array([1, 0x80, 0x80, 0x80, 0x10, 1, 0]) }),
      4422,
    ],
    ['an empty update frame', encodeMessage({ type: 'update', update: new Uint8Array() }), 4422],
    [
      'a clock of 2^53',
      encodeMessage({ type: 'update', update: new Uint8Array([1, 1, 7, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf, 0]) }),
      4422,
    ],
    ['text', 'hello', 1003],
  ];

  it.each(attacks)('[RL54] %s: the sender is closed and the room goes on', async (_what, bytes, code) => {
    const ana = base();
    const ben = base();
    await until(() => ana.provider.synced && ben.provider.synced, 'sync');
    const bad = await new Bare(relay.url, 'board').opened();
    clients.push(bad);
    bad.ws.send(bytes);
    await until(() => bad.closed !== null, 'close');
    expect(bad.closed?.code).toBe(code);
    expect(bad.closed?.reason).toMatch(/^[A-Z].*\.$/);
    ana.doc.getMap('m').set('after', 1);
    await until(() => ben.doc.getMap('m').size === 1, 'the room goes on');
    await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
    expect((await storedDoc(relay.store, 'board')).getMap('m').toJSON()).toEqual({ after: 1 });
  });

  it('[RL54] unknown message types are passed over and counted', async () => {
    const bare = await new Bare(relay.url, 'board').opened();
    clients.push(bare);
    bare.ws.send(new Uint8Array([77, 1, 2, 3]));
    bare.ws.send(new Uint8Array([0xe7, 0x07]));
    bare.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await until(() => bare.of('sync-step-2').length === 1, 'answer');
    expect(relay.relay.stats().ignoredMessages).toBe(2);
  });

  it('[RL54] two messages in one base frame close the sender', async () => {
    const bare = await new Bare(relay.url, 'board').opened();
    clients.push(bare);
    bare.ws.send(new Uint8Array([...encodeMessage({ type: 'query-awareness' }), ...encodeMessage({ type: 'query-awareness' })]));
    await until(() => bare.closed !== null, 'close');
    expect(bare.closed).toEqual({ code: 4400, reason: 'The connection sent something that could not be read.' });
  });

  it('[RL54] messages that only a relay may send close an extension client', async () => {
    for (const message of [
      { type: 'ack', count: 1 },
      { type: 'welcome', role: 'owner', userId: 'me' },
    ] as const) {
      const bare = await joined(relay.url, 'board', 9);
      clients.push(bare);
      bare.send(message);
      await until(() => bare.closed !== null, 'close');
      expect(bare.closed?.code).toBe(4400);
    }
  });

  it('[RL55] a frame of 16 MiB is accepted, one byte more is too large', async () => {
    const fits = await new Bare(relay.url, 'board').opened();
    const over = await new Bare(relay.url, 'board').opened();
    clients.push(fits, over);
    const frame = (bytes: number): Uint8Array => {
      const payload = new Uint8Array(bytes);
      payload[0] = 99; // an unknown type
      return payload;
    };
    fits.ws.send(frame(16 * 1024 * 1024));
    over.ws.send(frame(16 * 1024 * 1024 + 1));
    await until(() => over.closed !== null && relay.relay.stats().ignoredMessages === 1, 'close');
    expect([over.closed?.code, fits.closed]).toEqual([4413, null]);
  });

  it('[RL55] a frame above the limit is closed with 44xx, and a stock client stops for good', async () => {
    await relay.close();
    relay = await startRelay({ limits: { maxFrameBytes: 100_000 } });
    const ana = base();
    await until(() => ana.provider.synced, 'sync');
    const heavy = base();
    await until(() => heavy.provider.synced, 'sync');
    heavy.doc.getText('t').insert(0, 'x'.repeat(3_000_000));
    await until(() => heavy.closes.length > 0, 'close');
    expect(heavy.closes).toEqual([{ code: 4413, reason: 'The change is too large to send.' }]);
    await pause(700);
    expect([heavy.closes.length, heavy.provider.shouldConnect]).toEqual([1, false]);
    expect(ana.provider.wsconnected).toBe(true);
  });
});
