/** A relay on a port of its own, and clients for it: stock y-websocket providers and bare sockets. For tests only. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeFrame, encodeMessage, type Message } from '@wetink/protocol';
import { createMemoryStore, type Store } from '@wetink/storage';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { createRelay, type Relay } from '../relay.ts';
import type { RelayOptions } from '../relay-options.ts';
import { joinRows } from '../document/row-parts.ts';

export interface TestRelay {
  relay: Relay;
  store: Store;
  server: Server;
  /** ws://127.0.0.1:port */
  url: string;
  close(): Promise<void>;
}

export async function startRelay(options: Partial<RelayOptions> & { port?: number } = {}): Promise<TestRelay> {
  const store = options.store ?? createMemoryStore();
  const relay = createRelay({ ...options, store });
  const server = createServer((_request, response) => response.end());
  relay.attach(server);
  await new Promise<void>((resolve) => server.listen({ port: options.port ?? 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    relay,
    store,
    server,
    url: `ws://127.0.0.1:${port}`,
    async close() {
      await relay.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Stock {
  doc: Y.Doc;
  provider: WebsocketProvider;
  closes: { code: number; reason: string }[];
  close(): void;
}

export type StockOptions = ConstructorParameters<typeof WebsocketProvider>[3];

/** disableBc: two providers in one process would otherwise sync past the server, and the test would prove nothing. */
export function stock(url: string, room: string, doc = new Y.Doc(), options: StockOptions = {}): Stock {
  const provider = new WebsocketProvider(url, room, doc, { disableBc: true, WebSocketPolyfill: WebSocket as never, ...options });
  const closes: { code: number; reason: string }[] = [];
  provider.on('connection-close', (event: { code: number; reason: string } | null) => {
    if (event !== null) closes.push({ code: event.code, reason: event.reason });
  });
  return {
    doc,
    provider,
    closes,
    close() {
      provider.destroy();
      provider.awareness.destroy();
      doc.destroy();
    },
  };
}

/** A client that sends and receives single messages and keeps all it received. */
export class Bare {
  readonly ws: WebSocket;
  readonly received: Message[] = [];
  readonly frames: Uint8Array[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly #isExtension: boolean;

  constructor(url: string, room: string, options: { isExtension?: boolean; query?: string } = {}) {
    this.#isExtension = options.isExtension ?? false;
    const query = [this.#isExtension ? 'wetink=1' : '', options.query ?? ''].filter((part) => part !== '').join('&');
    this.ws = new WebSocket(`${url}/${room}${query === '' ? '' : `?${query}`}`);
    this.ws.on('message', (data) => {
      const frame = new Uint8Array(data as Buffer);
      this.frames.push(frame);
      this.received.push(...decodeFrame(frame, { isExtension: this.#isExtension }));
    });
    this.ws.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.ws.on('error', (error) => (this.error = error));
  }

  error: Error | null = null;

  send(...messages: Message[]): void {
    for (const message of messages) this.ws.send(encodeMessage(message));
  }

  of<T extends Message['type']>(type: T): Extract<Message, { type: T }>[] {
    return this.received.filter((message): message is Extract<Message, { type: T }> => message.type === type);
  }

  async opened(): Promise<this> {
    await until(() => this.ws.readyState === WebSocket.OPEN || this.closed !== null, 'socket open');
    return this;
  }

  close(): void {
    this.ws.terminate();
  }
}

/** An extension client that has authenticated and received `welcome`. */
export async function joined(url: string, room: string, clientId: number, options: { token?: string } = {}): Promise<Bare> {
  const bare = new Bare(url, room, { isExtension: true });
  await until(() => bare.of('hello').length > 0, 'hello');
  bare.send({ type: 'authenticate', clientId, token: options.token ?? '' });
  await until(() => bare.of('welcome').length > 0 || bare.closed !== null, 'welcome');
  return bare;
}

export async function until(condition: () => boolean, what: string, timeoutMs = 25_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The update that an edit of a document makes. */
export function change(doc: Y.Doc, edit: (doc: Y.Doc) => void): Uint8Array {
  const before = Y.encodeStateVector(doc);
  edit(doc);
  return Y.encodeStateAsUpdate(doc, before);
}

/** The document as the store would return it. */
export async function storedDoc(store: Store, room: string): Promise<Y.Doc> {
  const stored = await store.load(room);
  const doc = new Y.Doc();
  const changes = joinRows(stored.updates).map(({ update }) => update);
  for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...changes]) Y.applyUpdate(doc, update);
  return doc;
}
