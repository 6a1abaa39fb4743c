/**
 * Handles the part of /v1 that clients use: authentication, rate limits, routing, and errors as `{error: {code, message}}`.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { IdentityUnavailableError, type User } from '@wetink/relay/identity';
import { StoreError } from '@wetink/storage';
import { json } from '../http-answers.ts';
import { bearer, type Identity } from '../identity.ts';
import { readFields } from './body.ts';
import { ApiFailure, identityFailure } from './failures.ts';
import type { ApiRates } from './rates.ts';
import { allowedMethods, handlerOf, matchRoute, type Answer, type Call, type Route } from './routes.ts';

export interface Api {
  /** True for the paths that `answer` handles. */
  owns(pathname: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>;
}

export interface ApiOptions {
  routes: readonly Route[];
  /** Null: this relay has no users. */
  identity: Pick<Identity, 'verify'> | null;
  isSuspended(userId: string): Promise<boolean>;
  /** A request came with a valid token of this user. Never rejects. */
  onSeen(user: User): Promise<void>;
  rates: ApiRates;
  /** The address under which limits count a request; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
  /** Tokens cannot be verified at the moment. */
  onUnavailable(error: Error): void;
}

/** The rest of /v1 is for operators. Proxies pass the same paths: infra/nginx/nginx.conf, infra/k8s/ingress.yaml. */
const PREFIX = /^\/v1\/(settings|guests|me|boards|tickets)(\/|$)/;
/** jose waits this long before it asks a JWKS address again. */
const RETRY_AFTER_SECONDS = '30';
const STORE_RETRY_SECONDS = '5';

export function createApi(options: ApiOptions): Api {
  const { routes, identity, rates } = options;

  const userOf = async (request: IncomingMessage): Promise<User> => {
    if (identity === null) throw boardsOff();
    const answer = await identity.verify(bearer(request.headers));
    if (!answer.ok) throw identityFailure(answer.reason);
    if (await options.isSuspended(answer.user.id)) throw new ApiFailure(403, 'suspended', 'this user is suspended');
    // Awaited before the answer, so that the owner of a new board has a name in it.
    await options.onSeen(answer.user);
    return answer.user;
  };

  const handle = async (request: IncomingMessage, pathname: string): Promise<Answer> => {
    const address = options.addressOf(request);
    await rates.call(address);
    const found = matchRoute(routes, pathname);
    if (found === null) throw identity === null ? boardsOff() : new ApiFailure(404, 'not_found', 'there is nothing at this address');
    const handler = handlerOf(found.route, request.method ?? 'GET');
    if (handler === null)
      throw new ApiFailure(405, 'method_not_allowed', `allowed here: ${allowedMethods(found.route)}`, {
        Allow: allowedMethods(found.route),
      });
    if (found.params === null) throw new ApiFailure(400, 'address_invalid', 'the address is not valid percent-encoding');
    let userId: string | null = null;
    const call: Call = {
      params: found.params,
      query: new URL(request.url ?? '/', 'http://relay').searchParams,
      request,
      hasToken: bearer(request.headers) !== '',
      fields: () => readFields(request),
      async user() {
        const user = await userOf(request);
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
  };

  return {
    owns: (pathname) => PREFIX.test(pathname),
    async answer(request, response, pathname) {
      try {
        const answer = await handle(request, pathname);
        if ('body' in answer) return json(request, response, answer.status, answer.body);
        response.writeHead(answer.status, { ...answer.headers, 'Content-Length': answer.bytes.length });
        response.end(request.method === 'HEAD' ? undefined : answer.bytes);
      } catch (error) {
        const failure = failureOf(error, options.onUnavailable);
        for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
        json(request, response, failure.status, { error: { code: failure.code, message: failure.message } });
      }
    },
  };
}

function boardsOff(): ApiFailure {
  return new ApiFailure(404, 'boards_off', 'this relay has no users: set WETINK_SECRET');
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
