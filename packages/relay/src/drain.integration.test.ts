/** A relay that drains with many people and rooms. That it saves all changes is tested in drain-saves.integration.test.ts. */

import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { faultyStore } from './testing/faulty-store.ts';
import { type Bare, change, joined, startRelay, storedDoc, until, type TestRelay } from './testing/harness.ts';
import { hurried } from './testing/hurried.ts';

let relay: TestRelay;
let clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await relay.close();
});

async function enter(room: string, clientId: number): Promise<Bare> {
  const bare = await joined(relay.url, room, clientId);
  clients.push(bare);
  return bare;
}

describe('sending people away', () => {
  it.each([
    { asked: {}, limits: { drainSpreadMs: 0 }, expected: 15, what: '5 ms for each connection' },
    { asked: {}, limits: { drainSpreadMs: 40 }, expected: 40, what: 'not less than the limit' },
    { asked: { spreadMs: 0 }, limits: {}, expected: 0, what: 'as asked' },
    { asked: { spreadMs: 9_000, deadlineMs: 100 }, limits: {}, expected: 50, what: 'half of the deadline at most' },
  ])('[RL60] a drain tells clients to come back within the spread: $what', async ({ asked, limits, expected }) => {
    relay = await startRelay({ random: () => 1, limits });
    const people = await Promise.all([1, 2, 3].map((id) => enter('board', id)));
    await relay.relay.drain(asked);
    await until(() => people.every(({ closed }) => closed !== null), 'closes');
    expect(people.map((one) => one.of('reconnect').map(({ afterMs }) => afterMs))).toEqual([[expected], [expected], [expected]]);
  });

  it('[RL60] a connection that does not answer a close frame is dropped, and does not delay the drain', async () => {
    relay = await startRelay({ schedule: hurried });
    const { hostname, port } = new URL(relay.url);
    const frozen = connect(Number(port), hostname);
    clients.push({ close: () => frozen.destroy() });
    frozen.write(
      'GET /board HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    frozen.resume();
    const ended = new Promise((resolve) => frozen.on('close', resolve));
    await until(() => relay.relay.stats().connections === 1, 'the socket');
    const startedAtMs = performance.now();
    expect(await relay.relay.drain({ spreadMs: 0, deadlineMs: 3_600_000 })).toEqual({ unsavedBytes: 0 });
    await ended;
    // ws itself would wait 5 s of real time, which `hurried` does not shorten.
    expect(performance.now() - startedAtMs).toBeLessThan(4_500);
  });
});

it('[RL62] a drain checkpoints a few rooms at a time while there is time; the others keep their rows', async () => {
  const store = faultyStore();
  const lines: { fields: object; message: string }[] = [];
  const note = (fields: object, message: string): void => void lines.push({ fields, message });
  relay = await startRelay({ store, schedule: hurried, logger: { debug: note, info: note, warn: note, error: note } });
  const rooms = Array.from({ length: 20 }, (_, n) => `room-${n}`);
  const people = await Promise.all(rooms.map((room, n) => enter(room, n + 1)));
  for (const one of people) one.send({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set('k', 1)) });
  await until(() => people.every((one) => one.of('ack').length > 0), 'acks');
  store.held.checkpoint = true;
  const drained = relay.relay.drain({ deadlineMs: 20_000, spreadMs: 0 });
  await until(() => store.calls.checkpoint === 4, 'the first checkpoints');
  // 5 s at most, ten times as fast.
  await new Promise((resolve) => setTimeout(resolve, 600));
  store.held.checkpoint = false;
  expect(await drained).toEqual({ unsavedBytes: 0 });
  expect(store.calls.checkpoint).toBe(4);
  expect(lines.find(({ message }) => message === 'drained')?.fields).toMatchObject({ withoutCheckpoint: 16 });
  for (const room of rooms) expect((await storedDoc(store, room)).getMap('m').toJSON()).toEqual({ k: 1 });
  expect(relay.relay.stats().rooms).toBe(0);
});
