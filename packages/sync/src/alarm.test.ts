import { describe, expect, it } from 'vitest';
import { Alarm } from './alarm.ts';
import { createClock } from './fixtures/clock.ts';

function setup() {
  const clock = createClock();
  const rung: number[] = [];
  const start = clock.elapsed();
  const alarm = new Alarm(clock, () => rung.push(clock.elapsed() - start));
  return { alarm, clock, rung };
}

describe('an alarm', () => {
  it('an alarm rings once, at the earliest time asked for', () => {
    const { alarm, clock, rung } = setup();
    for (const delayMs of [500, 100, 300]) alarm.within(delayMs);
    expect(alarm.isSet).toBe(true);
    clock.advance(1_000);
    expect(rung).toEqual([100]);
    expect(alarm.isSet).toBe(false);
  });

  it('an alarm can be set again while it rings, and after', () => {
    const clock = createClock();
    let left = 3;
    const alarm: Alarm = new Alarm(clock, () => {
      if (--left > 0) alarm.within(10);
    });
    alarm.within(10);
    clock.advance(25);
    expect(left).toBe(1);
    clock.advance(10);
    expect(left).toBe(0);
    alarm.within(10);
    expect(alarm.isSet).toBe(true);
  });

  it('K8: an alarm set again at once after the wall clock was set forward rings at once', () => {
    const { alarm, clock, rung } = setup();
    alarm.within(5_000);
    clock.setWallClock(3_600_000);
    alarm.within(0);
    clock.advance(0);
    expect(rung).toEqual([0]);
  });

  it('an alarm does not ring once it was stopped, and can be set to a later time then', () => {
    const { alarm, clock, rung } = setup();
    alarm.within(100);
    alarm.stop();
    expect(alarm.isSet).toBe(false);
    alarm.within(200);
    clock.advance(1_000);
    expect(rung).toEqual([200]);
  });
});
