/** Calls the HTTP API of a relay and enters its rooms, as Wetink's and as stock clients do. For tests only. */

import { decodeFrame, encodeMessage, type Role } from '@wetink/protocol';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

export interface ApiAnswer {
  status: number;
  headers: Headers;
  /** The body, not parsed. */
  text: string;
  body: ApiAnswerBody;
}

export interface ApiAnswerBody {
  token: string;
  ticket: string;
  user: { id: string; name?: string };
  expiresAtMs: number;
  error: { code: string; message: string };
  board: {
    id: string;
    role: Role;
    everyone: string;
    owner: { id: string; name?: string };
    links?: { id: string; role: string; key: string }[];
    members?: { user: { id: string; name?: string }; role: string; via: string }[];
  };
  link: { id: string; role: string; key: string };
}

export class ApiClient {
  /** Such as http://127.0.0.1:8787. */
  origin = '';

  /** @param body A string is sent unchanged, anything else as JSON. */
  async call(method: string, path: string, token: string | null, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const answer = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: (text === '' ? {} : JSON.parse(text)) as ApiAnswerBody };
  }

  post(path: string, token: string | null, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer> {
    return this.call('POST', path, token, body, headers);
  }

  /** A new guest. */
  async guest(name: string): Promise<{ token: string; id: string }> {
    const { body } = await this.post('/v1/guests', null, { name });
    return { token: body.token, id: body.user.id };
  }

  /** Makes a board owned by the token's user. */
  async board(token: string, everyone = 'none'): Promise<string> {
    const { status, text, body } = await this.post('/v1/boards', token, { everyone });
    if (status !== 201) throw new Error(text);
    return body.board.id;
  }

  /** Enters as a Wetink client, with the token in its first message. */
  enter(room: string, token: string, headers: Record<string, string> = {}): Promise<Entered> {
    return new Promise((resolve, reject) => {
      const staying = this.stay(room, token, headers);
      staying.onRole((role, userId) => {
        resolve({ userId, role });
        staying.close();
      });
      staying.onEnd((code, reason) => resolve({ code, reason }));
      staying.onError(reject);
    });
  }

  /** As `enter`, but stays connected. */
  stay(room: string, token: string, headers: Record<string, string> = {}): Staying {
    return new Staying(`${this.origin.replace('http', 'ws')}/${room}?wetink=1`, token, headers);
  }

  /** Writes an update to a room and waits until it is acknowledged. */
  async write(room: string, token: string): Promise<void> {
    const doc = new Y.Doc();
    doc.getMap('m').set('k', 1);
    const ws = new WebSocket(`${this.origin.replace('http', 'ws')}/${room}?wetink=1`);
    await new Promise<void>((resolve, reject) => {
      ws.on('message', (data) => {
        for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
          if (message.type === 'hello') ws.send(encodeMessage({ type: 'authenticate', clientId: doc.clientID, token }));
          if (message.type === 'welcome') ws.send(encodeMessage({ type: 'update', update: Y.encodeStateAsUpdate(doc) }));
          if (message.type === 'ack') resolve();
        }
      });
      ws.on('close', (code, reason) => reject(new Error(`${code} ${reason.toString()}`)));
      ws.on('error', reject);
    });
    ws.terminate();
  }

  /** Enters as a stock client: it sends a token only in the query, and is in once it receives a message. */
  enterStock(room: string, token: string | null, headers: Record<string, string> = {}): Promise<'in' | Entered> {
    const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
    const ws = new WebSocket(`${this.origin.replace('http', 'ws')}/${room}${query}`, { headers });
    return new Promise((resolve, reject) => {
      ws.on('message', () => {
        resolve('in');
        ws.terminate();
      });
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
      ws.on('error', reject);
    });
  }
}

export type Entered = { userId: string; role: string } | { code: number; reason: string };

/** A connected client: the roles that the relay sent it, and how the connection ended. */
export class Staying {
  readonly roles: string[] = [];
  ended: { code: number; reason: string } | null = null;
  readonly #ws: WebSocket;
  readonly #listeners: ((role: string, userId: string) => void)[] = [];

  constructor(url: string, token: string, headers: Record<string, string>) {
    this.#ws = new WebSocket(url, { headers });
    this.#ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') this.#ws.send(encodeMessage({ type: 'authenticate', clientId: 7, token }));
        if (message.type === 'welcome') this.#welcomed(message.role, message.userId);
      }
    });
    this.#ws.on('close', (code, reason) => (this.ended = { code, reason: reason.toString() }));
    // Without a listener an error would end the process; tests read `ended` instead.
    this.#ws.on('error', () => undefined);
  }

  onRole(listener: (role: string, userId: string) => void): void {
    this.#listeners.push(listener);
  }

  onEnd(listener: (code: number, reason: string) => void): void {
    this.#ws.on('close', (code, reason) => listener(code, reason.toString()));
  }

  onError(listener: (error: Error) => void): void {
    this.#ws.on('error', listener);
  }

  close(): void {
    this.#ws.terminate();
  }

  #welcomed(role: string, userId: string): void {
    this.roles.push(role);
    for (const listener of this.#listeners) listener(role, userId);
  }
}

/** @param atMostMs Only ends a test that hangs; not an expected duration. */
export async function until(isTrue: () => boolean, what: string, atMostMs = 25_000): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > atMostMs / 10) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
