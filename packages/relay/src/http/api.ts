/**
 * Handles the part of /v1 that clients use: authentication, rate limits, routing, and errors as `{error: {code, message}}`.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { StoreError } from '@wetink/storage';
import { IdentityUnavailableError, type User } from '../identity/answer.ts';
import { answerWith, cutWhenStalled, sendError, sendJson, sendPieces, setSafeHeaders } from './answers.ts';
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

/** A listener that names its calls, for a description of them. */
export type DescribedApi = ApiListener & { readonly calls: readonly { readonly pattern: string; readonly methods: readonly string[] }[] };

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
const PREFIX = /^\/v1\/(settings|guests|me|boards|tickets|conversations|people|notifications|blocked|push)(\/|$)/;
/** jose waits this long before it asks a JWKS address again. */
const RETRY_AFTER_SECONDS = '30';
const STORE_RETRY_SECONDS = '5';

export function createApi(options: ApiOptions): DescribedApi {
  const answer = async (request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> => {
    try {
      const given = await handle(request, pathname, options);
      await send(request, response, given);
    } catch (error) {
      if (response.headersSent) throw error;
      const failure = failureOf(error, options.onUnavailable);
      for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
      sendError(request, response, failure.status, failure.code, failure.message, failure.fields);
    }
  };
  const listener: ApiListener = (request, response) => {
    const pathname = request.url?.split('?', 1)[0] ?? '/';
    if (!PREFIX.test(pathname)) return false;
    setSafeHeaders(response);
    if (!answerCors(request, response, options)) answerWith(request, response, () => answer(request, response, pathname), options.onFailed);
    return true;
  };
  return Object.assign(listener, { calls: options.routes.map(({ pattern, methods }) => ({ pattern, methods: Object.keys(methods) })) });
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if ('body' in answer) return sendJson(request, response, answer.status, answer.body);
  if ('stream' in answer) {
    response.writeHead(answer.status, answer.headers);
    if (request.method !== 'HEAD') return answer.stream(response);
    answer.cancel();
    response.end();
    return;
  }
  if (!('headers' in answer)) {
    response.writeHead(answer.status).end();
    return;
  }
  const size = 'bytes' in answer ? answer.bytes.length : answer.size;
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': size });
  cutWhenStalled(response);
  if (request.method === 'HEAD') response.end();
  else if ('bytes' in answer) response.end(answer.bytes);
  else await sendPieces(response, answer.pieces);
}

async function handle(request: IncomingMessage, pathname: string, options: ApiOptions): Promise<Answer> {
  const { callers, rates } = options;
  const address = options.addressOf(request);
  const found = matchRoute(options.routes, pathname);
  await (found?.route.readsBlobs === true && isRead(request) ? rates.blobRead(address) : rates.call(address));
  const { handler, params } = handlerFor(request, found, options);
  let userId: string | null = null;
  const call: Call = {
    params,
    query: new URL(request.url ?? '/', 'http://relay').searchParams,
    request,
    hasToken: bearer(request.headers) !== '',
    fields: (maxBytes) => readFields(request, maxBytes),
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

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** @throws {ApiFailure} No handler has this path and method. */
function handlerFor(
  request: IncomingMessage,
  found: ReturnType<typeof matchRoute>,
  { callers }: ApiOptions,
): { handler: Handler; params: readonly string[] } {
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
  if (error instanceof StoreError && error.code === 'FULL')
    return new ApiFailure(507, 'store_full', 'the server has no space left; what is stored is kept: try again later');
  if (error instanceof StoreError)
    return new ApiFailure(503, 'unavailable', 'boards cannot be read or written at the moment', { 'Retry-After': STORE_RETRY_SECONDS });
  throw error;
}
