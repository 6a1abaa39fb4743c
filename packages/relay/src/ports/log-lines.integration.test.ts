/** Log lines about correct refusals and about a failing store: no alarm, or one without a stack. */

import { errors } from '@wetink/protocol';
import { StoreError } from '@wetink/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { silentObserver, type ConnectionFailure, type RelayObserver } from './observer.ts';
import type { RelayOptions } from '../relay-options.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { Bare, change, joined, startRelay, until, type TestRelay } from '../testing/harness.ts';
import { hurried } from '../testing/hurried.ts';
import { recordingLogger, type RecordingLogger } from '../testing/recording-logger.ts';

let store: FaultyStore;
let logger: RecordingLogger;
let refused: ConnectionFailure[];
let failedWrites: number;
let checkpoints: string[];
let clients: Bare[];
let relay: TestRelay;

beforeEach(() => {
  store = faultyStore();
  logger = recordingLogger();
  refused = [];
  failedWrites = 0;
  checkpoints = [];
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  store.held.checkpoint = false;
  store.failure.append = store.failure.load = undefined;
  await relay.close();
});

async function start(options: Partial<RelayOptions> = {}): Promise<void> {
  const observer: RelayObserver = {
    ...silentObserver,
    refused: (failure) => refused.push(failure),
    journalFailed: () => (failedWrites += 1),
    checkpoint: (outcome) => checkpoints.push(outcome),
  };
  relay = await startRelay({ store, logger, observer, limits: { retryBaseMs: 1, retryMaxMs: 2, unloadDelayMs: 5 }, ...options });
}

async function enter(clientId = 1, room = 'board'): Promise<Bare> {
  const client = await joined(relay.url, room, clientId);
  clients.push(client);
  return client;
}

async function closeOf(client: Bare): Promise<{ code: number; reason: string } | null> {
  await until(() => client.closed !== null, 'close');
  return client.closed;
}

const edit = (key: string) => ({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set(key, 1)) }) as const;
const erased = { code: errors.ROOM_ERASED.close, reason: errors.ROOM_ERASED.sentence };
const eventsAt = (level: string): string[] => logger.lines.filter((line) => line.level === level).map(({ event }) => event);

it('[RL5] T8: clients of an erased board get ROOM_ERASED at once, without an alarm, and the store is asked once', async () => {
  await store.remove('board');
  await start();
  for (let i = 1; i <= 3; i++) expect(await closeOf(await enter(i))).toEqual(erased);
  const stockClient = await new Bare(relay.url, 'board').opened();
  clients.push(stockClient);
  expect(await closeOf(stockClient)).toEqual(erased);
  expect(store.calls.load).toBe(1);
  expect(refused.map(({ code }) => code)).toEqual(['ROOM_ERASED', 'ROOM_ERASED', 'ROOM_ERASED', 'ROOM_ERASED']);
  expect(logger.alarms()).toEqual([]);
});

it('[RL5] T8: the relay forgets after a minute that a board was erased, and asks the store when a client comes again', async () => {
  let laterMs = 0;
  await store.remove('board');
  await start({ now: () => performance.now() + laterMs, schedule: hurried });
  expect(await closeOf(await enter())).toEqual(erased);
  expect(relay.relay.stats().rooms).toBe(1);
  laterMs = 61_000;
  await until(() => relay.relay.stats().rooms === 0, 'the room to be forgotten');
  expect(await closeOf(await enter())).toEqual(erased);
  expect([store.calls.load, logger.alarms()]).toEqual([2, []]);
});

it('[RL5] T8: updates for a room that another relay erased make one log line and no failed write', async () => {
  await start();
  const ana = await enter();
  ana.send(edit('a'));
  await until(() => ana.of('ack').length === 1, 'ack');
  await store.remove('board');
  ana.send(edit('b'));
  expect(await closeOf(ana)).toEqual(erased);
  expect(eventsAt('info').filter((event) => event.includes('erased'))).toEqual(['room was erased by another relay']);
  expect([logger.alarms(), failedWrites]).toEqual([[], 0]);
});

it('[RL17] T8: a checkpoint of a room that is erased meanwhile does not count as failed', async () => {
  await start();
  const ana = await enter();
  ana.send(edit('a'));
  await until(() => ana.of('ack').length === 1, 'ack');
  store.held.checkpoint = true;
  ana.close();
  await until(() => store.calls.checkpoint === 1, 'the checkpoint');
  await store.remove('board');
  store.held.checkpoint = false;
  await until(() => relay.relay.stats().rooms === 0, 'the room to be gone');
  expect([logger.alarms(), checkpoints]).toEqual([[], []]);
});

it('[RL53] T8: a store that is away during authorization makes a refusal with that reason, not a bug line', async () => {
  const away = new StoreError('UNREACHABLE', 'MongoDB at db:27017 does not answer');
  await start({ authorize: () => Promise.reject(away) });
  expect(await closeOf(await enter())).toMatchObject({ code: errors.UNAVAILABLE.close });
  expect(refused).toMatchObject([{ code: 'UNAVAILABLE', error: away }]);
  expect(logger.alarms()).toEqual([]);
});

it('[RL53] any other error that authorize throws is logged as a bug, with its stack', async () => {
  await start({ authorize: () => Promise.reject(new TypeError('undefined is not a function')) });
  expect(await closeOf(await enter())).toMatchObject({ code: errors.INTERNAL.close });
  expect(logger.alarms()).toMatchObject([
    { level: 'error', event: 'bug while authorizing a connection', fields: { err: expect.any(TypeError) } },
  ]);
});

it('[RL11] T8: a store that refuses for hours is logged ever more rarely, in its own words and without a stack', async () => {
  await start();
  store.failure.append = new StoreError('FULL', 'No space left for /data. Free some space.');
  const ana = await enter();
  ana.send(edit('a'));
  await until(() => failedWrites >= 20, 'twenty failures');
  const lines = logger.lines.filter(({ event }) => event === 'changes could not be saved');
  expect(lines.map(({ fields }) => fields['failures']).slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(lines[0]).toEqual({
    level: 'error',
    event: 'changes could not be saved',
    fields: { room: 'board', code: 'FULL', error: 'No space left for /data. Free some space.', failures: 1 },
  });
});

it('[RL4] T8: a room that the store cannot load is one log line in the store’s words; a bug in loading it has its stack', async () => {
  await start();
  store.failure.load = new StoreError('UNREACHABLE', 'MongoDB does not answer');
  await closeOf(await enter(1, 'one'));
  store.failure.load = new TypeError('undefined is not a function');
  await closeOf(await enter(1, 'two'));
  expect(logger.alarms()).toMatchObject([
    { level: 'error', event: 'room could not be loaded', fields: { room: 'one', code: 'UNREACHABLE', error: 'MongoDB does not answer' } },
    { level: 'error', event: 'room could not be loaded', fields: { room: 'two', err: expect.any(TypeError) } },
  ]);
});

it('[RL54] T8: a malformed message makes a refusal with the reason, and no log line of its own', async () => {
  await start();
  const ana = await enter();
  ana.send({ type: 'update', update: new Uint8Array([1, 2, 3, 255]) });
  expect(await closeOf(ana)).toMatchObject({ code: errors.BAD_UPDATE.close });
  expect(refused.at(-1)).toMatchObject({ code: 'BAD_UPDATE', error: expect.any(Error) });
  expect(logger.alarms()).toEqual([]);
});
