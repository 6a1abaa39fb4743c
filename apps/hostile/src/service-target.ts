/** A service to attack: the relay's own program or the reference, in a process with its own folder. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comesTrue } from './clients.ts';
import type { Kind } from './target.ts';

export interface Guest {
  id: string;
  token: string;
}

const START_MS = 60_000;

export class ServiceTarget {
  readonly kind: Kind;
  #child: ChildProcess | null = null;
  #folder = '';
  #env = '';
  #log = '';
  #rooms = 0;
  port = 0;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** All output of the process. */
  get log(): string {
    return this.#log;
  }

  get isAlive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Peak memory of the process. 0 outside Linux. */
  get peakBytes(): number {
    if (process.platform !== 'linux') return 0;
    const status = readFileSync(`/proc/${String(this.#child?.pid)}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }

  /** A new room name that cannot be guessed. */
  room(): string {
    return `service-room-${(this.#rooms += 1)}-${Math.random().toString(36).slice(2)}`;
  }

  /** Starts the service with an empty folder, unless it already runs with these settings. */
  async start(env: Readonly<Record<string, string>>): Promise<void> {
    if (this.isAlive && this.#env === JSON.stringify(env)) return;
    await this.stop();
    this.#env = JSON.stringify(env);
    this.#log = '';
    this.#folder = await mkdtemp(join(tmpdir(), 'wetink-hostile-'));
    const node = ['--conditions=@wetink/source', '--import', createRequire(import.meta.url).resolve('tsx')];
    const child = spawn(
      process.execPath,
      [...node, join(import.meta.dirname, 'service-process.ts'), this.kind, '--port', '0', '--host', '127.0.0.1', '--data', this.#folder],
      { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    const read = (chunk: Buffer): void => void (this.#log += chunk.toString());
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const port = (): string | undefined => /Wetink is ready: http:\/\/127\.0\.0\.1:(\d+)/.exec(this.#log)?.[1];
    await comesTrue(() => port() !== undefined || !this.isAlive, START_MS);
    this.port = Number(port() ?? 0);
    if (this.port === 0) throw new Error(`${this.kind} did not start: ${this.#log}`);
  }

  /** Sends and receives JSON. `text` is the answer as text. */
  async ask(
    method: string,
    path: string,
    { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; body: Record<string, unknown>; text: string; headers: Headers }> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {}, text, headers: response.headers };
  }

  /** Makes a guest of this service. */
  async guest(name: string): Promise<Guest> {
    const { status, body } = await this.ask('POST', '/v1/guests', { body: { name } });
    const { token, user } = body as { token?: string; user?: { id: string } };
    if (token === undefined || user === undefined) throw new Error(`${this.kind} makes no guest: ${status}`);
    return { id: user.id, token };
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
    this.#folder = '';
  }
}
