/**
 * One relay's end of the bus, with messages that are lost, duplicated, late and reordered.
 *
 * A link can go deaf without an error. As with the bus over Redis, each end receives its own pings, and a link on which
 * four in a row did not return is down until one does.
 */

import type { Bus, LocalBus } from '@wetink/relay';
import type { Life } from './life.ts';
import { randomOf } from './random.ts';
import type { World } from './world.ts';

const PING_EVERY_MS = 2_000;
const PINGS_UNTIL_DOWN = 4;

/** @param name Unique among the nodes of `hub`. */
export function createSimBus(world: World, hub: LocalBus, name: string, life: Life): Bus {
  const inner = hub.node(name);
  const { busRandom: random, bus: weather, clock } = world;
  /** Arrival time of the last message of each node, to keep the order. */
  const arrivesAtMs = new Map<string, number>();

  const pingRandom = randomOf(world.seed, `pings of ${name}`);
  let pingsLost = 0;
  let isDown = false;
  const ping = (): void => {
    life.schedule(ping, PING_EVERY_MS);
    pingsLost = world.deafNodes.has(name) || pingRandom.chance(weather.dropChance) ? pingsLost + 1 : 0;
    if (pingsLost >= PINGS_UNTIL_DOWN) {
      hub.breakLink(name);
      isDown = true;
    } else if (pingsLost === 0 && isDown) {
      hub.healLink(name);
      isDown = false;
    }
  };
  life.schedule(ping, pingRandom.int(PING_EVERY_MS));

  const deliver = (from: string, run: () => void): void => {
    const nowMs = clock.now();
    const atMs = nowMs + random.int(weather.delayMs + 1);
    const inOrderMs = Math.max(atMs, arrivesAtMs.get(from) ?? 0);
    if (!weather.isReordering) arrivesAtMs.set(from, inOrderMs);
    life.schedule(run, (weather.isReordering ? atMs : inOrderMs) - nowMs);
  };

  return {
    node: inner.node,
    get isUp() {
      return inner.isUp;
    },
    join(room, listener) {
      let isHere = true;
      const hear = (from: string, bytes: Uint8Array): void => {
        world.trace.bytes(0, bytes);
        deliver(from, () => {
          if (isHere) listener.receive(from, bytes);
        });
      };
      const joined = inner.join(room, {
        receive(from, bytes) {
          if (world.deafNodes.has(name) || world.deafNodes.has(from) || random.chance(weather.dropChance)) return;
          hear(from, bytes);
          if (random.chance(weather.duplicateChance)) hear(from, bytes.slice());
        },
        restored: () => deliver('', () => isHere && listener.restored()),
        gone: (node, how) => deliver(node, () => isHere && listener.gone(node, how)),
      });
      return {
        ...joined,
        leave() {
          isHere = false;
          joined.leave();
        },
      };
    },
    counts: (rooms) => inner.counts(rooms),
    close: () => inner.close(),
  };
}
