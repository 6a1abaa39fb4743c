/**
 * Web Push: sends notifications to the devices of a person who has no page open. The payload is encrypted for the device
 * (RFC 8291), so a push service learns when, and how much, and nothing else.
 *
 *     written to an inbox -> wanted as a push? -> a page open anywhere? -> quiet hours of the device? -> queue -> push service
 */

// Programs outside this folder that import it do not list the file of these types.
/// <reference path="./http-ece.d.ts" />

import { createECDH } from 'node:crypto';
import { isQuietAt, shownLine, type NewNotification, type QuietHours } from '@wetink/board';
import type { Environment, Relay } from '@wetink/relay';
import { inboxRoomOf } from '@wetink/relay/access';
import type { Records } from '@wetink/storage';
import { encrypt } from 'http_ece';
import type { Outbound } from '../outbound/outbound.ts';
import { createPushQueue } from './push-queue.ts';
import { createSubscriptions, type Device, type Subscriptions } from './subscriptions.ts';
import { createVapidSigner, type VapidConfig } from './vapid.ts';

export interface PushPorts {
  vapid: VapidConfig;
  records: Records;
  outbound: Pick<Outbound, 'post'>;
  relay(): Pick<Relay, 'counts'>;
  environment: Pick<Environment, 'now' | 'schedule'>;
  /** ms since 1970. */
  wallClock(): number;
  /** `event` is the log line. No error has an endpoint in it. */
  onError(error: unknown, event: string): void;
}

export interface Push {
  subscriptions: Subscriptions;
  /** Never rejects: the notifications are in the inbox in any case. @param quiet Hours in which nothing is pushed. */
  push(userId: string, notifications: readonly NewNotification[], quiet: QuietHours | null): Promise<void>;
  /** Final. */
  close(): void;
}

const TTL_SECONDS = 24 * 60 * 60;
/** A record of RFC 8188 has 4,096 bytes, which every push service takes; texts are cut far below. */
const MAX_TEXT = 200;

export function createPush({ vapid, records, outbound, relay, environment, wallClock, onError }: PushPorts): Push {
  const subscriptions = createSubscriptions(records);
  const authorization = createVapidSigner(vapid, wallClock);
  const queue = createPushQueue({
    isOf: (userId, { endpoint }) => subscriptions.isOf(userId, endpoint),
    async send(device, payload) {
      const headers = {
        Authorization: await authorization(device.endpoint),
        'Content-Encoding': 'aes128gcm',
        'Content-Type': 'application/octet-stream',
        TTL: String(TTL_SECONDS),
        Urgency: 'normal',
      };
      return outbound.post(device.endpoint, headers, encryptFor(device, payload));
    },
    onGone: (userId, { endpoint }) =>
      void subscriptions.remove(userId, endpoint).catch((error: unknown) => onError(error, 'a device that is gone could not be removed')),
    onFailed: ({ endpoint }, why) => onError(new Error(`${new URL(endpoint).host}: ${why}`), 'a push could not be delivered'),
    onDropped: ({ endpoint }, why) => onError(new Error(`${new URL(endpoint).host}: ${why}`), 'a push was left out'),
    environment,
  });
  return {
    subscriptions,
    async push(userId, notifications, quiet) {
      if (notifications.length === 0) return;
      try {
        const devices = await subscriptions.of(userId);
        if (devices.length === 0) return;
        const { counts } = await relay().counts([inboxRoomOf(userId)]);
        if ((counts[0]?.connections ?? 0) > 0) return; // a page that is open shows it
        for (const device of devices) {
          if (isQuietAt(quiet, minuteAt(wallClock(), device.timeZone))) continue;
          for (const notification of notifications) queue.add(userId, device, payloadOf(notification));
        }
      } catch (error) {
        onError(error, 'notifications could not be pushed');
      }
    },
    close: () => queue.close(),
  };
}

/** The fields that a service worker needs to show it and to open its place. */
function payloadOf({ id, kind, from, room, title, message, text, link }: NewNotification): Uint8Array {
  const short = [...shownLine(text)].slice(0, MAX_TEXT).join('');
  return new TextEncoder().encode(JSON.stringify({ id, kind, from: from.name, room, title, message, text: short, link }));
}

/** @throws {Error} When the keys of the device are none. */
export function encryptFor({ p256dh, auth }: Pick<Device, 'p256dh' | 'auth'>, payload: Uint8Array): Buffer {
  const privateKey = createECDH('prime256v1');
  privateKey.generateKeys();
  return encrypt(Buffer.from(payload), { version: 'aes128gcm', dh: p256dh, privateKey, authSecret: auth });
}

/** Minutes since midnight on a clock of this time zone; of UTC when it is ''. */
function minuteAt(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: timeZone === '' ? 'UTC' : timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
    .formatToParts(ms)
    .map(({ type, value }) => [type, Number(value)] as const);
  const { hour = 0, minute = 0 } = Object.fromEntries(parts) as { hour?: number; minute?: number };
  return 60 * hour + minute;
}
