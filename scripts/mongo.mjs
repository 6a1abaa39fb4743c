// A MongoDB for the tests: MONGODB_URI, else mongod on PATH, else SecantusDB (the MongoDB wire protocol over WiredTiger)
// in a Python environment under .cache/mongo, else a mongod that mongodb-memory-server downloads to .cache/mongod, else none. SecantusDB is GPL and beta: a process beside the tests, never a
// dependency and nothing to run boards on. `node scripts/mongo.mjs` finds or installs, and says which it is.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './tools.mjs';

const SECANTUSDB = 'SecantusDB==0.7.0b3';
const folder = join(root, '.cache', 'mongo');

/** Where SecantusDB's server is once it is installed. */
export const secantusdb = join(folder, 'bin', 'secantusd-py');

/** Installs if need be. Returns the kind: 'uri', 'mongod' (and where, when it is not on PATH), 'secantusdb' or 'none' (and why). */
export function ensureMongo() {
  if (process.env.MONGODB_URI) return { kind: 'uri' };
  if (spawnSync('sh', ['-c', 'command -v mongod']).status === 0) return { kind: 'mongod' };
  if (existsSync(secantusdb)) return { kind: 'secantusdb' };
  const python = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'].find(
    (name) => spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))']).status === 0,
  );
  if (!python) return downloadedMongod('no Python 3.10 or newer with venv');
  console.log(`Installing ${SECANTUSDB} into .cache/mongo, for the MongoDB tests alone`);
  mkdirSync(folder, { recursive: true });
  const pip = join(folder, 'bin', 'pip');
  for (const [command, args] of [
    [python, ['-m', 'venv', folder]],
    [pip, ['install', '--quiet', '--disable-pip-version-check', SECANTUSDB]],
  ]) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return downloadedMongod(`installing ${SECANTUSDB} failed: ${(stderr ?? '').trim().split('\n').at(-1)}`);
  }
  return existsSync(secantusdb) ? { kind: 'secantusdb' } : downloadedMongod(`${SECANTUSDB} has no ${secantusdb}`);
}

/** The last resort, since it needs MongoDB's own download site. @param whyNot Why nothing better could be had. */
function downloadedMongod(whyNot) {
  console.log(`${whyNot}; asking mongodb-memory-server for a mongod`);
  const script = `import { MongoBinary } from 'mongodb-memory-server-core';
    console.log(await MongoBinary.getPath({ downloadDir: ${JSON.stringify(join(root, '.cache', 'mongod'))} }));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  const path = stdout.trim().split('\n').at(-1) ?? '';
  if (status === 0 && existsSync(path)) return { kind: 'mongod', path };
  const reason = stderr.split('\n').find((line) => /^\w*Error: /.test(line)) ?? 'no reason given';
  return none(`${whyNot}; mongodb-memory-server could not download one (${reason.trim()})`);
}

function none(why) {
  return { kind: 'none', why: `${why}. Set MONGODB_URI or put mongod on PATH.` };
}

if (process.argv[1] === import.meta.filename || process.argv[1]?.endsWith('scripts/mongo.mjs')) {
  const { kind, why } = ensureMongo();
  console.log(why ? `No MongoDB for the tests: ${why}` : `MongoDB tests run on: ${kind}`);
  process.exitCode = why ? 1 : 0;
}
