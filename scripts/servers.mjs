// The real programs that tests drive: found on PATH, else installed from Debian packages when root, else the run says what to install.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { ensureMongo } from './mongo.mjs';
import { ensureS3 } from './s3.mjs';

const servers = [
  { names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], debian: 'chromium' },
  { names: ['redis-server'], debian: 'redis-server' },
  { names: ['nginx', '/usr/sbin/nginx'], debian: 'nginx-light' },
  { names: ['openssl'], debian: 'openssl' },
];

/**
 * Makes sure every server is there and returns the environment variables that name them: CHROMIUM_PATH, and
 * WETINK_TEST_MONGODB ('uri', 'mongod', 'secantusdb'; 'none' when there is none, and its tests say that they did not run).
 */
export function ensureServers() {
  const missing = servers.filter((server) => !find(server.names));
  if (missing.length > 0) installFromDebian(missing.map((server) => server.debian));
  const mongo = ensureMongo();
  if (mongo.why) console.error(`The MongoDB tests will not run: ${mongo.why}`);
  const whyNoS3 = ensureS3();
  if (whyNoS3 !== null) console.error(`The tests of buckets will not run: ${whyNoS3}`);
  return {
    CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? mustFind(servers[0]),
    WETINK_TEST_MONGODB: mongo.kind,
    ...(mongo.path ? { PATH: `${dirname(mongo.path)}${delimiter}${process.env.PATH}` } : {}),
  };
}

function find(names) {
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  return null;
}

function mustFind(server) {
  const path = find(server.names);
  if (path) return path;
  console.error(`The browser tests need ${server.debian} on PATH. Install it, for example: apt-get install ${server.debian}`);
  process.exit(1);
}

function installFromDebian(packages) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync('sh', ['-c', 'command -v apt-get']).status !== 0) return;
  console.log(`Installing ${packages.join(', ')} from Debian packages`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { stdio: ['ignore', 'ignore', 'inherit'], env });
}
