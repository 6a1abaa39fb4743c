/**
 * The devices of people that want pushes, in the store's records:
 *
 *     push/USER          { devices: [{ endpoint, p256dh, auth, timeZone, since }] }, at most 10, the oldest first
 *     pushdevice/HASH    { user }: the user who has this endpoint, so that a browser belongs to one person at a time
 *
 * An endpoint is a secret of its browser: a caller that knows it counts as that browser.
 */

import { createHash } from 'node:crypto';
import { looseFields } from '@wetink/relay/access';
import type { Records } from '@wetink/storage';

export interface Device {
  endpoint: string;
  /** Public key of the browser: a point of P-256, base64url. */
  p256dh: string;
  /** Secret of the browser, 16 bytes as base64url. */
  auth: string;
  /** For quiet hours; '' when the browser does not say. */
  timeZone: string;
  /** ms since 1970. */
  since: number;
}

export interface Subscriptions {
  of(userId: string): Promise<readonly Device[]>;
  /** Whether the user is the last who registered this endpoint, and has not removed it. */
  isOf(userId: string, endpoint: string): Promise<boolean>;
  /** Takes the device from another user who had it. A user's eleventh device replaces the oldest. */
  add(userId: string, device: Device): Promise<void>;
  /** Idempotent. */
  remove(userId: string, endpoint: string): Promise<void>;
}

export const MAX_DEVICES = 10;
const MAX_ATTEMPTS = 20;

export function createSubscriptions(records: Records): Subscriptions {
  const read = async (userId: string): Promise<{ devices: Device[]; version: number }> => {
    const record = await records.get(`push/${userId}`);
    return record === null ? { devices: [], version: 0 } : { devices: devicesIn(record.value), version: record.version };
  };
  const change = async (userId: string, decide: (devices: Device[]) => Device[]): Promise<Device[]> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { devices, version } = await read(userId);
      const next = decide(devices);
      const key = `push/${userId}`;
      const isDone =
        next.length > 0
          ? (await records.put(key, encoded({ devices: next }), version)) !== null
          : version === 0 || (await records.remove(key, version));
      if (isDone) return devices.filter((device) => !next.includes(device));
    }
    throw new Error('others kept changing the devices of a user');
  };
  const claim = async (userId: string, endpoint: string): Promise<string | null> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await records.get(keyOf(endpoint));
      const before = record === null ? null : userIn(record.value);
      if (before === userId) return null;
      if ((await records.put(keyOf(endpoint), encoded({ user: userId }), record?.version ?? 0)) !== null) return before;
    }
    throw new Error('others kept changing the owner of a device');
  };
  const release = async (userId: string, endpoint: string): Promise<void> => {
    const record = await records.get(keyOf(endpoint));
    if (record !== null && userIn(record.value) === userId) await records.remove(record.key, record.version);
  };
  return {
    of: async (userId) => (await read(userId)).devices,
    async isOf(userId, endpoint) {
      const record = await records.get(keyOf(endpoint));
      return record !== null && userIn(record.value) === userId;
    },
    async add(userId, device) {
      const before = await claim(userId, device.endpoint);
      if (before !== null) await change(before, (devices) => devices.filter(({ endpoint }) => endpoint !== device.endpoint));
      const dropped = await change(userId, (devices) =>
        [...devices.filter(({ endpoint }) => endpoint !== device.endpoint), device].slice(-MAX_DEVICES),
      );
      for (const { endpoint } of dropped) if (endpoint !== device.endpoint) await release(userId, endpoint);
    },
    async remove(userId, endpoint) {
      await change(userId, (devices) => devices.filter((device) => device.endpoint !== endpoint));
      await release(userId, endpoint);
    },
  };
}

function keyOf(endpoint: string): string {
  return `pushdevice/${createHash('sha256').update(endpoint).digest('base64url')}`;
}

function encoded(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** A damaged record counts as empty: the person's browser registers itself again. */
function userIn(value: Uint8Array): string | null {
  const { user } = looseFields(value);
  return typeof user === 'string' ? user : null;
}

function devicesIn(value: Uint8Array): Device[] {
  const { devices } = looseFields(value);
  return Array.isArray(devices) ? devices.filter(isDevice) : [];
}

function isDevice(value: unknown): value is Device {
  if (typeof value !== 'object' || value === null) return false;
  const { endpoint, p256dh, auth, timeZone, since } = value as Record<string, unknown>;
  return [endpoint, p256dh, auth, timeZone].every((field) => typeof field === 'string') && typeof since === 'number';
}
