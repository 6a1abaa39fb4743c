/** Clients of both kinds that trust the cluster's certificate. For tests only. */

import { openRoom, type Room } from '@wetink/sync';
import { WebSocket, type ClientOptions } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Cluster } from './cluster.mjs';

/** A WebSocket class that trusts one certificate authority and sends the given headers. */
export function trusting(certificate: string, headers: Record<string, string> = {}): new (url: string | URL) => WebSocket {
  const options: ClientOptions = { headers, ...(certificate === '' ? {} : { ca: certificate }) };
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols, options);
    }
  };
}

export interface Person {
  doc: Y.Doc;
  close(): Promise<void>;
}

/** A stock y-websocket client, without BroadcastChannel, so that it reaches other clients only through the server. */
export function stockPerson(cluster: Cluster, room: string, url = cluster.url): Person & { provider: WebsocketProvider } {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, room, doc, {
    disableBc: true,
    WebSocketPolyfill: trusting(cluster.certificate) as unknown as typeof globalThis.WebSocket,
  });
  return { doc, provider, close: () => Promise.resolve(provider.destroy()) };
}

/** A Wetink client. */
export function person(cluster: Cluster, room: string, url = cluster.url): Person & { room: Room } {
  const opened = openRoom({
    url,
    room,
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: trusting(cluster.certificate) as never },
  });
  return { doc: opened.doc, room: opened, close: () => opened.close() };
}

/** @throws {Error} with `what` and the state when it does not become true. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
  state: () => unknown = () => '',
  timeoutMs = 30_000,
): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await isTrue())) {
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms for ${what}: ${JSON.stringify(state())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
