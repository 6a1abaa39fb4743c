/** Answers HTTP requests on the relay's port: health, metrics, the APIs and the files of the web app. */

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
  /** Null: the admin API is off, and only this computer reads /metrics. */
  adminToken: string | null;
  health(): Promise<Health>;
  /** Counts in the answer of /readyz. */
  stats(): { rooms: number; connections: number };
  metrics: { contentType: string; text(): Promise<string> };
  admin(method: string, target: string): Promise<AdminAnswer>;
  /** The API for clients. */
  api?: Api;
  /** Other origins that the web app fetches tokens from. */
  connectOrigins?: readonly string[];
  /** Whether the page that sent the request may use this relay. A request without Origin is not from a page. */
  allowsOrigin(request: IncomingMessage): boolean;
  /** A request had a wrong admin token, or none. */
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
    if (files === null)
      return json(
        request,
        response,
        404,
        mistake('not_found', 'this relay serves no web app; open a WebSocket at this address to enter a room'),
      );
    const notFound = (message: string): void => {
      setSafeHeaders(response);
      json(request, response, 404, mistake('not_found', message));
    };
    // Set before the file is looked up: a 304 has headers too, and they replace those in the browser's cache.
    setAppHeaders(response, contentPolicy);
    files(request, response, () => {
      // The app does its own routing, so any page address gets index.html; a missing script or picture gets 404.
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
