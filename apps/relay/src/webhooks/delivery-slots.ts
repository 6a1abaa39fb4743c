/**
 * Bounds how many deliveries are under way: in all, to one host, and of one person's webhooks, so that neither a slow host nor
 * a person who names many of them holds up others. People who wait get slots in turns.
 */

import type { Environment } from '@wetink/relay';

export interface DeliveryPlace {
  host: string;
  /** User id of the person who made the webhook. */
  owner: string;
}

/** Gives a slot back. */
export type Release = () => void;

export interface DeliverySlots {
  /**
   * Resolves with null once closed.
   * @param mostMs Somebody waits for it: it comes before others of its owner, and is null when there is none in this time.
   */
  take(place: DeliveryPlace, mostMs?: number): Promise<Release | null>;
  /** Final. */
  close(): void;
}

export interface DeliverySlotsOptions {
  perHost: number;
  perOwner: number;
  all: number;
  environment: Pick<Environment, 'schedule'>;
}

interface Waiting {
  place: DeliveryPlace;
  resolve(release: Release | null): void;
}

export function createDeliverySlots({ perHost, perOwner, all, environment }: DeliverySlotsOptions): DeliverySlots {
  const busyHosts = new Map<string, number>();
  const busyOwners = new Map<string, number>();
  /** By owner; the one whose turn is next is the first. */
  const waiting = new Map<string, Waiting[]>();
  let taken = 0;
  let isClosed = false;
  const hasRoom = (owner: string): boolean => taken < all && (busyOwners.get(owner) ?? 0) < perOwner;
  const isFree = ({ host, owner }: DeliveryPlace): boolean => hasRoom(owner) && (busyHosts.get(host) ?? 0) < perHost;
  const count = ({ host, owner }: DeliveryPlace, by: 1 | -1): void => {
    taken += by;
    add(busyHosts, host, by);
    add(busyOwners, owner, by);
  };
  const take = (place: DeliveryPlace): Release => {
    count(place, 1);
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      count(place, -1);
      giveOn();
    };
  };
  const giveOn = (): void => {
    for (const [owner, line] of waiting) {
      const next = hasRoom(owner) ? line.findIndex(({ place }) => isFree(place)) : -1;
      const [first] = next < 0 ? [] : line.splice(next, 1);
      if (first === undefined) continue;
      waiting.delete(owner);
      if (line.length > 0) waiting.set(owner, line);
      return first.resolve(take(first.place));
    }
  };
  const leave = (one: Waiting): void => {
    const line = waiting.get(one.place.owner) ?? [];
    const index = line.indexOf(one);
    if (index >= 0) line.splice(index, 1);
    if (line.length === 0) waiting.delete(one.place.owner);
  };
  return {
    take(place, mostMs) {
      if (isClosed) return Promise.resolve(null);
      if (isFree(place)) return Promise.resolve(take(place));
      return new Promise((resolve) => {
        const line = waiting.get(place.owner) ?? [];
        waiting.set(place.owner, line);
        if (mostMs === undefined) return void line.push({ place, resolve });
        const one: Waiting = {
          place,
          resolve(release) {
            cancel();
            resolve(release);
          },
        };
        const cancel = environment.schedule(() => {
          leave(one);
          resolve(null);
        }, mostMs);
        line.unshift(one);
      });
    },
    close() {
      isClosed = true;
      const lines = [...waiting.values()];
      waiting.clear();
      for (const { resolve } of lines.flat()) resolve(null);
    },
  };
}

/** Keys at 0 are left out. */
function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
