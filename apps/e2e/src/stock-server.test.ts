/** Our client against the server that ships with y-websocket 2 (the last one for Yjs 13), in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openRoom, type Room, type SocketConstructor } from '@wetink/sync';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { freePort } from './harness.ts';

const program = join(dirname(createRequire(import.meta.url).resolve('y-websocket-2/package.json')), 'bin/server.cjs');

let server: ChildProcess;
let url: string;
const closers: (() => unknown)[] = [];

async function startServer(port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

beforeAll(async () => {
  const port = await freePort();
  url = `ws://127.0.0.1:${port}`;
  server = await startServer(port);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => {
  server.kill('SIGKILL');
});

function open(room: string): Room {
  const opened = openRoom({
    url,
    room,
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: WebSocket as unknown as SocketConstructor },
  });
  closers.push(() => opened.close());
  return opened;
}

function openStock(room: string): WebsocketProvider {
  // disableBc: otherwise two providers of one process sync past the server, and this would prove nothing.
  const provider = new WebsocketProvider(url, room, new Y.Doc(), {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  closers.push(() => provider.destroy());
  return provider;
}

it('edits and presence go both ways with a stock client, and nothing is called saved', async () => {
  const ours = open('both ways');
  const stock = openStock('both ways');
  ours.doc.getMap('m').set('ours', 1);
  stock.doc.getMap('m').set('stock', 2);
  await expect.poll(() => stock.doc.getMap('m').toJSON()).toEqual({ ours: 1, stock: 2 });
  await expect.poll(() => ours.doc.getMap('m').toJSON()).toEqual({ ours: 1, stock: 2 });
  ours.awareness.setLocalState({ name: 'Ana' });
  stock.awareness.setLocalState({ name: 'Ben' });
  await expect.poll(() => ours.awareness.getStates().get(stock.doc.clientID)).toEqual({ name: 'Ben' });
  await expect.poll(() => stock.awareness.getStates().get(ours.doc.clientID)).toEqual({ name: 'Ana' });
  await expect.poll(() => ours.status.kind).toBe('sent');
});

it('edits made while the server was away go up when it is back', async () => {
  const port = await freePort();
  let own = await startServer(port);
  const room = openRoom({
    url: `ws://127.0.0.1:${port}`,
    room: 'away',
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: WebSocket as unknown as SocketConstructor },
  });
  closers.push(() => room.close());
  await room.whenSynced;
  own.kill('SIGKILL');
  await once(own, 'exit');
  room.doc.getMap('m').set('offline', true);
  own = await startServer(port);
  closers.push(() => own.kill('SIGKILL'));
  const stock = new WebsocketProvider(`ws://127.0.0.1:${port}`, 'away', new Y.Doc(), {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  closers.push(() => stock.destroy());
  await expect.poll(() => stock.doc.getMap('m').toJSON(), { timeout: 30_000 }).toEqual({ offline: true });
});
