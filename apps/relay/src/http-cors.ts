/**
 * Cross-origin requests to /v1, by the list that decides about WebSockets. A page that may not is refused before anything is
 * done, not only kept from reading the answer. Nobody is ever answered with `*` or with Allow-Credentials: who somebody is
 * stands in the Authorization header, which no browser adds by itself.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from './http-answers.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADERS = 'Authorization, Content-Type';
const EXPOSED = 'Retry-After, WWW-Authenticate';
/** Seconds: an origin that is taken off the list is asked again after so long. */
const MAX_AGE_SECONDS = '600';

/** @returns True when this was the answer; false: go on, the headers that let the page read it are set. */
export function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  allowsOrigin: (request: IncomingMessage) => boolean,
): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (origin === undefined) return false;
  if (!allowsOrigin(request)) {
    json(request, response, 403, {
      error: { code: 'origin_not_allowed', message: 'pages of this origin may not use this relay; WETINK_ORIGINS names those that may' },
    });
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
