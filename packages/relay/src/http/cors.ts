/**
 * Cross-origin requests to /v1, checked against the same list as WebSockets. A page that is not on it is refused before the
 * request has any effect, not only kept from reading the answer. No answer has `*` or Allow-Credentials: the user's token
 * is in the Authorization header, which no browser adds by itself.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError } from './answers.ts';

export interface CorsRules {
  /** Whether the page that sent the request may use this relay. A request without Origin is not from a page. */
  allowsOrigin(request: IncomingMessage): boolean;
  /** Sentence for a page that may not. */
  originRefusal?: string;
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'Authorization, Content-Type, Range, Upload-Offset, Upload-Length, Idempotency-Key';
const EXPOSED = 'Retry-After, WWW-Authenticate, Content-Disposition, Content-Range';
/** Seconds for which browsers cache a preflight, so also until they notice that an origin left the list. */
const MAX_AGE_SECONDS = '600';

/** @returns True when it has answered. False: the caller answers, and the CORS headers are set. */
export function answerCors(request: IncomingMessage, response: ServerResponse, rules: CorsRules): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin === undefined) return false;
  if (!rules.allowsOrigin(request)) {
    sendError(request, response, 403, 'origin_not_allowed', rules.originRefusal ?? 'pages of this origin may not use this relay');
    return true;
  }
  response.setHeader('Access-Control-Allow-Origin', origin);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    return false;
  }
  response.setHeader('Access-Control-Allow-Methods', METHODS);
  response.setHeader('Access-Control-Allow-Headers', HEADERS);
  response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
  response.writeHead(204);
  response.end();
  return true;
}
