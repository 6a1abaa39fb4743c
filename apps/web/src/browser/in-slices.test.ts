import { describe, expect, it } from 'vitest';
import { createRests, inSlices } from './in-slices.ts';

/** A clock that each step moves on by `stepMs`. */
function bench(stepMs: number, steps: number) {
  let nowMs = 0;
  const done: number[] = [];
  /** Steps that were done at each pause. */
  const pauses: number[] = [];
  function* work(): Generator<undefined, string> {
    for (let i = 0; i < steps; i++) {
      nowMs += stepMs;
      done.push(i);
      yield;
    }
    return 'finished';
  }
  const environment = {
    now: () => nowMs,
    pause: () => {
      pauses.push(done.length);
      return Promise.resolve();
    },
  };
  return { work, environment, pauses, done };
}

describe('work in slices', () => {
  it('lets the page have a turn whenever 8 ms have passed, and returns the result', async () => {
    const { work, environment, pauses } = bench(3, 8);
    expect(await inSlices(work(), environment)).toBe('finished');
    expect(pauses).toEqual([3, 6]);
  });

  it('short work is done without a pause', async () => {
    const { work, environment, pauses } = bench(1, 5);
    await inSlices(work(), environment);
    expect(pauses).toEqual([]);
  });

  it('work that is no row of steps rests whenever 8 ms have passed', async () => {
    let nowMs = 0;
    const rest = createRests({ now: () => nowMs, pause: () => Promise.resolve() });
    const rested: number[] = [];
    for (let i = 0; i < 20; i++) {
      nowMs += 3;
      const pause = rest();
      if (pause !== null) rested.push(i);
      await pause;
    }
    expect(rested).toEqual([2, 5, 8, 11, 14, 17]);
  });

  it('an error in a later slice rejects, and no further step runs', async () => {
    const { environment, done } = bench(0, 0);
    function* failing(): Generator<undefined, void> {
      yield;
      done.push(1);
      throw new RangeError('damaged');
    }
    await expect(inSlices(failing(), { ...environment, now: () => done.length * 10 })).rejects.toThrow('damaged');
    expect(done).toEqual([1]);
  });
});
