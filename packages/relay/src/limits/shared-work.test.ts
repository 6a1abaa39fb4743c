import { describe, expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { virtualTime, type VirtualTime } from '../testing/virtual-time.ts';
import { PacedReading } from './paced-reading.ts';
import { SharedWork } from './shared-work.ts';
import { SlidingWindow } from './sliding-window.ts';

const nothing = (): SlidingWindow => new SlidingWindow(1, 60_000, 0);

/** A connection's reading, and a log of its events. */
function reader(time: VirtualTime, ...of: [SharedWork, string][]) {
  const log: string[] = [];
  const socket = { pause: () => undefined, resume: () => log.push(`${time.now()} read`) };
  const reading = new PacedReading(socket, defaultLimits, time, {
    onSlowed: (limit, waitMs) => log.push(`${limit} ${Math.ceil(waitMs)}`),
    onReading: () => undefined,
  });
  for (const [work, key] of of) reading.shares(work.enter(key, time.now()));
  return { log, reading, works: (ms: number) => reading.handled(1, 1, time.now() - ms) };
}

describe('time on the event loop of one user', () => {
  it('[LI9] all connections of a user share one limit: at it they are read, one ms above none is; other users are read', async () => {
    const time = virtualTime();
    const users = new SharedWork('user_work', 100);
    const [phone, laptop, ben] = [reader(time, [users, 'ana']), reader(time, [users, 'ana']), reader(time, [users, 'ben'])];
    await time.advance(10);
    phone.works(60);
    laptop.works(40);
    expect([phone.log, laptop.log]).toEqual([[], []]);
    phone.works(1);
    laptop.works(0);
    ben.works(100);
    expect([phone.log, laptop.log, ben.log]).toEqual([['user_work 60585'], ['user_work 60585'], []]);
    await time.advance(60_585);
    expect([phone.reading.isPaused, laptop.reading.isPaused]).toEqual([false, false]);
  });

  it('[LI9] reconnecting does not reset usage, and usage is forgotten when its window is over', () => {
    const users = new SharedWork('user_work', 100);
    const first = users.enter('ana', 0);
    expect(first.add(0, 101, nothing())).toBe(false);
    first.leave(0);
    first.leave(0);
    const second = users.enter('ana', 1_000);
    expect(second.add(1_000, 0, nothing())).toBe(false);
    second.leave(1_000);
    users.sweep(60_000);
    expect(users.size).toBe(1);
    users.sweep(119_500);
    expect(users.size).toBe(0);
  });

  it('[LI9] keys with negligible usage are forgotten; remembered keys are bounded by the window', () => {
    const users = new SharedWork('user_work', 20_000);
    for (let i = 0; i < 10_000; i++) {
      const share = users.enter(`user ${i}`, i);
      share.add(i, i % 100 === 0 ? 300 : 1, nothing());
      share.leave(i);
    }
    expect(users.size).toBe(100);
    users.sweep(200_000);
    expect(users.size).toBe(0);
  });
});

describe('time on the event loop of one address', () => {
  it('[LI9] above the limit connections with little usage are read on; above 1.5 times the limit none is', () => {
    const addresses = new SharedWork('address_work', 100);
    const [mallory, ben] = [addresses.enter('a', 0), addresses.enter('a', 0)];
    const [much, little] = [new SlidingWindow(1_000, 60_000, 0), new SlidingWindow(1_000, 60_000, 0)];
    much.add(0, 101);
    little.add(0, 25);
    expect([mallory.add(0, 100, much), mallory.add(0, 1, much), ben.add(0, 49, little)]).toEqual([true, false, true]);
    expect([mallory.waitMs(0, much), ben.waitMs(0, little)]).toEqual([expect.closeTo(80_000, -3), 0]);
    expect(ben.add(0, 1, little)).toBe(false);
    expect(ben.waitMs(0, little)).toBeGreaterThan(0);
    // A hundredth more than half of an even share.
    little.add(0, 0.25);
    const other = addresses.enter('b', 0);
    expect([ben.waitMs(0, little), other.add(0, 100, much)]).toEqual([mallory.waitMs(0, much), true]);
  });

  it('[LI9] a client that reconnects again and again takes nothing from the share of connections with little usage', () => {
    const addresses = new SharedWork('address_work', 1_000);
    const fresh = (): SlidingWindow => new SlidingWindow(10_000, 60_000, 0);
    const [ben, little] = [addresses.enter('a', 0), fresh()];
    for (let i = 0; i < 200; i++) {
      const [mallory, own] = [addresses.enter('a', 0), fresh()];
      for (let isRead = true; isRead && mallory.waitMs(0, own) === 0;) {
        own.add(0, 20);
        isRead = mallory.add(0, 20, own);
      }
      mallory.leave(0);
    }
    little.add(0, 20);
    expect([ben.add(0, 20, little), ben.waitMs(0, little)]).toEqual([true, 0]);
  });

  it('[LI3] [LI9] ten connections at full load leave a quarter of the loop free, and their neighbours are served', async () => {
    const time = virtualTime();
    const addresses = new SharedWork('address_work', defaultLimits.maxWorkMsPerAddress);
    const hostile = Array.from({ length: 10 }, () => reader(time, [addresses, 'a']));
    const neighbours = Array.from({ length: 20 }, () => reader(time, [addresses, 'a']));
    const busyByMinute = Array.from({ length: 10 }, () => 0);
    const spend = async (ms: number): Promise<void> => {
      const minute = Math.floor(time.now() / 60_000);
      busyByMinute[minute] = (busyByMinute[minute] ?? 0) + ms;
      await time.advance(ms);
    };
    while (time.now() < 540_000) {
      let isIdle = true;
      for (const { reading, works } of hostile) {
        if (reading.isPaused) continue;
        isIdle = false;
        await spend(200);
        works(200);
      }
      // In each turn of the loop every neighbour makes a change a second, of 2 ms.
      for (const { works } of neighbours) works(2);
      await spend(40);
      if (isIdle) await time.advance(1_000);
    }
    expect(neighbours.map(({ log }) => log)).toEqual(neighbours.map(() => []));
    expect(Math.max(...busyByMinute)).toBeLessThan(46_000);
    expect(Math.max(...busyByMinute.slice(1))).toBeGreaterThan(20_000);
    for (const { log } of hostile) expect(log.length).toBeGreaterThan(0);
  });
});
