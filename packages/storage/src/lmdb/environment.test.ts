/** Groups of writes: they go to the disk together, and each decides on its own. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEnvironment, type Environment } from './environment.ts';

describe('group commit', () => {
  let folder: string;
  let environment: Environment;
  const room = Buffer.from('r');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetink-env-'));
    environment = openEnvironment(join(folder, 'rooms.mdb'));
  });
  afterEach(async () => {
    await environment.close();
    await rm(folder, { recursive: true, force: true });
  });

  const count = (bytes = 10): Promise<number> =>
    environment.write(bytes, ({ head, setHead }) => {
      const before = head(room);
      setHead(room, { ...before, position: before.position + 1 });
      return before.position + 1;
    });
  const stored = (): Promise<unknown> => environment.read(async ({ heads }) => heads.get(room)?.subarray(5).toString());

  it('[LM16] writes that arrive during a commit are decided together, each on the result of the one before it', async () => {
    const first = count();
    await new Promise((resolve) => setImmediate(resolve)); // the first is under way now
    let decided = 0;
    const writes = Array.from({ length: 50 }, () =>
      environment.write(10, ({ head, setHead }) => {
        decided += 1;
        const before = head(room);
        setHead(room, { ...before, position: before.position + 1 });
        return before.position + 1;
      }),
    );
    expect(decided).toBe(0);
    expect(await first).toBe(1);
    expect(await writes[0]).toBe(2);
    expect(decided).toBe(50);
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 50 }, (_, i) => i + 2));
    expect(await stored()).toContain('"position":51');
  });

  it('[LM16] a write that throws does not make others fail and leaves nothing behind', async () => {
    const refused = environment.write(10, ({ head, setHead, put }) => {
      setHead(room, { ...head(room), position: 99 });
      put('marks', Buffer.from('left'), Buffer.alloc(1));
      throw new RangeError('no');
    });
    const [outcome, ...others] = await Promise.allSettled([refused, count(), count()]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
    expect(others).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(await environment.read(async ({ marks }) => marks.get(Buffer.from('left')))).toBeUndefined();
  });

  it('[LM16] a group is bounded: large writes go in several commits, all of them', async () => {
    const large = Array.from({ length: 6 }, () => count(10_000_000));
    expect(await Promise.all(large)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await stored()).toContain('"position":6');
  });

  describe('[LM16] the pause between commits', () => {
    let nowMs: number;
    let waits: { ms: number; end(): void }[];
    const others = Array.from({ length: 8 }, (_, i) => Buffer.from(`room ${i}`));
    const countAll = (count: number): Promise<unknown> =>
      Promise.all(others.slice(0, count).map((name) => environment.write(10, ({ head, setHead }) => setHead(name, head(name)))));

    beforeEach(async () => {
      await environment.close();
      nowMs = 1_000;
      waits = [];
      environment = openEnvironment(join(folder, 'rooms.mdb'), {
        nowMs: () => nowMs,
        wait: (ms) =>
          new Promise((resolve) => {
            waits.push({
              ms,
              end: () => {
                nowMs += ms;
                resolve();
              },
            });
          }),
      });
    });

    it('after a commit of four or more, the next begins 2 ms later and takes what has come meanwhile', async () => {
      await countAll(4);
      nowMs += 0.5;
      let isWritten = false;
      const next = count().then(() => (isWritten = true));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const more = count();
      expect([isWritten, waits.map(({ ms }) => ms)]).toEqual([false, [1.5]]);
      waits[0]?.end();
      await Promise.all([next, more]);
      expect(waits).toHaveLength(1);
    });

    it('2 ms later it begins at once', async () => {
      await countAll(4);
      nowMs += 2;
      await count();
      expect(waits).toEqual([]);
    });

    it('three writers that each wait for their write never pause', async () => {
      for (let i = 0; i < 20; i++) await countAll(3);
      expect(waits).toEqual([]);
    });
  });

  it('[LM12] writes and reads wait for a compaction and find their data after it', async () => {
    await count();
    const compacted = environment.compact();
    const later = [count(), count()];
    const seen = stored();
    await compacted;
    expect(await Promise.all(later)).toEqual([2, 3]);
    expect(await seen).toMatch(/"position":[123]/);
    expect(await stored()).toContain('"position":3');
  });
});
