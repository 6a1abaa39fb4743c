import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../monitoring/health.ts';
import { tokenOperators } from '../testing/operators.ts';
import { createHttpHandler, type HttpOptions } from './request-handler.ts';

let folder: string;
let servers: Server[];
let errors: unknown[];

const healthy: Health = { isReady: true, reason: null, store: 'up', bus: 'none', loopLagMs: 0, degraded: [] };
const TOKEN = '0123456789abcdef';

beforeEach(async () => {
  errors = [];
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
      operators: tokenOperators(null),
      health: () => Promise.resolve(healthy),
      stats: () => ({ rooms: 1, connections: 2 }),
      metrics: { contentType: 'text/plain', text: () => Promise.resolve('wetink_up 1\n') },
      admin: (method, target) => Promise.resolve({ status: 200, body: { method, target } }),
      allowsOrigin: () => true,
      onDenied: () => undefined,
      onError: (error) => void errors.push(error),
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
  it('healthz and readyz answer 200 on a healthy relay', async () => {
    const origin = await serve();
    expect(await (await fetch(`${origin}/healthz`)).json()).toMatchObject({ ok: true, version: '1.2.3' });
    const ready = await fetch(`${origin}/readyz`);
    const parts = { store: 'up', bus: 'none', loopLagMs: 0, degraded: [], rooms: 1, connections: 2 };
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, ...parts }]);
  });

  it('readyz answers 503 with the reason when not ready and 200 when only degraded; healthz always 200', async () => {
    const broken = await serve({ health: () => Promise.resolve({ ...healthy, isReady: false, reason: 'disk full', store: 'down' }) });
    const answer = await fetch(`${broken}/readyz`);
    expect([answer.status, await answer.json()]).toMatchObject([503, { ready: false, reason: 'disk full', store: 'down' }]);
    expect((await fetch(`${broken}/healthz`)).status).toBe(200);
    const degraded = await serve({ health: () => Promise.resolve({ ...healthy, bus: 'down', degraded: ['bus'] }) });
    expect((await fetch(`${degraded}/readyz`)).status).toBe(200);
  });

  it('metrics are open to this computer; through a proxy they need the token', async () => {
    const origin = await serve();
    expect(await (await fetch(`${origin}/metrics`)).text()).toBe('wetink_up 1\n');
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    expect((await fetch(`${origin}/metrics`, { headers: proxied })).status).toBe(404);
    const guarded = await serve({ operators: tokenOperators(TOKEN) });
    const statuses = await Promise.all(
      [{}, { authorization: 'Bearer wrong' }, { authorization: `Bearer ${TOKEN}` }].map(async (headers) => {
        const answer = await fetch(`${guarded}/metrics`, { headers: { ...proxied, ...headers } });
        return answer.status;
      }),
    );
    expect(statuses).toEqual([401, 403, 200]);
  });

  it('the admin API is off when no token is configured, answers 401 without a token and 403 with another, never the web app', async () => {
    const off = await serve();
    const hidden = await fetch(`${off}/v1/rooms`, html);
    expect([hidden.status, await hidden.json()]).toEqual([
      404,
      { error: { code: 'admin_off', message: 'the admin API is off: start the relay with WETINK_ADMIN_TOKEN to turn it on' } },
    ]);
    const denied: number[] = [];
    const origin = await serve({ operators: tokenOperators(TOKEN), onDenied: (_, status) => void denied.push(status) });
    const nobody = await fetch(`${origin}/v1/rooms`);
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await nobody.json()).toMatchObject({
      error: { code: 'token_missing', message: expect.stringContaining('Authorization: Bearer TOKEN') },
    });
    for (const wrong of ['Basic abc', 'Bearer', `Bearer ${TOKEN} x`])
      expect((await fetch(`${origin}/v1/rooms`, { headers: { authorization: wrong } })).status, wrong).toBe(401);
    for (const wrong of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`])
      expect((await fetch(`${origin}/v1/rooms`, { headers: { authorization: wrong } })).status, wrong).toBe(403);
    expect(denied).toEqual([401, 401, 401, 401, 403, 403]);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const listed = await fetch(`${origin}/v1/rooms?limit=2`, { headers });
    expect([listed.status, await listed.json()]).toEqual([200, { method: 'GET', target: '/v1/rooms?limit=2' }]);
    const head = await fetch(`${origin}/v1/rooms`, { method: 'HEAD', headers });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('an internal error is answered with 500 and an error text, and reported', async () => {
    const origin = await serve({ operators: tokenOperators(TOKEN), admin: () => Promise.reject(new Error('secret detail')) });
    const answer = await fetch(`${origin}/v1/rooms`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect([answer.status, await answer.json()]).toEqual([500, { error: { code: 'failed', message: 'this failed; the log says why' } }]);
    expect(errors).toEqual([new Error('secret detail')]);
  });

  it('page addresses get the app, missing files get 404', async () => {
    const origin = await serve();
    const script = await fetch(`${origin}/assets/app-1234.js`);
    expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    const page = await fetch(`${origin}/b/abcdefgh`, html);
    expect([page.status, await page.text(), page.headers.get('cache-control')]).toEqual([200, '<h1>app</h1>', 'no-cache']);
    expect((await fetch(`${origin}/`, html)).status).toBe(200);
    expect((await fetch(`${origin}/assets/old.js`, html)).status).toBe(404);
    expect((await fetch(`${origin}/b/abcdefgh`, { headers: { accept: 'application/json' } })).status).toBe(404);
  });

  describe('M10: the app is replaced while the relay runs', () => {
    it('a new build is served at once, also to a browser that cached the old one', async () => {
      const origin = await serve();
      await writeFile(join(folder, 'web', 'sw.js'), 'old');
      const before = await fetch(`${origin}/sw.js`);
      expect(await before.text()).toBe('old');
      await writeFile(join(folder, 'web', 'sw.js'), 'a new version');
      await writeFile(join(folder, 'web', 'assets', 'app-5678.js'), 'export default 2');
      await writeFile(join(folder, 'web', 'index.html'), '<h1>new app</h1>');
      const after = await fetch(`${origin}/sw.js`, { headers: { 'if-none-match': before.headers.get('etag') ?? '' } });
      expect([after.status, await after.text(), after.headers.get('cache-control')]).toEqual([200, 'a new version', 'no-cache']);
      expect(await (await fetch(`${origin}/assets/app-5678.js`)).text()).toBe('export default 2');
      expect(await (await fetch(`${origin}/b/abcdefgh`, html)).text()).toBe('<h1>new app</h1>');
      const unchanged = await fetch(`${origin}/sw.js`, { headers: { 'if-none-match': after.headers.get('etag') ?? '' } });
      expect(unchanged.status).toBe(304);
    });

    it('a removed file is 404, and other files are still served', async () => {
      const origin = await serve();
      expect((await fetch(`${origin}/assets/app-1234.js`)).status).toBe(200);
      await rm(join(folder, 'web', 'assets'), { recursive: true });
      const gone = await fetch(`${origin}/assets/app-1234.js`);
      expect([gone.status, gone.headers.get('cache-control'), gone.headers.get('etag')]).toEqual([404, 'no-store', null]);
      expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      await rm(join(folder, 'web'), { recursive: true });
      expect((await fetch(`${origin}/`, html)).status).toBe(404);
    });
  });

  it('a read error breaks off that answer, and the relay keeps running', async () => {
    const origin = await serve();
    // Exists, but reading it fails, as with a file that is removed between lookup and read.
    await symlink('/proc/self/mem', join(folder, 'web', 'gone.txt'));
    const outcome = await fetch(`${origin}/gone.txt`).then(
      (answer) => answer.text().then(() => answer.status),
      () => 'broken off',
    );
    expect(outcome).not.toBe(200);
    expect((await fetch(`${origin}/`, html)).status).toBe(200);
  });

  it('a valid range is served, one past the end answers 416, and dotfiles are 404', async () => {
    const origin = await serve();
    const part = await fetch(`${origin}/assets/app-1234.js`, { headers: { range: 'bytes=0-5' } });
    expect([part.status, await part.text()]).toEqual([206, 'export']);
    expect((await fetch(`${origin}/assets/app-1234.js`, { headers: { range: 'bytes=900-' } })).status).toBe(416);
    await mkdir(join(folder, 'web', '.git'));
    await writeFile(join(folder, 'web', '.env'), 'secret');
    await writeFile(join(folder, 'web', '.git', 'config'), 'secret');
    for (const path of ['/.env', '/%2eenv', '/.git/config', '/assets/../.env', '/%2Egit/config'])
      expect((await fetch(`${origin}${path}`)).status, path).toBe(404);
    expect((await fetch(`${origin}/assets`, html)).status).toBe(200);
  });

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%', '/%00', '//etc/passwd'])(
    '%s reads no file outside the folder',
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

  it('other methods are refused, and without a web app the answer explains the address', async () => {
    const origin = await serve({ staticFolder: null });
    const posted = await fetch(`${origin}/`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await (await fetch(`${origin}/`, html)).json()).toEqual({
      error: { code: 'not_found', message: 'this relay serves no web app; open a WebSocket at this address to enter a room' },
    });
  });
});
