// Runs the programs of a cluster: each in its own process group (Ctrl+C in a terminal reaches only the cluster, which then
// ends them in order), with its output in a file, and ended by its id, never by name.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

const KILL_AFTER_MS = 5_000;
const TAIL_LINES = 20;
/** Folders that often only administrators have on PATH. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Ids of running programs that were started here. They are ended even if the cluster exits without `stop`. */
const alive = new Map();
process.on('exit', () => {
  for (const [pid, signal] of alive) sendSignal(pid, signal);
});

/** @returns {string} the program's path. @throws {Error} It is missing; the message says what to install. */
export function findProgram(name, debianPackage = name) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS])
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  throw new Error(`${name} is not on PATH. Install it, for example: apt-get install ${debianPackage}`);
}

/**
 * Starts a program and waits until it is ready.
 *
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {Record<string, string>} [options.env] in place of ours, except PATH
 * @param {string} options.logFile its output is appended here
 * @param {(line: string) => string | null} [options.readyLine] returns a value for the line of output that means ready, otherwise null
 * @param {() => Promise<boolean>} [options.isReady] called every 25 ms instead of reading lines
 * @param {NodeJS.Signals} [options.lastSignal] signal that ends it when this process exits without stopping it
 * @param {number} [options.timeoutMs]
 * @returns {Promise<{pid: number, ready: string, ended: Promise<number | string>, hasEnded: () => boolean, kill: (signal: NodeJS.Signals) => void, stop: (signal: NodeJS.Signals, graceMs?: number) => Promise<number | string>}>}
 */
export async function startProgram({ command, args, env, logFile, readyLine, isReady, lastSignal = 'SIGKILL', timeoutMs = 60_000 }) {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...env },
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  const tail = [];
  const { pid } = child;
  if (pid !== undefined) alive.set(pid, lastSignal);
  let hasEnded = false;
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 1));
  }).then((code) => {
    hasEnded = true;
    alive.delete(pid);
    return code;
  });
  child.on('close', () => log.end());

  const said = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        const value = readyLine?.(line) ?? null;
        if (value !== null) resolve(value);
      });
  });
  const asked = async () => {
    while (!hasEnded) {
      if (await isReady()) return '';
      await pause(25);
    }
    return new Promise(() => undefined); // the process has ended, which another branch reports
  };
  const timer = timeLimit(timeoutMs);
  const outcome = await Promise.race([
    (readyLine ? said : asked()).then((ready) => ({ ready })),
    ended.then((code) => ({ problem: `ended with ${code}` })),
    timer.passed.then(() => ({ problem: `was not ready after ${timeoutMs} ms` })),
  ]);
  timer.cancel();
  const kill = (signal) => {
    if (!hasEnded) sendSignal(pid, signal);
  };
  const stop = async (signal, graceMs = KILL_AFTER_MS) => {
    kill(signal);
    const grace = timeLimit(graceMs);
    void grace.passed.then(() => kill('SIGKILL'));
    const code = await ended;
    grace.cancel();
    return code;
  };
  if ('problem' in outcome) {
    await stop('SIGKILL');
    throw new Error([`${command} ${outcome.problem}; its log is ${logFile}`, ...tail].join('\n  '));
  }
  return { pid, ready: outcome.ready, ended, hasEnded: () => hasEnded, kill, stop };
}

/** Runs a program to its end. @throws {Error} It failed; the message has its output. */
export function runToEnd(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0)
    throw new Error(`${command} ${args[0]} failed (${result.status ?? result.signal}): ${result.stderr}${result.stdout}`);
  return result.stdout;
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function timeLimit(ms) {
  let cancel = () => undefined;
  const passed = new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => clearTimeout(timer);
  });
  return { passed, cancel };
}

function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it has ended in the meantime
  }
}
