import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpHandler, type HttpOptions } from './http.ts';

let folder: string;
let servers: Server[];

beforeEach(async () => {
  servers = [];
  folder = await mkdtemp(join(tmpdir(), 'wetink-http-'));
  await mkdir(join(folder, 'web', 'assets'), { recursive: true });
  await writeFile(join(folder, 'web', 'index.html'), '<h1>app</h1>');
  await writeFile(join(folder, 'web', 'assets', 'app-1234.js'), 'export {}');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(folder, { recursive: true, force: true });
});

async function serve(options: Partial<HttpOptions> = {}): Promise<string> {
  const server = createServer(
    createHttpHandler({
      version: '1.2.3',
      staticFolder: join(folder, 'web'),
      isReady: () => true,
      probe: () => Promise.resolve(),
      stats: () => ({ rooms: 1, connections: 2 }),
      now: Date.now,
      ...options,
    }),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const html = { headers: { accept: 'text/html,*/*' } };

describe('http', () => {
  test('healthz and readyz', async () => {
    const origin = await serve();
    expect(await (await fetch(`${origin}/healthz`)).json()).toMatchObject({ ok: true, version: '1.2.3' });
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, rooms: 1, connections: 2 }]);
  });

  test('readyz fails while draining and when the store cannot be written; healthz does not', async () => {
    const draining = await serve({ isReady: () => false });
    const drained = await fetch(`${draining}/readyz`);
    expect([drained.status, await drained.json()]).toEqual([503, { ready: false, reason: 'draining' }]);
    const broken = await serve({ probe: () => Promise.reject(new Error('disk full')) });
    const answer = await fetch(`${broken}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, reason: 'disk full' }]);
    expect((await fetch(`${broken}/healthz`)).status).toBe(200);
  });

  test('a thousand readyz in a second are one write', async () => {
    let probes = 0;
    const origin = await serve({ now: () => 0, probe: async () => void (probes += 1) });
    await Promise.all(Array.from({ length: 50 }, () => fetch(`${origin}/readyz`)));
    expect(probes).toBe(1);
  });

  test('files, and the app for pages but never for missing files', async () => {
    const origin = await serve();
    const script = await fetch(`${origin}/assets/app-1234.js`);
    expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    const page = await fetch(`${origin}/b/abcdefgh`, html);
    expect([page.status, await page.text(), page.headers.get('cache-control')]).toEqual([200, '<h1>app</h1>', 'no-cache']);
    expect((await fetch(`${origin}/`, html)).status).toBe(200);
    expect((await fetch(`${origin}/assets/old.js`, html)).status).toBe(404);
    expect((await fetch(`${origin}/b/abcdefgh`, { headers: { accept: 'application/json' } })).status).toBe(404);
  });

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%', '/%00', '//etc/passwd'])(
    '%s reads nothing outside',
    async (path) => {
      const { hostname, port } = new URL(await serve());
      const { connect } = await import('node:net');
      const text = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.end(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
        let got = '';
        socket.on('data', (chunk) => (got += chunk.toString()));
        socket.on('end', () => resolve(got));
        socket.on('error', reject);
      });
      expect(text).toMatch(/^HTTP\/1.1 404/);
      expect(text).not.toContain('secret\n');
    },
  );

  test('other methods are refused, and without a web app a sentence says what this is', async () => {
    const origin = await serve({ staticFolder: null });
    const posted = await fetch(`${origin}/`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await (await fetch(`${origin}/`, html)).json()).toEqual({
      error: 'not found; a room is reached with a WebSocket on this address',
    });
  });
});
