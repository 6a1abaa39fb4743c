/**
 * An S3-compatible server for one test file: moto's from PyPI, in `.cache/s3` (`node scripts/s3.mjs` puts it there). It keeps
 * objects in memory, so it cannot show durability, and it checks no signature.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface RunningS3 {
  endpoint: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** The server's program; null when it is not installed, and tests say that they did not run. */
export function findS3(): string | null {
  for (let folder = import.meta.dirname; ; folder = join(folder, '..')) {
    const program = join(folder, '.cache', 's3', 'bin', 'moto_server');
    if (existsSync(program)) return program;
    if (join(folder, '..') === folder) return null;
  }
}

export async function startS3(): Promise<RunningS3> {
  const program = findS3();
  if (program === null) throw new Error('no S3-compatible server: run node scripts/s3.mjs');
  const port = await freePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error('the S3-compatible server did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint);
    return true;
  } catch {
    return false; // not yet
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
