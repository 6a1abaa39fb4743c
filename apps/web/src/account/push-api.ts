/** This browser as a device that the relay pushes notifications to. Answers are outcomes and never thrown. */
import { createApiCall, type ApiAnswer } from './relay-api.ts';

export interface PushApi {
  /** The relay's public key, base64url; null: it sends no pushes. */
  publicKey(token: string): Promise<ApiAnswer<{ publicKey: string | null }>>;
  /** Registers a device, or moves it to this user. @param subscription As `PushSubscription.toJSON()` gives it. */
  add(token: string, subscription: PushSubscriptionJSON, timeZone: string): Promise<ApiAnswer<true>>;
  remove(token: string, endpoint: string): Promise<ApiAnswer<true>>;
}

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createPushApi(url: string, fetchFrom?: typeof fetch): PushApi {
  const call = createApiCall(url, fetchFrom);
  const done = (): true => true;
  return {
    publicKey: (token) => call('/v1/push', keyOf, { token }),
    add: (token, { endpoint, keys }, timeZone) => call('/v1/push', done, { method: 'POST', token, body: { endpoint, keys, timeZone } }),
    remove: (token, endpoint) => call('/v1/push', done, { method: 'DELETE', token, body: { endpoint } }),
  };
}

function keyOf(body: unknown): { publicKey: string | null } | null {
  const { publicKey } = (body ?? {}) as { publicKey?: unknown };
  return publicKey === null || typeof publicKey === 'string' ? { publicKey } : null;
}
