/**
 * Open calls that wait for news in an inbox: event streams and long polls. Each holds its inbox in memory, so that this relay
 * hears of what others write there. Bounded by user, by address and in all.
 */

import type { Relay } from '@wetink/relay';

export interface ListenerLimits {
  perUser: number;
  perAddress: number;
  all: number;
}

export interface InboxListeners {
  /**
   * @param onNews Called when the inbox may have changed or its user was suspended, and when the relay drains.
   * @returns Null when there are too many; otherwise ends it. Idempotent.
   */
  open(call: { userId: string; room: string; address: string | null }, onNews: () => void): (() => void) | null;
  /** The document of an inbox has changed. */
  changed(room: string): void;
  readonly isClosed: boolean;
  readonly count: number;
  /** Ends all calls, and takes no more. Final. */
  close(): void;
}

export function createInboxListeners(relay: () => Pick<Relay, 'hold'>, limits: ListenerLimits): InboxListeners {
  const listenersByRoom = new Map<string, Set<() => void>>();
  const counts = new Map<string, number>();
  let count = 0;
  let isClosed = false;
  const add = (key: string, by: number): void => {
    const now = (counts.get(key) ?? 0) + by;
    if (now === 0) counts.delete(key);
    else counts.set(key, now);
  };

  return {
    open({ userId, room, address }, onNews) {
      const keys = [`user ${userId}`, ...(address === null ? [] : [`address ${address}`])];
      const isFull =
        (counts.get(`user ${userId}`) ?? 0) >= limits.perUser ||
        (address !== null && (counts.get(`address ${address}`) ?? 0) >= limits.perAddress);
      if (isClosed || isFull || count >= limits.all) return null;
      const listener = (): void => onNews();
      const listeners = listenersByRoom.get(room) ?? new Set();
      listenersByRoom.set(room, listeners.add(listener));
      for (const key of keys) add(key, 1);
      count += 1;
      const release = relay().hold(room);
      return () => {
        if (!listeners.delete(listener)) return;
        if (listeners.size === 0) listenersByRoom.delete(room);
        for (const key of keys) add(key, -1);
        count -= 1;
        release();
      };
    },
    changed(room) {
      for (const listener of listenersByRoom.get(room) ?? []) listener();
    },
    get isClosed() {
      return isClosed;
    },
    get count() {
      return count;
    },
    close() {
      isClosed = true;
      for (const listeners of [...listenersByRoom.values()]) for (const listener of [...listeners]) listener();
    },
  };
}
