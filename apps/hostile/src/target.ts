/** A relay to attack: a process, started at first use, and again after an attack has killed it. */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { RelayFacts } from './relay-process.ts';

export type Kind = 'ours' | 'reference';

export class Target {
  readonly kind: Kind;
  #child: ChildProcess | null = null;
  #port = 0;
  #rooms = 0;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  get isAlive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** A room name that no other attack uses. */
  room(): string {
    return `room-${(this.#rooms += 1)}`;
  }

  async start(): Promise<void> {
    if (this.isAlive) return;
    const child = fork(join(import.meta.dirname, 'relay-process.ts'), [this.kind], {
      execArgv: ['--conditions=@wetink/source', '--import', createRequire(import.meta.url).resolve('tsx')],
      // Output of the reference is expected and ignored; ours should print nothing.
      stdio: ['ignore', 'ignore', this.kind === 'ours' ? 'inherit' : 'ignore', 'ipc'],
    });
    this.#child = child;
    const [started] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${this.kind} did not start: ${String(code)}`))),
    ])) as [{ port: number }];
    this.#port = started.port;
  }

  async facts(): Promise<RelayFacts> {
    const child = this.#child;
    if (child === null) throw new Error('not started');
    const answer = once(child, 'message') as Promise<[{ facts: RelayFacts }]>;
    child.send('facts');
    const [{ facts }] = await answer;
    return facts;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}
