/**
 * Handles the part of /v1 that clients use: authentication, rate limits, routing, and errors as `{error: {code, message}}`.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreError } from '@wetink/storage';
import { IdentityUnavailableError, type User } from '../identity/answer.ts';
import { answerWith, sendError, sendJson, setSafeHeaders } from './answers.ts';
import { readFields } from './body.ts';
import { answerCors, type CorsRules } from './cors.ts';
import { ApiFailure, identityFailure } from './failures.ts';
import { bearer, type Identity } from './identity.ts';
import type { ApiRates } from './rates.ts';
import { allowedMethods, handlerOf, matchRoute, type Answer, type Call, type Handler, type Route } from './routes.ts';

/**
 * Answers a request whose path belongs to the API, in its own time.
 *
 * @returns False for any other path: nothing was done, and the caller answers.
 */
export type ApiListener = (request: IncomingMessage, response: ServerResponse) => boolean;

/** How callers are recognised. */
export interface Callers {
  identity: Pick<Identity, 'verify'>;
  isSuspended(userId: string): Promise<boolean>;
  /** A request came with a valid token of this user. Never rejects. */
  onSeen(user: User): Promise<void>;
}

export interface ApiOptions extends CorsRules {
  routes: readonly Route[];
  /** A relay without users has the reason instead, as a sentence for callers. */
  callers: Callers | { noUsersMessage: string };
  rates: ApiRates;
  /** The address under which limits count a request; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
  /** Tokens cannot be verified at the moment. */
  onUnavailable(error: Error): void;
  /** A request failed for a reason that no client can help. */
  onFailed(error: unknown): void;
}

/** The rest of /v1 is for operators. Proxies pass the same paths: infra/nginx/nginx.conf, infra/k8s/ingress.yaml. */
const PREFIX = /^\/v1\/(settings|guests|me|boards|tickets)(\/|$)/;
/** jose waits this long before it asks a JWKS address again. */
const RETRY_AFTER_SECONDS = '30';
const STORE_RETRY_SECONDS = '5';

export function createApi(options: ApiOptions): ApiListener {
  const answer = async (request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> => {
    try {
      const given = await handle(request, pathname, options);
      if ('body' in given) return sendJson(request, response, given.status, given.body);
      response.writeHead(given.status, { ...given.headers, 'Content-Length': given.bytes.length });
      response.end(request.method === 'HEAD' ? undefined : given.bytes);
    } catch (error) {
      const failure = failureOf(error, options.onUnavailable);
      for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
      sendError(request, response, failure.status, failure.code, failure.message);
    }
  };
  return (request, response) => {
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    if (!PREFIX.test(pathname)) return false;
    setSafeHeaders(response);
    if (!answerCors(request, response, options)) answerWith(request, response, () => answer(request, response, pathname), options.onFailed);
    return true;
  };
}

async function handle(request: IncomingMessage, pathname: string, options: ApiOptions): Promise<Answer> {
  const { callers, rates } = options;
  const address = options.addressOf(request);
  await rates.call(address);
  const { handler, params } = handlerFor(request, pathname, options);
  let userId: string | null = null;
  const call: Call = {
    params,
    query: new URL(request.url ?? '/', 'http://relay').searchParams,
    request,
    hasToken: bearer(request.headers) !== '',
    fields: () => readFields(request),
    async user() {
      const user = await userOf(request, callers);
      userId = user.id;
      rates.mayGuess(user.id);
      return user;
    },
  };
  try {
    return await handler(call);
  } catch (error) {
    if (error instanceof ApiFailure && error.isMiss) await rates.missed(address, userId);
    throw error;
  }
}

/** @throws {ApiFailure} No handler has this path and method. */
function handlerFor(
  request: IncomingMessage,
  pathname: string,
  { routes, callers }: ApiOptions,
): { handler: Handler; params: readonly string[] } {
  const found = matchRoute(routes, pathname);
  if (found === null)
    throw 'noUsersMessage' in callers
      ? boardsOff(callers.noUsersMessage)
      : new ApiFailure(404, 'not_found', 'there is nothing at this address');
  const handler = handlerOf(found.route, request.method ?? 'GET');
  if (handler === null)
    throw new ApiFailure(405, 'method_not_allowed', `allowed here: ${allowedMethods(found.route)}`, {
      Allow: allowedMethods(found.route),
    });
  if (found.params === null) throw new ApiFailure(400, 'address_invalid', 'the address is not valid percent-encoding');
  return { handler, params: found.params };
}

/** @throws {ApiFailure} The token is missing or not valid, or the user is suspended. */
async function userOf(request: IncomingMessage, callers: ApiOptions['callers']): Promise<User> {
  if ('noUsersMessage' in callers) throw boardsOff(callers.noUsersMessage);
  const answer = await callers.identity.verify(bearer(request.headers));
  if (!answer.ok) throw identityFailure(answer.reason);
  if (await callers.isSuspended(answer.user.id)) throw new ApiFailure(403, 'suspended', 'this user is suspended');
  // Awaited before the answer, so that the owner of a new board has a name in it.
  await callers.onSeen(answer.user);
  return answer.user;
}

function boardsOff(message: string): ApiFailure {
  return new ApiFailure(404, 'boards_off', message);
}

/** @throws Rethrows errors that are bugs of the relay. */
function failureOf(error: unknown, onUnavailable: (error: Error) => void): ApiFailure {
  if (error instanceof ApiFailure) return error;
  if (error instanceof IdentityUnavailableError) {
    onUnavailable(error);
    return new ApiFailure(503, 'unavailable', 'tokens cannot be verified at the moment', { 'Retry-After': RETRY_AFTER_SECONDS });
  }
  if (error instanceof StoreError)
    return new ApiFailure(503, 'unavailable', 'boards cannot be read or written at the moment', { 'Retry-After': STORE_RETRY_SECONDS });
  throw error;
}
