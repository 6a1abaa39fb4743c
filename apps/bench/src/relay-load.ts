/**
 * The load of relay.bench.ts, in a process of its own: sends what a client of either system would send, without the
 * client's other work (no rendering, no offline copy), so that the figures are about the server.
 *
 * Times are taken in this process only. Updates are sent on a schedule that does not wait for answers, and a latency
 * counts from the scheduled moment, so a stalled server also counts when it stalls the sender.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { decodeFrame, encodeMessage, limits, type ClientMessage } from '@wetink/protocol';
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { encode, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import WebSocket from 'ws';
import * as Y from 'yjs';

export type System = 'wetink' | 'hocuspocus';
export type Task =
  | { kind: 'acks'; perSecond: number; seconds: number }
  | { kind: 'joins'; joins: number }
  | { kind: 'seen'; updates: number; perSecond: number }
  | { kind: 'idle'; connections: number };

interface Server {
  url: string;
  token: string;
}
export interface LoadSettings extends Server {
  system: System;
  /** The room for measuring joins. */
  board: string;
  task: Task;
}
export type Figures = Record<string, number>;
/** Messages of this process. `idle` requests the server's memory before and after, and waits for an answer each time. */
export type LoadMessage = { measure: 'before' | 'after' } | { figures: Figures };

/** Rooms with one writer and one reader each, so that fan-out is part of the work. */
const ROOMS = 50;
const WARM_UP_MS = 2_000;
/** About the size of a short stroke. */
const PAYLOAD_BYTES = 200;
const SMALL_ROOM_STROKES = 50;
const IDLE_PER_ROOM = 10;
const IDLE_WARM_UP = 100;
const IDLE_SETTLE_MS = 4_000;
const ANSWER_TIMEOUT_MS = 60_000;
const emptyVector = Y.encodeStateVector(new Y.Doc());

interface Client {
  /** The document that the server sent. */
  joined: Promise<Uint8Array>;
  send(update: Uint8Array): void;
  close(): void;
}

interface Listener {
  /** Called when the first `count` updates of this client are acknowledged. */
  onAck?(count: number): void;
  onUpdate?(update: Uint8Array): void;
}

const given = process.env['WETINK_BENCH_LOAD'];
if (given !== undefined) {
  const { system, url, token, board, task } = JSON.parse(given) as LoadSettings;
  const figures = await perform(task, board, (room, listener) =>
    (system === 'wetink' ? openWetink : openHocuspocus)({ url, token }, room, listener ?? {}),
  );
  tell({ figures });
  process.disconnect();
}

type Open = (room: string, listener?: Listener) => Client;

function perform(task: Task, board: string, open: Open): Promise<Figures> {
  if (task.kind === 'acks') return acks(open, task.perSecond, task.seconds);
  if (task.kind === 'joins') return joins(open, task.joins, board);
  if (task.kind === 'seen') return seen(open, task.updates, task.perSecond);
  return idle(open, task.connections);
}

async function acks(open: Open, perSecond: number, seconds: number): Promise<Figures> {
  const updateCount = Math.round(perSecond * (WARM_UP_MS / 1_000 + seconds));
  const warmUp = Math.round((perSecond * WARM_UP_MS) / 1_000);
  const updates = updatesOf(updateCount);
  const ackedAt = new Float64Array(updateCount);
  let acked = 0;
  const writers = await joinAll(
    Array.from({ length: ROOMS }, (_, room) => {
      let next = room; // This writer sends the updates room, room + ROOMS, …
      let count = 0;
      return open(`acks-${perSecond}-${room}`, {
        onAck(upTo) {
          const now = performance.now();
          for (; count < upTo && next < updateCount; count += 1, next += ROOMS) {
            ackedAt[next] = now;
            acked += 1;
          }
        },
      });
    }),
  );
  const readers = await joinAll(Array.from({ length: ROOMS }, (_, room) => open(`acks-${perSecond}-${room}`)));
  const startedAt = performance.now() + 100;
  const dueAt = (i: number): number => startedAt + (i * 1_000) / perSecond;
  const lateness: number[] = [];
  await onSchedule(updateCount, dueAt, (i) => {
    lateness.push(performance.now() - dueAt(i));
    writers[i % ROOMS]?.send(updates[i] as Uint8Array);
  });
  await until(
    () => acked === updateCount,
    () => `${updateCount - acked} of ${updateCount} updates were never acknowledged`,
  );
  for (const client of [...writers, ...readers]) client.close();
  const latencies = Array.from(ackedAt, (at, i) => at - dueAt(i)).slice(warmUp);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), sentLateP99: quantile(lateness.slice(warmUp), 0.99) };
}

/** Measures joins, one after the other: from opening a socket, through authentication, to having the document. */
async function joins(open: Open, count: number, room: string): Promise<Figures> {
  const keeper = open(room);
  await keeper.joined;
  for (const update of updatesOf(SMALL_ROOM_STROKES)) keeper.send(update);
  await pause(1_000);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    const client = open(room);
    const state = await client.joined;
    times.push(performance.now() - startedAt);
    if (state.length < SMALL_ROOM_STROKES * PAYLOAD_BYTES) throw new Error(`join ${i} got ${state.length} bytes, not the room's document`);
    client.close();
  }
  keeper.close();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** Measures the time from one client's change to another client's document. */
async function seen(open: Open, count: number, perSecond: number): Promise<Figures> {
  const latencies: number[] = [];
  const changedAt: number[] = [];
  const ours = new Y.Doc();
  const theirs = new Y.Doc();
  theirs.getArray<number>('changes').observe((event) => {
    const now = performance.now();
    for (const { insert } of event.changes.delta) for (const i of (insert ?? []) as number[]) latencies.push(now - (changedAt[i] ?? now));
  });
  const writer = open('seen');
  const reader = open('seen', { onUpdate: (update) => Y.applyUpdate(theirs, update) });
  await joinAll([writer, reader]);
  ours.on('update', (update: Uint8Array) => writer.send(update));
  const startedAt = performance.now() + 100;
  await onSchedule(
    count,
    (i) => startedAt + (i * 1_000) / perSecond,
    (i) => {
      changedAt.push(performance.now());
      ours.getArray<number>('changes').push([i]);
    },
  );
  await until(
    () => latencies.length === count,
    () => `${latencies.length} of ${count} changes arrived`,
  );
  writer.close();
  reader.close();
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

/** Measures the memory of joined, silent clients. The first ones only warm the server up. */
async function idle(open: Open, count: number): Promise<Figures> {
  const openMany = (name: string, many: number): Promise<Client[]> =>
    joinAll(Array.from({ length: many }, (_, i) => open(`${name}-${Math.floor(i / IDLE_PER_ROOM)}`)));
  for (const client of await openMany('warm', IDLE_WARM_UP)) client.close();
  await pause(IDLE_SETTLE_MS);
  await measured('before');
  const clients: Client[] = [];
  // In batches, because the length of a listen queue is limited.
  for (let i = 0; i < count; i += IDLE_WARM_UP) clients.push(...(await openMany(`idle-${i}`, Math.min(IDLE_WARM_UP, count - i))));
  await pause(IDLE_SETTLE_MS);
  await measured('after');
  for (const client of clients) client.close();
  return { connections: clients.length };
}

/** Opens a Wetink client: it sends the token after the relay's hello, and requests the document after the welcome. */
function openWetink({ url, token }: Server, room: string, { onAck, onUpdate }: Listener): Client {
  const socket = openSocket(`${url}/${room}?wetink=1`);
  const send = (message: ClientMessage): void => socket.send(encodeMessage(message));
  let isExtension = false;
  const joined = new Promise<Uint8Array>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`the relay closed with ${code}`)));
    socket.on('message', (data: Buffer) => {
      for (const message of decodeFrame(data, { isExtension, maxFrameBytes: limits.maxMessageBytes })) {
        if (message.type === 'hello') {
          isExtension = true;
          send({ type: 'authenticate', clientId: Math.floor(Math.random() * 2 ** 31), token });
        } else if (message.type === 'welcome') send({ type: 'sync-step-1', stateVector: emptyVector });
        else if (message.type === 'sync-step-2') resolve(message.update);
        else if (message.type === 'update') onUpdate?.(message.update);
        else if (message.type === 'ack') onAck?.(message.count);
        else if (message.type === 'refused') reject(new Error(`the relay refused: ${message.code}`));
      }
    });
  });
  return { joined, send: (update) => send({ type: 'update', update }), close: () => socket.terminate() };
}

/** Opens a client like HocuspocusProvider 4.7: token and first sync message at once. One SyncStatus message per update. */
function openHocuspocus({ url, token }: Server, room: string, { onAck, onUpdate }: Listener): Client {
  const AUTH = 2;
  const SYNC_STATUS = 8;
  const socket = openSocket(url);
  let acked = 0;
  const send = (type: number, subtype: number, body: Uint8Array | string): void =>
    socket.send(
      encode((encoder) => {
        writeVarString(encoder, room);
        writeVarUint(encoder, type);
        writeVarUint(encoder, subtype);
        if (typeof body === 'string') writeVarString(encoder, body);
        else writeVarUint8Array(encoder, body);
      }),
    );
  const joined = new Promise<Uint8Array>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`Hocuspocus closed with ${code}`)));
    socket.on('open', () => {
      send(AUTH, 0, token);
      send(0, 0, emptyVector);
    });
    socket.on('message', (data: Buffer) => {
      const decoder = createDecoder(new Uint8Array(data));
      readVarString(decoder);
      const type = readVarUint(decoder);
      if (type === AUTH && readVarUint(decoder) === 1) reject(new Error('Hocuspocus refused the token'));
      if (type === SYNC_STATUS) {
        if (readVarUint(decoder) !== 1) throw new Error('Hocuspocus refused an update');
        acked += 1;
        onAck?.(acked);
      }
      if (type !== 0 && type !== 4) return;
      const step = readVarUint(decoder);
      if (step === 1) resolve(readVarUint8Array(decoder));
      if (step === 2) onUpdate?.(readVarUint8Array(decoder));
    });
  });
  return { joined, send: (update) => send(0, 2, update), close: () => socket.terminate() };
}

function openSocket(url: string): WebSocket {
  return new WebSocket(url, { perMessageDeflate: false });
}

async function joinAll(clients: Client[]): Promise<Client[]> {
  await Promise.all(clients.map(({ joined }) => joined));
  return clients;
}

/** Makes the updates before the measurement. Update i belongs to writer i % ROOMS. */
function updatesOf(count: number): Uint8Array[] {
  const docs = Array.from({ length: ROOMS }, () => new Y.Doc());
  const updates: Uint8Array[] = [];
  for (const doc of docs) doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) {
    const payload = new Uint8Array(PAYLOAD_BYTES).map((_, at) => i * 31 + at * 7);
    docs[i % ROOMS]?.getMap('strokes').set(`stroke-${i}`, payload);
  }
  return updates;
}

async function onSchedule(count: number, dueAt: (i: number) => number, send: (i: number) => void): Promise<void> {
  for (let i = 0; i < count;) {
    const now = performance.now();
    for (; i < count && dueAt(i) <= now; i++) send(i);
    await pause(1);
  }
}

async function until(isTrue: () => boolean, problem: () => string): Promise<void> {
  const deadline = performance.now() + ANSWER_TIMEOUT_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(problem());
    await pause(5);
  }
}

function measured(measure: 'before' | 'after'): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve());
    tell({ measure });
  });
}

function tell(message: LoadMessage): void {
  process.send?.(message);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
