/**
 * The MongoDB store with servers and relays that die at the worst moment, links that break, and many writers at once.
 * Every acknowledged token must be in the room at the end, whatever happened.
 */

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { MongodbPersistence } from 'y-mongodb-provider';
import * as Y from 'yjs';
import { compileProgram, type Program } from './fixtures/children.ts';
import { bytes, describeMongo } from './fixtures/mongo.ts';
import { stepBlobOf } from './fixtures/steps.ts';
import { tokensOf } from './fixtures/tokens.ts';
import { joinPositions, START } from './position.ts';
import type { Position } from './port.ts';
import type { MongoStore } from './mongodb.ts';

/** Kills of the server, and as many of a relay. */
const kills = Math.max(3, Math.round(Number(process.env.WETINK_KILLS ?? '20') / 4));
const ROOMS = 3;

describeMongo('faults', 'own', (test) => {
  let program: Program;
  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(() => program.cleanup());

  it('a test’s server is out of reach of Ctrl+C, and ends when the process that started it is killed', async () => {
    const child = program.start('mongo-host-worker', []);
    const [, port, , pid] = (await child.line('port ')).split(' ').map(Number);
    expect(() => process.kill(-Number(pid), 0), 'it leads a group of its own').not.toThrow();
    expect(await isListening(Number(port))).toBe(true);
    expect(Number(port), 'outgoing connections get no such port').toBeLessThan(32_768);
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isListening(Number(port))).toBe(false), { timeout: 10_000, interval: 20 });
  });

  const lostOf = async (store: MongoStore, acknowledged: readonly string[]): Promise<string[]> => {
    const kept = new Set<string>();
    for (let room = 0; room < ROOMS; room++) {
      const loaded = await store.load(`room${room}`);
      expect(loaded.quarantined).toBe(0);
      for (const token of tokensOf(loaded)) kept.add(token);
    }
    return acknowledged.filter((token) => !kept.has(token));
  };
  const acknowledgedBy = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith('room'));

  it(`[MG4] ${kills} times the server is killed under appends and checkpoints of two relays: nothing acknowledged is lost`, async () => {
    const children = ['a', 'b'].map((name) => program.start('mongo-append-worker', [test.server.uri, test.database, name, String(ROOMS)]));
    await Promise.all(children.map((child) => child.line('ready')));
    for (let i = 0; i < kills; i++) {
      await sleep(400 + ((i * 137) % 500));
      await test.server.kill();
      await test.server.restart();
    }
    await sleep(500);
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exit));
    const acknowledged = children.flatMap((child) => acknowledgedBy(child.lines));
    const lost = await lostOf(await test.open(), acknowledged);
    console.log(`server killed ${kills} times: ${acknowledged.length} acknowledged, ${lost.length} lost`);
    expect(acknowledged.length).toBeGreaterThan(50);
    expect(lost).toEqual([]);
  });

  it(`[MG4] ${kills} times a relay is killed beside another that goes on: nothing acknowledged is lost`, async () => {
    const steady = program.start('mongo-append-worker', [test.server.uri, test.database, 'steady', String(ROOMS)]);
    await steady.line('ready');
    const acknowledged: string[] = [];
    for (let i = 0; i < kills; i++) {
      const child = program.start('mongo-append-worker', [test.server.uri, test.database, `k${i}`, String(ROOMS)]);
      await child.line('ready');
      await sleep(200 + ((i * 91) % 300));
      child.kill('SIGKILL');
      await child.exit;
      acknowledged.push(...acknowledgedBy(child.lines));
    }
    steady.kill('SIGKILL');
    await steady.exit;
    acknowledged.push(...acknowledgedBy(steady.lines));
    const lost = await lostOf(await test.open(), acknowledged);
    console.log(`relay killed ${kills} times: ${acknowledged.length} acknowledged, ${lost.length} lost`);
    expect(lost).toEqual([]);
  });

  it('[MG7] T10: a kill between any two commands of checkpoints, an erase, a blob, an upload and their removal leaves the state before or after', async () => {
    const child = program.start('mongo-step-worker', [test.server.uri, test.database]);
    const steps = Number((await child.line('steps ')).split(' ')[1]);
    await child.line('stopped');
    child.kill('SIGKILL');
    expect((await child.exit).signal).toBe('SIGKILL');
    const errors = child.errors().replace(/^.*(ExperimentalWarning|--trace-warnings).*$/gm, '');
    expect(errors.trim()).toBe('');
    expect(steps).toBeGreaterThan(20);
    // The first run, and those that stop after the driver's questions about GridFS's indexes, which only the first one asks.
    expect(child.lines.filter((line) => line.endsWith(' done removal')).length).toBeLessThan(10);
    console.log(`killed at each of ${steps} commands`);
    const store = await test.open();
    await Promise.all(Array.from({ length: steps }, (_, i) => checkStep(store, child.lines, i + 1)));
  });

  const checkStep = async (store: MongoStore, lines: readonly string[], step: number): Promise<void> => {
    const did = (what: string): boolean => lines.includes(`${step} done ${what}`);
    const kept = `kept ${step}`;
    const loaded = await store.load(kept);
    const values = [...new Set([...(loaded.checkpoint ?? []), ...loaded.updates.flatMap((update) => [...update])])].sort();
    for (const value of [1, 2, 3]) if (did(`row ${value}`)) expect(values, `step ${step}`).toContain(value);
    expect(loaded.quarantined, `step ${step}`).toBe(0);
    // An acknowledged checkpoint is in use, and the room goes on.
    for (const value of [1, 2, 3])
      if (did(`checkpoint ${value}`)) expect(loaded.checkpoint?.length, `step ${step}`).toBeGreaterThanOrEqual(value);
    const erased = `erased ${step}`;
    if (did('erase')) expect((await store.load(erased)).isErased, `step ${step}`).toBe(true);
    const appended = await store.append(kept, [bytes(9)]);
    const all = joinPositions(loaded.position, appended);
    expect(await store.checkpoint(kept, new Uint8Array([...values, 9]), all)).toBe('written');
    expect(await store.load(kept)).toMatchObject({ checkpoint: new Uint8Array([...values, 9]), updates: [], quarantined: 0 });
    // Leftovers of the dead process go with the next checkpoint; those of an erased room soon after the store was opened.
    const names = await test.db.collection('checkpoints').distinct('docName', { docName: { $regex: `^kept%20${step}/` } });
    expect(names.length, `step ${step}`).toBeLessThanOrEqual(2);
    const rowsOfErased = (): Promise<number> => test.db.collection('journal').countDocuments({ room: erased });
    if ((await store.load(erased)).isErased) await expect.poll(rowsOfErased, { timeout: 30_000 }).toBe(0);
    const blob = stepBlobOf(step);
    const found = await store.getBlob(blob.hash);
    const mustBe = did('removal') ? [null] : did('blob') && !did('blob again') ? [blob.bytes] : [null, blob.bytes];
    expect(mustBe, `step ${step}`).toContainEqual(found);
    // Leftovers of a broken put are listed, and can be removed without harm to the blob.
    const listed = await store.listBlobs({ prefix: blob.hash, limit: 1 });
    expect(listed.filter(({ isWhole }) => isWhole).length, `step ${step}`).toBe(found === null ? 0 : 1);
    await store.removeBlobs(listed.filter(({ isWhole }) => !isWhole));
    expect(await store.getBlob(blob.hash), `step ${step}`).toEqual(found);
    for (const [collection, key] of [
      ['blobs', '_id'],
      ['blobs.chunks', 'files_id'],
    ] as const) {
      const documents = await test.db.collection(collection).countDocuments({ [key]: { $regex: `^${blob.hash}` } });
      expect(documents, `step ${step}`).toBe(found === null ? 0 : 1);
    }
    // What was held of the upload is there until it is dropped, and it can go on.
    const held = (await store.uploadedBytes(blob.hash)) ?? 0;
    expect(held, `step ${step}`).toBeGreaterThanOrEqual(did('drop') ? 0 : did('parts') ? 4 : did('part') ? 2 : 0);
    if (did('drop')) expect(held).toBe(0);
    await store.writeUpload(blob.hash, held, blob.bytes.subarray(held));
    expect(await store.finishUpload(blob.hash, blob.hash), `step ${step}`).toBe(true);
    await store.dropUpload(blob.hash);
    expect(await store.getBlob(blob.hash), `step ${step}`).toEqual(blob.bytes);
  };

  it('[MG8] loads while another relay checkpoints all the time miss nothing that was acknowledged', async () => {
    const reader = await test.open();
    const writer = await test.open();
    const acknowledged: number[] = [];
    let position: Position = START;
    let isDone = false;
    const write = async (): Promise<void> => {
      for (let i = 0; !isDone; i++) {
        position = joinPositions(position, await writer.append('r', [new Uint8Array(new Uint32Array([i]).buffer)]));
        acknowledged.push(i);
        if (i % 3 === 2) await writer.checkpoint('r', new Uint8Array(new Uint32Array(acknowledged).buffer), position);
      }
    };
    const writing = write();
    let loads = 0;
    let misses = 0;
    try {
      for (; loads < 300; loads++) {
        const before = [...acknowledged];
        const { checkpoint, updates } = await reader.load('r');
        const found = new Set([checkpoint ?? new Uint8Array(), ...updates].flatMap((part) => [...new Uint32Array(part.slice().buffer)]));
        if (before.some((value) => !found.has(value))) misses += 1;
      }
    } finally {
      isDone = true;
      await writing;
    }
    console.log(`${loads} loads during ${acknowledged.length} appends: ${misses} missed something`);
    expect(misses).toBe(0);
  });

  it('[MG8] two compactors at once leave one complete checkpoint and its fallback', async () => {
    const [a, b] = [await test.open(), await test.open()];
    for (let i = 0; i < 15; i++) {
      await a.append('r', [bytes(i)]);
      const loaded = await b.load('r');
      const state = new Uint8Array([...(loaded.checkpoint ?? []), ...loaded.updates.flatMap((update) => [...update])]);
      const outcomes = await Promise.all([a.checkpoint('r', state, loaded.position), b.checkpoint('r', state, loaded.position)]);
      expect(outcomes).toEqual(['written', 'written']);
      expect(await a.load('r')).toMatchObject({ checkpoint: state, updates: [], quarantined: 0 });
    }
    expect(await test.db.collection('checkpoints').distinct('docName')).toHaveLength(2);
  });

  it('[MG2] after a lost answer, an election or a late majority an append is sent again and kept once', async () => {
    const store = await test.open();
    const faults = [
      { closeConnection: true },
      { errorCode: 11600, closeConnection: false }, // interrupted at shutdown
      { errorCode: 10107, errorLabels: ['RetryableWriteError'] }, // not primary
      { errorCode: 189 }, // primary stepped down
      { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }, // it happened, but is not confirmed
    ];
    const expected: Uint8Array[] = [];
    for (const [i, fault] of faults.entries()) {
      for (const times of [1, 2]) {
        await test.failNext('insert', times, fault);
        await store.append('r', [bytes(i, times)]);
        expected.push(bytes(i, times));
        expect((await store.load('r')).updates, JSON.stringify(fault)).toEqual(expected);
      }
    }
  });

  it('[MG22] T7: a database that takes no rows refuses probes too, whatever else it takes, and accepts both again later', async () => {
    const store = await test.open();
    await store.append('r', [bytes(1)]);
    for (const [errorCode, code] of [
      [14031, 'FULL'],
      [13, 'NOT_WRITABLE'],
    ] as const) {
      await test.failNext('insert', 4, { errorCode });
      for (let i = 0; i < 2; i++) {
        await expect(store.append('r', [new Uint8Array(30_000)])).rejects.toMatchObject({ code });
        await expect(store.probe(30_000)).rejects.toMatchObject({ code });
      }
      await store.probe(30_000);
      await store.append('r', [bytes(2)]);
    }
    expect((await store.load('r')).updates).toEqual([bytes(1), bytes(2), bytes(2)]);
  });

  it('[MG22] T7: rows of an unfinished probe are deleted by the next probe of any relay', async () => {
    const [a, b] = [await test.open(), await test.open()];
    await test.failNext('delete', 1, { errorCode: 13 });
    await expect(a.probe(20_000_000)).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    expect(await test.db.collection('journal').countDocuments()).toBe(2);
    expect(await b.list({ limit: 10 })).toEqual([]);
    await b.probe();
    expect(await test.db.collection('journal').countDocuments()).toBe(0);
  });

  it('[MG14] while a server is away calls fail with UNREACHABLE, nothing is half done, and later calls work again', async () => {
    // The system clock may be set back meanwhile; that must not make the wait longer.
    let clock = Date.now();
    const now = (): number => (clock -= 3_600_000);
    const store = await test.open({ uri: `${test.server.uri}?serverSelectionTimeoutMS=500`, retryForMs: 1_000, now });
    const position = await store.append('r', [bytes(1)]);
    await test.server.kill();
    const [loaded, written, probed, appended] = await Promise.allSettled([
      store.load('r'),
      store.checkpoint('r', bytes(1), position),
      store.probe(),
      store.append('r', [bytes(2)]),
    ]);
    await test.server.restart();
    for (const result of [loaded, written, probed, appended])
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'UNREACHABLE' } });
    await store.append('r', [bytes(3)]);
    const { updates, checkpoint } = await store.load('r');
    expect(checkpoint).toBeNull();
    expect(updates).toEqual(expect.arrayContaining([bytes(1), bytes(3)]));
  });

  it('[MG6] a checkpoint that fails in the middle changes nothing, and y-mongodb-provider cannot hide it', async () => {
    const store = await test.open();
    const position = await store.append('r', [bytes(1)]);
    for (const [command, code] of [
      ['update', 13],
      ['find', 8000],
    ] as const) {
      for (const skip of [0, 1, 2, 3]) {
        await test.client.db('admin').command({
          configureFailPoint: 'failCommand',
          mode: { skip },
          data: { failCommands: [command], errorCode: code },
        });
        const outcome = await store.checkpoint('r', bytes(1), position).catch((error: unknown) => error);
        await test.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
        if (outcome !== 'written') expect(outcome).toMatchObject({ name: 'StoreError', code: 'NOT_WRITABLE' });
        expect(await store.load('r')).toMatchObject({ quarantined: 0, position });
      }
    }
    expect(await store.checkpoint('r', bytes(1), position)).toBe('written');
  });

  it('[MG18] plain y-mongodb-provider loses updates of two writers on this server; this store loses none', async () => {
    const COUNT = 60;
    const updatesOf = (writer: number): Uint8Array[] => {
      const doc = new Y.Doc();
      const updates: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array) => updates.push(update));
      for (let i = 0; i < COUNT; i++) doc.getMap('m').set(`w${writer}-${i}`, i);
      return updates;
    };
    const sources = [updatesOf(0), updatesOf(1)];

    const providers = sources.map(() => new MongodbPersistence({ client: test.client, db: test.db }, {}));
    const stored = await Promise.all(sources.flatMap((updates, i) => updates.map((update) => providers[i]?.storeUpdate('plain', update))));
    const plain = (await new MongodbPersistence({ client: test.client, db: test.db }, {}).getYDoc('plain')).getMap('m').size;

    const stores = [await test.open(), await test.open()];
    await Promise.all(sources.flatMap((updates, i) => updates.map((update) => stores[i]?.append('ours', [update]))));
    const doc = new Y.Doc();
    for (const update of (await (await test.open()).load('ours')).updates) Y.applyUpdate(doc, update);

    console.log(
      `two writers, ${2 * COUNT} updates: plain y-mongodb-provider said "stored" ${stored.filter((clock) => typeof clock === 'number').length} times and kept ${plain} keys; this store kept ${doc.getMap('m').size}`,
    );
    expect(doc.getMap('m').size).toBe(2 * COUNT);
    expect(plain).toBeLessThan(2 * COUNT);
  });

  it('[MG1] appends of many rooms and relays at once stay in their order, and none is lost', async () => {
    const stores = [await test.open(), await test.open(), await test.open()];
    await Promise.all(
      stores.flatMap((store, s) =>
        Array.from({ length: 300 }, (_, i) => store.append(`room ${i % 10}`, [new Uint8Array(new Uint16Array([s, i]).buffer)])),
      ),
    );
    for (let room = 0; room < 10; room++) {
      const { updates } = await (stores[0] as MongoStore).load(`room ${room}`);
      const pairs = updates.map((update) => [...new Uint16Array(update.slice().buffer)]);
      for (const s of [0, 1, 2])
        expect(pairs.filter(([by]) => by === s).map(([, i]) => i)).toEqual(Array.from({ length: 30 }, (_, i) => i * 10 + room));
    }
  });
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
