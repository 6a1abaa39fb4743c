/** What the relay's port answers besides WebSockets: /healthz, /readyz and the files of the web app. */

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import sirv from 'sirv';

export interface HttpOptions {
  version: string;
  staticFolder: string | null;
  /** False once the relay drains. */
  isReady(): boolean;
  /** Resolves when a write would succeed. */
  probe(): Promise<void>;
  /** Counts for /readyz. */
  stats(): { rooms: number; connections: number };
  now(): number;
}

/** A probe is a durable write, so callers of /readyz share one. */
const PROBE_REUSE_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;

export function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const startedAtMs = options.now();
  const files =
    options.staticFolder === null ? null : sirv(options.staticFolder, { etag: true, gzip: true, brotli: true, setHeaders: setFileHeaders });
  const probe = shareProbe(options);

  return (request, response) => {
    const pathname = (request.url ?? '/').split('?', 1)[0] ?? '/';
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return json(request, response, 405, { error: 'only GET and HEAD are answered here' });
    }
    if (pathname === '/healthz')
      return json(request, response, 200, { ok: true, version: options.version, uptimeMs: Math.round(options.now() - startedAtMs) });
    if (pathname === '/readyz') {
      void ready(options, probe).then(({ status, body }) => json(request, response, status, body));
      return;
    }
    if (files === null) return json(request, response, 404, { error: 'not found; a room is reached with a WebSocket on this address' });
    files(request, response, () => {
      // The app finds its own way from any address; a missing script or picture must stay missing.
      const isPage = extname(pathname) === '' && (request.headers.accept ?? '').includes('text/html');
      if (!isPage || pathname === '/index.html') return json(request, response, 404, { error: 'not found' });
      request.url = '/index.html';
      files(request, response, () => json(request, response, 404, { error: 'the web app is not here' }));
    });
  };
}

async function ready(options: HttpOptions, probe: () => Promise<string | null>): Promise<{ status: number; body: object }> {
  if (!options.isReady()) return { status: 503, body: { ready: false, reason: 'draining' } };
  const reason = await probe();
  return reason === null ? { status: 200, body: { ready: true, ...options.stats() } } : { status: 503, body: { ready: false, reason } };
}

/** @returns null, or why the store cannot be written. */
function shareProbe(options: HttpOptions): () => Promise<string | null> {
  let last: { startedAtMs: number; answer: Promise<string | null> } | null = null;
  return () => {
    if (last !== null && options.now() - last.startedAtMs < PROBE_REUSE_MS) return last.answer;
    const answer = new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve('the store does not answer'), PROBE_TIMEOUT_MS);
      options
        .probe()
        .then(
          () => resolve(null),
          (error: unknown) => resolve(error instanceof Error ? error.message : 'the store cannot be written'),
        )
        .finally(() => clearTimeout(timer));
    });
    last = { startedAtMs: options.now(), answer };
    return answer;
  };
}

function setFileHeaders(response: ServerResponse, pathname: string): void {
  // Names under assets carry a hash of their content; everything else, the service worker above all, is asked for each time.
  response.setHeader('Cache-Control', pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function json(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, STATUS_CODES[status], {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
