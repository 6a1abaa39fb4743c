/**
 * The peers, fetched from npm and bundled in `.cache`: outside the workspace, so that nobody else installs them, and nothing
 * that is built or published has them.
 */

import { execFileSync, type ExecFileSyncOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { linesOf, type PeerName } from './peer-files.ts';
import type { Scene } from './scenes.ts';

const source = fileURLToPath(new URL('../../peers', import.meta.url));
const cache = fileURLToPath(new URL('../../../../.cache/boards', import.meta.url));
const sceneFolder = join(cache, 'scenes');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface Peers {
  readonly url: string;
  readonly versions: Readonly<Record<PeerName, string>>;
  close(): void;
}

/** Installs what the lockfile names unless it is there, bundles the pages and serves them on a free port. */
export async function startPeers(): Promise<Peers> {
  await mkdir(sceneFolder, { recursive: true });
  const lockfile = await readFile(join(source, 'package-lock.json'), 'utf8');
  const installed = join(cache, 'node_modules/.package-lock.json');
  const isInstalled = existsSync(installed) && (await readFile(join(cache, 'package-lock.json'), 'utf8').catch(() => '')) === lockfile;
  for (const file of await readdir(source)) await copyFile(join(source, file), join(cache, file));
  const inherit = { cwd: cache, stdio: ['ignore', 2, 2] } satisfies ExecFileSyncOptions;
  if (!isInstalled) execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], inherit);
  execFileSync(process.execPath, ['build.js'], inherit);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path.startsWith('/scenes/') ? join(cache, path) : join(cache, 'dist', path);
    if (path.includes('..') || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'text/plain' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const versionOf = async (name: string): Promise<string> =>
    (JSON.parse(await readFile(join(cache, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    versions: { excalidraw: await versionOf('@excalidraw/excalidraw'), tldraw: await versionOf('tldraw') },
    close: () => server.close(),
  };
}

/** @returns Path of the scene's file on the server of the peers. */
export async function writePeerScene(peer: PeerName, scene: Scene): Promise<string> {
  // Its name changes with what it holds, so that no file of an older generator is taken for it.
  const [line = ''] = linesOf(peer, scene);
  const name = `${peer}-${scene.name}-${createHash('sha256').update(line).digest('hex').slice(0, 8)}.ndjson`;
  const file = join(sceneFolder, name);
  if (!existsSync(file)) {
    await pipeline(Readable.from(linesOf(peer, scene)), createWriteStream(`${file}.part`));
    await rename(`${file}.part`, file);
  }
  return `/scenes/${name}`;
}
