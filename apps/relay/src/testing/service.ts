/** A whole relay with its own port and folder, everything it logs, and clients for it. For tests only. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeFrame, encodeMessage, type Role } from '@wetink/protocol';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { parseConfig } from '../config.ts';
import { createMask } from '../secrets.ts';
import { escapeUnseen } from '../unseen.ts';
import { startService, type Service } from '../service.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, not parsed. */
  text: string;
  body: AnswerBody;
}

export interface AnswerBody {
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

export class TestService {
  folder = '';
  log = '';
  origin = '';
  #service: Service | null = null;

  /** Starts on the folder of the previous start, if there was one. */
  async start(env: Record<string, string> = {}): Promise<string> {
    await this.stop();
    if (this.folder === '') this.folder = await mkdtemp(join(tmpdir(), 'wetink-service-'));
    const parsed = parseConfig([], { PORT: '0', WETINK_DATA: this.folder, WETINK_DRAIN_SPREAD_SECONDS: '0', ...env });
    if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
    const mask = createMask([]);
    // As in main, but not to stderr.
    const logger = pino(
      { level: 'debug', hooks: { streamWrite: (line) => mask(escapeUnseen(line)) } },
      { write: (line: string) => void (this.log += line) },
    );
    this.#service = await startService(parsed.config, logger, 'test');
    return (this.origin = `http://127.0.0.1:${this.#service.port}`);
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param body A string is sent unchanged, anything else as JSON. */
  async call(method: string, path: string, token: string | null, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
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
    return { status: answer.status, headers: answer.headers, text, body: (text === '' ? {} : JSON.parse(text)) as AnswerBody };
  }

  post(path: string, token: string | null, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
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
    const ws = new WebSocket(`${this.origin.replace('http', 'ws')}/${room}?wetink=1`, { headers });
    const staying = new Staying(ws);
    ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') ws.send(encodeMessage({ type: 'authenticate', clientId: 7, token }));
        if (message.type === 'welcome') staying.welcomed(message.role, message.userId);
      }
    });
    return staying;
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

  constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('close', (code, reason) => (this.ended = { code, reason: reason.toString() }));
    // Without a listener an error would end the process; tests read `ended` instead.
    ws.on('error', () => undefined);
  }

  welcomed(role: string, userId: string): void {
    this.roles.push(role);
    for (const listener of this.#listeners) listener(role, userId);
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
}

/** @param atMostMs Only ends a test that hangs; not an expected duration. */
export async function until(isTrue: () => boolean, what: string, atMostMs = 25_000): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > atMostMs / 10) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
