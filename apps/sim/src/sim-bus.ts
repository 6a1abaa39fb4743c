/** One relay's end of the bus, with messages that get lost, come twice, come late and overtake each other. */

import type { Bus } from '@wetink/relay';
import type { Life } from './life.ts';
import type { World } from './world.ts';

export function createSimBus(world: World, inner: Bus, life: Life): Bus {
  const { busRandom: random, bus: weather, clock } = world;
  /** When the last message of each node arrives, as long as they keep their order. */
  const arrivesAtMs = new Map<string, number>();

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
          if (random.chance(weather.dropChance)) return;
          hear(from, bytes);
          if (random.chance(weather.duplicateChance)) hear(from, bytes.slice());
        },
        restored: () => deliver('', () => isHere && listener.restored()),
        gone: (node) => deliver(node, () => isHere && listener.gone(node)),
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
