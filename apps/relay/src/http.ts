/** What the relay's port answers besides WebSockets: health, metrics, the admin API and the files of the web app. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { adminAccess, metricsAccess, type Access } from './access.ts';
import type { AdminAnswer } from './admin-answers.ts';
import { isAdminPath } from './admin.ts';
import type { Api } from './api/api.ts';
import type { Health } from './health.ts';
import { json, text } from './http-answers.ts';
import { answerCors } from './http-cors.ts';
import { appContentPolicy, setAppHeaders, setSafeHeaders } from './http-headers.ts';
import { createStaticFiles } from './static-files.ts';

export interface HttpOptions {
  version: string;
  staticFolder: string | null;
  /** Null: /v1 does not exist, and /metrics only for this computer. */
  adminToken: string | null;
  health(): Promise<Health>;
  /** Counts for /readyz. */
  stats(): { rooms: number; connections: number };
  metrics: { contentType: string; text(): Promise<string> };
  admin(method: string, target: string): Promise<AdminAnswer>;
  /** What people's clients ask. */
  api?: Api;
  /** Other origins that the web app may fetch from. */
  connectOrigins?: readonly string[];
  /** Whether the page that a request comes from may use this relay; without an Origin it is no page. */
  allowsOrigin(request: IncomingMessage): boolean;
  /** Somebody came with a wrong admin token, or none. */
  onDenied(request: IncomingMessage, status: number): void;
  onError(error: unknown): void;
  now(): number;
}

export function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const startedAtMs = options.now();
  const contentPolicy = appContentPolicy(options.connectOrigins);
  const files = options.staticFolder === null ? null : createStaticFiles(options.staticFolder);

  const deny = (request: IncomingMessage, response: ServerResponse, access: Access & { ok: false }): void => {
    if (access.status !== 404) options.onDenied(request, access.status);
    if (access.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    json(request, response, access.status, { error: access.error });
  };
  const answering = (request: IncomingMessage, response: ServerResponse, work: () => Promise<void>): void => {
    work().catch((error: unknown) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else json(request, response, 500, mistake('failed', 'this failed; the log says why'));
    });
  };

  return (request, response) => {
    const target = request.url ?? '/';
    const pathname = target.split('?', 1)[0] ?? '/';
    setSafeHeaders(response);
    const { api } = options;
    if (api?.owns(pathname) === true) {
      if (answerCors(request, response, options.allowsOrigin)) return;
      return answering(request, response, () => api.answer(request, response, pathname));
    }
    if (isAdminPath(pathname)) {
      if (answerCors(request, response, options.allowsOrigin)) return;
      const access = adminAccess(request, options.adminToken);
      if (!access.ok) return deny(request, response, access);
      return answering(request, response, async () => {
        const { status, body, allow } = await options.admin(request.method ?? 'GET', target);
        if (allow !== undefined) response.setHeader('Allow', allow);
        json(request, response, status, body);
      });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return json(request, response, 405, mistake('method_not_allowed', 'only GET and HEAD are answered here'));
    }
    if (pathname === '/healthz')
      return json(request, response, 200, { ok: true, version: options.version, uptimeMs: Math.round(options.now() - startedAtMs) });
    if (pathname === '/readyz')
      return answering(request, response, async () => {
        const { isReady, reason, ...parts } = await options.health();
        const { rooms, connections } = options.stats();
        const body = { ready: isReady, ...(reason === null ? {} : { reason }), ...parts, rooms, connections };
        json(request, response, isReady ? 200 : 503, body);
      });
    if (pathname === '/metrics') {
      const access = metricsAccess(request, options.adminToken);
      if (!access.ok) return deny(request, response, access);
      return answering(request, response, async () =>
        text(request, response, 200, options.metrics.contentType, await options.metrics.text()),
      );
    }
    if (files === null) return json(request, response, 404, mistake('not_found', 'a room is reached with a WebSocket on this address'));
    const notFound = (message: string): void => {
      setSafeHeaders(response);
      json(request, response, 404, mistake('not_found', message));
    };
    // Before the file is found: "not changed" has headers too, and a browser puts them in the place of those it has kept.
    setAppHeaders(response, contentPolicy);
    files(request, response, () => {
      // The app finds its own way from any address; a missing script or picture must stay missing.
      const isPage = extname(pathname) === '' && (request.headers.accept ?? '').includes('text/html');
      if (!isPage || pathname === '/index.html') return notFound('nothing is here');
      request.url = '/index.html';
      files(request, response, () => notFound('the web app is not here'));
    });
  };
}

function mistake(code: string, message: string): object {
  return { error: { code, message } };
}
