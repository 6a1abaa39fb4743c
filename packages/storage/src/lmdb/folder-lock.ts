/**
 * At most one live process per data folder, decided by the kernel: a process holds the lock by listening on a Unix
 * socket in the folder, and a dead process listens no more, however it died. Two containers that share a volume see
 * each other too, which a process id or an abstract socket would not give.
 *
 *   lock.7   the holder's socket: connecting succeeds while its process lives
 *   lock.6   left by an earlier holder: connecting is refused
 *
 * Replacing a dead holder's file is where such locks fail (two starters each delete "the stale one"), so nothing is
 * replaced: a starter that finds only dead sockets links its own, already listening, under the next number. `link`
 * fails when the number is taken, and a starter that is not the highest afterwards steps back. Only files below a
 * holder's own number are ever deleted, so the highest number in the folder never falls, and of two starters one sees
 * the other.
 *
 * On Windows a named pipe does the same; it vanishes with its process.
 */

import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { StoreError } from '../errors.ts';

export interface FolderLock {
  release(): Promise<void>;
}

/** sun_path holds 108 bytes on Linux, 104 on macOS, with the ending zero. */
const MAX_SOCKET_PATH_BYTES = 103;
const MAX_ATTEMPTS = 100;
const LOCK_FILE = /^lock\.(\d+)$/;

/** @throws {StoreError} `LOCKED`; errors of the file system as they come. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  if (platform() === 'win32') return lockPipe(folder);
  return withShortPath(folder, async (short) => {
    const ownName = `lock-${randomBytes(6).toString('hex')}`;
    const server = await listen(join(short, ownName));
    try {
      await takeNumber(folder, short, ownName);
    } catch (error) {
      await closeServer(server);
      throw error;
    } finally {
      rmSync(join(folder, ownName), { force: true });
    }
    // The numbered file stays: it is dead now, and the next holder's number is above it.
    return { release: () => closeServer(server) };
  });
}

async function takeNumber(folder: string, short: string, ownName: string): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const numbers = lockNumbers(folder);
    for (const number of numbers) {
      const holder = await ask(join(short, `lock.${number}`));
      if (holder !== null) throw lockedError(folder, holder);
    }
    const own = Math.max(0, ...numbers) + 1;
    try {
      linkSync(join(folder, ownName), join(folder, `lock.${own}`));
    } catch (error) {
      if (isErrno(error, 'EEXIST')) continue;
      throw error;
    }
    if (Math.max(...lockNumbers(folder)) === own) {
      for (const number of numbers) rmSync(join(folder, `lock.${number}`), { force: true });
      return;
    }
    rmSync(join(folder, `lock.${own}`), { force: true });
  }
  throw lockedError(folder, 'others that are starting at the same time');
}

async function lockPipe(folder: string): Promise<FolderLock> {
  const id = createHash('sha256').update(realpathSync.native(folder).toLowerCase()).digest('hex').slice(0, 32);
  try {
    const server = await listen(`\\\\.\\pipe\\wetink-${id}`);
    return { release: () => closeServer(server) };
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE') || isErrno(error, 'EACCES')) throw lockedError(folder, 'another process');
    throw error;
  }
}

function lockedError(folder: string, holder: string): StoreError {
  return new StoreError(
    'LOCKED',
    `${folder} is in use by ${holder}. One relay per data folder: stop the other one, or give this one a folder of its own.`,
  );
}

function lockNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap((file) => {
    const number = LOCK_FILE.exec(file)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** A connection to this socket gets the holder's name and is closed. */
function listen(path: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {
      socket.destroy();
    });
    socket.end(`process ${pid}`);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      resolve(server);
    });
  });
}

/** @returns Name of the process that listens there; null when none does. A stopped (SIGSTOP) holder counts. */
function ask(path: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    const settle = (): void => {
      socket.destroy();
      resolve(answer === '' ? 'another process' : answer);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(1_000, settle);
    socket.on('data', (text: string) => {
      answer += text.slice(0, 100);
    });
    socket.on('end', settle);
    socket.on('error', (error) => {
      if (isErrno(error, 'ECONNREFUSED') || isErrno(error, 'ENOENT')) resolve(null);
      else if (isErrno(error, 'EAGAIN') || isErrno(error, 'ECONNRESET') || isErrno(error, 'EPIPE')) settle();
      else reject(error);
    });
  });
}

/** A long folder gets a short alias while `run` runs; the sockets themselves are in the folder. */
async function withShortPath<T>(folder: string, run: (short: string) => Promise<T>): Promise<T> {
  if (Buffer.byteLength(join(folder, 'lock-000000000000')) <= MAX_SOCKET_PATH_BYTES) return run(folder);
  const scratch = mkdtempSync(join(tmpdir(), 'wetink-'));
  try {
    const alias = join(scratch, 'd');
    symlinkSync(realpathSync(folder), alias);
    return await run(alias);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
