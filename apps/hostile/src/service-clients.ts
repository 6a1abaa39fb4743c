/** Ways to connect to a service, and their outcomes. */

import { connect, type Socket } from 'node:net';
import { decodeFrame, encodeMessage } from '@wetink/protocol';
import { WebSocket } from 'ws';
import { comesTrue } from './clients.ts';
import type { ServiceTarget } from './service-target.ts';

export interface Upgrade {
  /** 101, or the status of the refusal; 0: the socket broke. */
  status: number;
  retryAfter: string | undefined;
}

const open = new Set<{ close(): void }>();

/** Closes all sockets of attackers. */
export function closeSockets(): void {
  for (const socket of open) socket.close();
  open.clear();
}

/** Requests an upgrade. Closes the socket at once, unless `isKept`. @returns The answer. */
export function upgrade(
  service: ServiceTarget,
  path: string,
  headers: Record<string, string> = {},
  { isKept = false } = {},
): Promise<Upgrade & { ws: WebSocket }> {
  const ws = new WebSocket(`${service.url}${path}`, { headers, perMessageDeflate: false });
  open.add({ close: () => ws.terminate() });
  return new Promise((resolve) => {
    const done = (status: number, retryAfter?: string): void => {
      resolve({ status, retryAfter, ws });
      if (!isKept || status !== 101) ws.terminate();
    };
    ws.on('open', () => done(101));
    ws.on('unexpected-response', (_request, response) => {
      response.resume();
      done(response.statusCode ?? 0, response.headers['retry-after']);
    });
    ws.on('error', () => done(0));
  });
}

export interface Entrance {
  isIn: boolean;
  userId: string;
  /** Code and reason of the close frame, or the status of the upgrade. */
  answer: string;
}

/** Enters as a Wetink client, with the token in the first message. A server that does not start with a hello needs none. */
export function enterByMessage(service: ServiceTarget, room: string, token: string): Promise<Entrance> {
  const ws = new WebSocket(`${service.url}/${room}?wetink=1`);
  return new Promise((resolve) => {
    const done = (entrance: Entrance): void => {
      resolve(entrance);
      ws.terminate();
    };
    ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true, maxFrameBytes: Number.MAX_SAFE_INTEGER })) {
        if (message.type === 'hello') ws.send(encodeMessage({ type: 'authenticate', clientId: 7, token }));
        else if (message.type === 'welcome') done({ isIn: true, userId: message.userId, answer: 'welcome' });
        else if (message.type.startsWith('sync')) done({ isIn: true, userId: '', answer: 'in, without a token' });
      }
    });
    ws.on('close', (code, reason) => done({ isIn: false, userId: '', answer: `${code} ${reason.toString()}` }));
    ws.on('unexpected-response', (_request, response) => done({ isIn: false, userId: '', answer: String(response.statusCode) }));
    ws.on('error', () => undefined); // A close event follows.
  });
}

/** Enters as a stock client: it is in once it receives a message. */
export function enterStock(service: ServiceTarget, path: string, headers: Record<string, string> = {}): Promise<Entrance> {
  const ws = new WebSocket(`${service.url}/${path}`, { headers });
  return new Promise((resolve) => {
    const done = (entrance: Pick<Entrance, 'isIn' | 'answer'>): void => {
      resolve({ userId: '', ...entrance });
      ws.terminate();
    };
    ws.on('message', () => done({ isIn: true, answer: 'in' }));
    ws.on('close', (code, reason) => done({ isIn: false, answer: `${code} ${reason.toString()}` }));
    ws.on('unexpected-response', (_request, response) => done({ isIn: false, answer: String(response.statusCode) }));
    ws.on('error', () => undefined); // A close event follows.
  });
}

/** A socket that sends the beginning of a request, then nothing. */
export class HalfRequest {
  readonly socket: Socket;
  isClosed = false;

  constructor(service: ServiceTarget, bytes: string) {
    this.socket = connect(service.port, '127.0.0.1', () => this.socket.write(bytes));
    this.socket.on('error', () => (this.isClosed = true));
    this.socket.on('close', () => (this.isClosed = true));
    this.socket.resume();
    open.add({ close: () => this.socket.destroy() });
  }

  async settled(): Promise<void> {
    await comesTrue(() => this.isClosed || !this.socket.connecting, 5_000);
  }
}
