/** Answers HTTP requests on the relay's port: health, metrics, the APIs and the files of the web app. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  answerCors,
  answerWith,
  readFields,
  sendError,
  sendJson,
  sendText,
  setSafeHeaders,
  type ApiListener,
  type CorsRules,
} from '@wetink/relay/http';
import type { AdminAnswer } from '../admin/answers.ts';
import type { AdminBody } from '../admin/notify.ts';
import { isAdminPath } from '../admin/admin.ts';
import type { Health } from '../monitoring/health.ts';
import type { Operator, OperatorCheck, Operators } from '../admin/operators.ts';
import type { AppOrigins } from './app-headers.ts';
import type { OperatorPage } from './operator-page.ts';
import { createWebApp } from './web-app.ts';

export interface HttpOptions extends CorsRules {
  version: string;
  staticFolder: string | null;
  operators: Operators;
  /** Null: there are no operators, so no page for them. */
  operatorPage?: OperatorPage | null;
  health(): Promise<Health>;
  /** Counts in the answer of /readyz. */
  stats(): { rooms: number; connections: number };
  metrics: { contentType: string; text(): Promise<string> };
  admin(method: string, target: string, operator: Operator, body: AdminBody): Promise<AdminAnswer>;
  /** The API for clients. */
  api?: ApiListener;
  /** Other origins that the web app may use. */
  appOrigins?: AppOrigins;
  /** A request had a wrong admin token, or none. */
  onDenied(request: IncomingMessage, status: number): void;
  onError(error: unknown): void;
  now(): number;
}

export function createHttpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const startedAtMs = options.now();
  const webApp = options.staticFolder === null ? null : createWebApp(options.staticFolder, options.appOrigins);

  return (request, response) => {
    if (options.api?.(request, response) === true) return;
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    setSafeHeaders(response);
    if (isAdminPath(pathname)) return answerAdminRequest(request, response, options);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendError(request, response, 405, 'method_not_allowed', 'only GET and HEAD are answered here');
    }
    if (options.operatorPage?.(request, response, pathname) === true) return;
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

/** 1,000 user ids of 128 characters. */
const MAX_ADMIN_BODY_BYTES = 192 * 1024;

function answerAdminRequest(request: IncomingMessage, response: ServerResponse, options: HttpOptions): void {
  if (answerCors(request, response, options)) return;
  const answer = async (): Promise<void> => {
    const check = await options.operators.check(request);
    if (!check.ok) return deny(request, response, check, options);
    const key = request.headers['idempotency-key'];
    const asked: AdminBody = {
      fields: () => readFields(request, MAX_ADMIN_BODY_BYTES),
      idempotencyKey: typeof key === 'string' ? key : undefined,
    };
    const { status, body, allow } = await options.admin(request.method ?? 'GET', request.url ?? '/', check.operator, asked);
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
  const { metrics, operators } = options;
  const answer = async (): Promise<void> => {
    const check = await operators.checkMetrics(request);
    if (!check.ok) return deny(request, response, check, options);
    sendText(request, response, 200, metrics.contentType, await metrics.text());
  };
  answerWith(request, response, answer, options.onError);
}

function deny(request: IncomingMessage, response: ServerResponse, check: OperatorCheck & { ok: false }, { onDenied }: HttpOptions): void {
  if (check.status !== 404) onDenied(request, check.status);
  if (check.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (check.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(check.retryAfterSeconds));
  sendError(request, response, check.status, check.code, check.message);
}
