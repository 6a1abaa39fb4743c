/**
 * A running relay's socket in its data folder, over which `wetink-relay backup` asks for a copy: while a relay writes
 * to the folder, no other process may read it. File permissions decide who may ask: only users who can enter the
 * folder.
 *
 *     client: {"backup":"/absolute/folder"}\n      relay: {"ok":true}\n  or  {"ok":false,"error":"…"}\n
 */

import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createHash } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';
import { platform } from 'node:os';

export interface ControlSocket {
  close(): Promise<void>;
}

export type ControlAnswer = { kind: 'done' } | { kind: 'failed'; error: string } | { kind: 'nobody' };

const MAX_REQUEST_BYTES = 16 * 1024;
/** sun_path holds 108 bytes on Linux and 104 on macOS, including the final zero. */
const MAX_SOCKET_PATH_BYTES = 103;

/** @throws {Error} When the folder's path is too long for a socket, or the socket cannot be made. */
export async function listenForControl(dataFolder: string, backup: (toFolder: string) => Promise<void>): Promise<ControlSocket> {
  const path = socketPath(dataFolder);
  const server = createServer((socket) => {
    let text = '';
    let isAsked = false;
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      if (isAsked) return;
      text += chunk;
      if (text.length > MAX_REQUEST_BYTES) return void socket.destroy();
      const endAt = text.indexOf('\n');
      if (endAt === -1) return;
      isAsked = true;
      void answer(text.slice(0, endAt), backup).then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  });
  // A killed relay leaves its socket. This process holds the folder's lock, so no other relay listens there.
  if (platform() !== 'win32') rmSync(path, { force: true });
  await new Promise<void>((resolveListening, reject) => {
    server.once('error', reject);
    server.listen(path, resolveListening);
  });
  if (platform() !== 'win32') chmodSync(path, 0o600);
  server.unref();
  return { close: () => new Promise((resolveClosed) => server.close(() => resolveClosed())) };
}

/** Asks the relay that uses the folder for a copy, and waits without a time limit. */
export function askForBackup(dataFolder: string, toFolder: string): Promise<ControlAnswer> {
  return new Promise((resolveAnswer, reject) => {
    const socket = connect(socketPath(dataFolder));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify({ backup: toFolder })}\n`));
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => {
      socket.destroy();
      if (text === '') return resolveAnswer({ kind: 'failed', error: 'the relay ended before the copy was finished' });
      const reply = JSON.parse(text) as { ok: boolean; error?: string };
      resolveAnswer(reply.ok ? { kind: 'done' } : { kind: 'failed', error: reply.error ?? '' });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolveAnswer({ kind: 'nobody' });
      else reject(error);
    });
  });
}

async function answer(line: string, backup: (toFolder: string) => Promise<void>): Promise<{ ok: boolean; error?: string }> {
  try {
    const request: unknown = JSON.parse(line);
    const to = typeof request === 'object' && request !== null && 'backup' in request ? request.backup : undefined;
    if (typeof to !== 'string' || !isAbsolute(to)) return { ok: false, error: 'this is not a backup request' };
    await backup(to);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function socketPath(dataFolder: string): string {
  const path = join(resolve(dataFolder), 'control');
  if (platform() === 'win32') return `\\\\.\\pipe\\wetink-control-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES)
    throw new Error(`the path of ${resolve(dataFolder)} is too long for a socket: back it up while the relay is stopped`);
  return path;
}
