import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appContentPolicy } from './app-headers.ts';
import { tokenOperators } from '../testing/operators.ts';
import { createHttpHandler } from './request-handler.ts';

const TOKEN = '0123456789abcdef';
const admin = { authorization: `Bearer ${TOKEN}` };
let folder: string;
let server: Server;
let url: string;
let handled: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-headers-'));
  await mkdir(join(folder, 'assets'));
  for (const name of ['index.html', 'sw.js', 'icon.svg', 'assets/app-1234.js']) await writeFile(join(folder, name), 'x');
  server = createServer(
    createHttpHandler({
      version: '1.2.3',
      staticFolder: folder,
      operators: tokenOperators(TOKEN),
      health: () => Promise.resolve({ isReady: true, reason: null, store: 'up', bus: 'none', loopLagMs: 0, degraded: [] }),
      stats: () => ({ rooms: 0, connections: 0 }),
      metrics: { contentType: 'text/plain', text: () => Promise.resolve('') },
      admin(method, target) {
        handled.push(`${method} ${target}`);
        return Promise.resolve({ status: 200, body: {} });
      },
      allowsOrigin: ({ headers }: IncomingMessage) => headers.origin === undefined || headers.origin === 'https://draw.example',
      onDenied: () => undefined,
      onError: (error) => expect(error).toBeUndefined(),
      now: Date.now,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** @returns Values of the directives by name. */
function policyOf(answer: Response): Map<string, string> {
  const parts = (answer.headers.get('content-security-policy') ?? '').split('; ');
  return new Map(parts.map((part) => [part.split(' ', 1)[0] ?? '', part.slice(part.indexOf(' ') + 1)]));
}

describe('[C5] security headers', () => {
  it('a 304 answer has the same security headers as the page', async () => {
    for (const path of ['/', '/b/abcdefgh', '/assets/app-1234.js', '/sw.js']) {
      const first = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
      const again = await fetch(`${url}${path}`, {
        headers: { accept: 'text/html', 'if-none-match': first.headers.get('etag') ?? '' },
      });
      expect(again.status).toBe(304);
      for (const name of ['content-security-policy', 'permissions-policy', 'cross-origin-opener-policy', 'x-content-type-options'])
        expect(again.headers.get(name), `${name} of ${path}`).toBe(first.headers.get(name));
    }
  });

  it.each(['/', '/b/abcdefgh', '/assets/app-1234.js', '/sw.js', '/icon.svg'])('a file of the app has the app policy: %s', async (path) => {
    const answer = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    const policy = policyOf(answer);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:|ws/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=(), '),
    });
  });

  it('the policy lets the app fetch tokens from the configured address and no other', () => {
    expect(appContentPolicy()).toContain("; connect-src 'self'; ");
    expect(appContentPolicy({ connect: ['https://id.example'] })).toContain("; connect-src 'self' https://id.example; ");
  });

  it('the policy lets the app show pictures of people from the configured origins and no other', () => {
    expect(appContentPolicy()).toContain("; img-src 'self' blob: data:; ");
    const images = ['https://pictures.example', 'https://cdn.example:8443'];
    const policy = appContentPolicy({ images });
    expect(policy).toContain("; img-src 'self' blob: data: https://pictures.example https://cdn.example:8443; ");
    expect(policy.split('; ').filter((directive) => directive.includes('pictures.example'))).toHaveLength(1);
  });

  it.each(['/healthz', '/readyz', '/metrics', '/missing.js', '/v1/rooms'])(
    'an answer that is not a page may load nothing: %s',
    async (path) => {
      const answer = await fetch(`${url}${path}`, { headers: { accept: 'text/html', ...admin } });
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    },
  );
});

describe('[B8] pages of other origins under /v1', () => {
  const preflight = (origin: string): Promise<Response> =>
    fetch(`${url}/v1/rooms`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'DELETE' } });

  it('an origin on the list is allowed by name, without credentials', async () => {
    handled = [];
    const asked = await preflight('https://draw.example');
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': 'https://draw.example',
      'access-control-allow-methods': expect.stringContaining('DELETE'),
      'access-control-allow-headers': 'Authorization, Content-Type, Range, Upload-Offset, Upload-Length, Idempotency-Key',
      vary: 'Origin',
    });
    expect(handled).toEqual([]);
    const answer = await fetch(`${url}/v1/rooms`, { headers: { origin: 'https://draw.example', ...admin } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'https://draw.example']);
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    // An allowed page must be able to read why its request was refused.
    const refused = await fetch(`${url}/v1/rooms`, { headers: { origin: 'https://draw.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, 'https://draw.example']);
  });

  it.each(['https://evil.example', 'null', 'https://draw.example.evil.example', ''])(
    'origin %j is refused before the request has any effect',
    async (origin) => {
      handled = [];
      const refused = [
        await preflight(origin),
        ...(await Promise.all(
          ['GET', 'DELETE', 'POST'].map((method) => fetch(`${url}/v1/rooms`, { method, headers: { origin, ...admin } })),
        )),
      ];
      for (const answer of refused) {
        expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'origin_not_allowed' } }]);
        expect(answer.headers.has('access-control-allow-origin')).toBe(false);
        expect(answer.headers.get('vary')).toBe('Origin');
      }
      expect(handled).toEqual([]);
    },
  );

  it('a request without Origin gets only a Vary header', async () => {
    const answer = await fetch(`${url}/v1/rooms`, { headers: admin });
    expect([answer.status, answer.headers.get('vary')]).toEqual([200, 'Origin']);
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
  });
});
