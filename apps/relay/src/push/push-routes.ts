/**
 * A person's devices that get pushes:
 *
 *     GET    /v1/push                                       { publicKey }, for the browser's subscription; null: pushes are off
 *     POST   /v1/push {endpoint, keys, timeZone?}           registers a device, as PushSubscription.toJSON() describes it
 *     DELETE /v1/push {endpoint}                            removes it
 */

import { ApiFailure, bodyInvalid, type Route } from '@wetink/relay/http';
import type { Outbound } from '../outbound/outbound.ts';
import { encryptFor, type Push } from './push.ts';

export interface PushRoutePorts {
  /** Null: no keys are configured. */
  push: Pick<Push, 'subscriptions'> | null;
  publicKey: string | null;
  outbound: Pick<Outbound, 'mistakeIn'>;
  /** ms since 1970. */
  wallClock(): number;
}

const MAX_ZONE_LENGTH = 64;

export function pushRoutes({ push, publicKey, outbound, wallClock }: PushRoutePorts): Route[] {
  const subscriptions = (): Push['subscriptions'] => {
    if (push === null) throw new ApiFailure(404, 'push_off', 'this relay sends no pushes: its operator set no keys');
    return push.subscriptions;
  };
  return [
    {
      pattern: '/v1/push',
      methods: {
        async GET(call) {
          await call.user();
          return { status: 200, body: { publicKey } };
        },
        async POST(call) {
          const { id: userId } = await call.user();
          const devices = subscriptions();
          const { endpoint, keys, timeZone = '' } = await call.fields();
          if (typeof endpoint !== 'string') throw bodyInvalid('endpoint must be the address of a push service');
          const mistake = outbound.mistakeIn(endpoint);
          if (mistake !== null) throw bodyInvalid(`endpoint ${mistake}`);
          if (typeof timeZone !== 'string' || !isTimeZone(timeZone)) throw bodyInvalid('timeZone must be a name such as Europe/Berlin');
          await devices.add(userId, { endpoint, ...keysOf(keys), timeZone, since: wallClock() });
          return { status: 201, body: { endpoint } };
        },
        async DELETE(call) {
          const { id: userId } = await call.user();
          const { endpoint } = await call.fields();
          if (typeof endpoint !== 'string') throw bodyInvalid('endpoint must be the address of a push service');
          await subscriptions().remove(userId, endpoint);
          return { status: 204 };
        },
      },
    },
  ];
}

/** @throws {ApiFailure} Nothing can be encrypted for them. */
function keysOf(keys: unknown): { p256dh: string; auth: string } {
  const { p256dh, auth } = (typeof keys === 'object' && keys !== null ? keys : {}) as Record<string, unknown>;
  const wrong = bodyInvalid('keys must have p256dh, a point of P-256, and auth, 16 bytes, both base64url');
  if (typeof p256dh !== 'string' || !/^[A-Za-z0-9_-]{87}=?$/.test(p256dh)) throw wrong;
  if (typeof auth !== 'string' || !/^[A-Za-z0-9_-]{22}(==)?$/.test(auth)) throw wrong;
  const found = { p256dh: p256dh.replaceAll('=', ''), auth: auth.replaceAll('=', '') };
  try {
    encryptFor(found, new Uint8Array(1));
  } catch {
    throw wrong; // not on the curve
  }
  return found;
}

function isTimeZone(name: string): boolean {
  if (name === '') return true;
  if (name.length > MAX_ZONE_LENGTH) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
