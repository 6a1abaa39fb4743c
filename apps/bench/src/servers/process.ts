/**
 * Child processes of a run: each pinned to one core where `taskset` exists, so that the server's core is the server's alone,
 * and read through /proc. Both are Linux's; elsewhere processes are not pinned, and CPU and memory are unknown (NaN).
 */

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
/** Linux reports CPU time in ticks of this length, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;

export const canPin =
  process.platform === 'linux' &&
  availableParallelism() > LOAD_CORE &&
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'taskset')));

/** The core of a process; null: any. */
export type Core = number | null;

export interface StartOptions {
  core: Core;
  env?: NodeJS.ProcessEnv;
  stdio: StdioOptions;
  /** Node that runs it, when it is not this one. */
  node?: string;
}

/** Starts a JavaScript program on a core. */
export function startPinned(args: readonly string[], { core, env, stdio, node = process.execPath }: StartOptions): ChildProcess {
  const [command, ...rest] = canPin && core !== null ? ['taskset', '-c', String(core), node, ...args] : [node, ...args];
  return spawn(command as string, rest, { env: { ...process.env, ...env }, stdio });
}

/** Starts one of our TypeScript programs as this process was started; it sends its port when it listens. */
export function startProgram(
  file: string,
  { args = [], ...options }: Omit<StartOptions, 'stdio'> & { args?: readonly string[] },
): ChildProcess {
  return startPinned([...process.execArgv, file, ...args], { ...options, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Resolves with the first message of a program. */
export function firstMessage(child: ChildProcess, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
  });
}

/** Resolves with what the pattern captures in the output of a program that does not report otherwise. */
export function firstMatch(child: ChildProcess, pattern: RegExp, name: string): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-5_000);
      const found = pattern.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready: ${output}`)));
  });
}

export function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.removeAllListeners('exit').once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** @returns Seconds of CPU that a process has used on all its threads, user and system. */
export function cpuSeconds(pid: number): number {
  const stat = readProc(pid, 'stat');
  // The name in parentheses may contain spaces; the numbers begin behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** @returns Seconds for which the main thread was ready to run and waited for a core. */
export function waitSeconds(pid: number): number {
  return Number(readProc(pid, 'schedstat').split(' ')[1]) / 1e9;
}

export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readProc(pid, 'status'))?.[1]) * 1_024;
}

function readProc(pid: number, file: string): string {
  return process.platform === 'linux' ? readFileSync(`/proc/${pid}/${file}`, 'utf8') : '';
}
