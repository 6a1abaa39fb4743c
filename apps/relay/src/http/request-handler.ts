/** Answers HTTP requests on the relay's port: health, metrics, the APIs and the files of the web app. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  answerCors,
  answerWith,
  sendError,
  sendJson,
  sendText,
  setSafeHeaders,
  type ApiListener,
  type CorsRules,
} from '@wetink/relay/http';
import { checkAdminToken, checkMetricsToken, type TokenCheck } from './admin-token.ts';
import type { AdminAnswer } from '../admin/answers.ts';
import { isAdminPath } from '../admin/admin.ts';
import type { Health } from '../monitoring/health.ts';
import { createWebApp } from './web-app.ts';

export interface HttpOptions extends CorsRules {
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
  api?: ApiListener;
  /** Other origins that the web app fetches tokens from. */
  connectOrigins?: readonly string[];
  /** A request had a wrong admin token, or none. */
  onDenied(request: IncomingMessage, status: number): void;
  onError(error: unknown): void;
  now(): number;
}

export function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const startedAtMs = options.now();
  const webApp = options.staticFolder === null ? null : createWebApp(options.staticFolder, options.connectOrigins);

  return (request, response) => {
    if (options.api?.(request, response) === true) return;
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    setSafeHeaders(response);
    if (isAdminPath(pathname)) return answerAdminRequest(request, response, options);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendError(request, response, 405, 'method_not_allowed', 'only GET and HEAD are answered here');
    }
    switch (pathname) {
      case '/healthz':
        return sendJson(request, response, 200, {
          ok: true,
          version: options.version,
          uptimeMs: Math.round(options.now() - startedAtMs),
        });
      case '/readyz':
        return answerWith(request, response, () => answerReady(request, response, options), options.onError);
      case '/metrics':
        return answerMetrics(request, response, options);
    }
    if (webApp !== null) return webApp(request, response, pathname);
    sendError(request, response, 404, 'not_found', 'this relay serves no web app; open a WebSocket at this address to enter a room');
  };
}

function answerAdminRequest(request: IncomingMessage, response: ServerResponse, options: HttpOptions): void {
  if (answerCors(request, response, options)) return;
  const check = checkAdminToken(request, options.adminToken);
  if (!check.ok) return deny(request, response, check, options);
  const answer = async (): Promise<void> => {
    const { status, body, allow } = await options.admin(request.method ?? 'GET', request.url ?? '/');
    if (allow !== undefined) response.setHeader('Allow', allow);
    sendJson(request, response, status, body);
  };
  answerWith(request, response, answer, options.onError);
}

async function answerReady(request: IncomingMessage, response: ServerResponse, options: HttpOptions): Promise<void> {
  const { isReady, reason, ...parts } = await options.health();
  const { rooms, connections } = options.stats();
  const body = { ready: isReady, ...(reason === null ? {} : { reason }), ...parts, rooms, connections };
  sendJson(request, response, isReady ? 200 : 503, body);
}

function answerMetrics(request: IncomingMessage, response: ServerResponse, options: HttpOptions): void {
  const check = checkMetricsToken(request, options.adminToken);
  if (!check.ok) return deny(request, response, check, options);
  const { metrics } = options;
  answerWith(request, response, async () => sendText(request, response, 200, metrics.contentType, await metrics.text()), options.onError);
}

function deny(request: IncomingMessage, response: ServerResponse, check: TokenCheck & { ok: false }, { onDenied }: HttpOptions): void {
  if (check.status !== 404) onDenied(request, check.status);
  if (check.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  sendError(request, response, check.status, check.error.code, check.error.message);
}
