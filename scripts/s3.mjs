// An S3-compatible server for the tests: moto's, from PyPI, in a Python environment under .cache/s3, else none. A process beside
// the tests, never a dependency. It keeps objects in memory and checks no signatures. `node scripts/s3.mjs` finds or installs it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.mjs';

const MOTO = 'moto[server]==5.1.22';
const folder = join(root, '.cache', 's3');
const program = join(folder, 'bin', 'moto_server');

/** Installs if need be. Returns null when it is there, else why it is not. */
export function ensureS3() {
  if (existsSync(program)) return null;
  console.log(`Installing ${MOTO} into .cache/s3, for the tests of buckets alone`);
  mkdirSync(folder, { recursive: true });
  for (const [command, args] of [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', MOTO]],
  ]) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return `installing ${MOTO} failed: ${(stderr ?? '').trim().split('\n').at(-1)}`;
  }
  return existsSync(program) ? null : `${MOTO} has no ${program}`;
}

if (process.argv[1] === import.meta.filename || process.argv[1]?.endsWith('scripts/s3.mjs')) {
  const why = ensureS3();
  console.log(why === null ? 'Tests of buckets run on: moto' : `No S3-compatible server for the tests: ${why}`);
  process.exitCode = why === null ? 0 : 1;
}
