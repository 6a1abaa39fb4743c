import { describe, expect, it } from 'vitest';
import { followWheel, noWheel, type WheelTurn } from './wheel-use.ts';

const turn = (time: number, dy: number, more: Partial<WheelTurn> = {}): WheelTurn => ({ dx: 0, dy, isByLine: false, time, ...more });
const isMouse = (turns: readonly WheelTurn[]): boolean => turns.reduce(followWheel, noWheel).isMouse;

describe('[C8] the device behind a turn of the wheel', () => {
  it('a jump after a rest is a mouse, on Chromium by its pixels and on Firefox by its lines', () => {
    expect(isMouse([turn(0, 100)])).toBe(true);
    expect(isMouse([turn(0, -53)])).toBe(true);
    expect(isMouse([turn(0, 48, { isByLine: true })])).toBe(true);
    expect(isMouse([turn(0, 3, { isByLine: true })])).toBe(true);
  });

  it('a soft beginning is a trackpad, and so are the fast events that follow it without a rest', () => {
    expect(isMouse([turn(0, 2), turn(16, 30), turn(32, 120), turn(200, 140)])).toBe(false);
    expect(isMouse([turn(0, 60, { dx: 12 })])).toBe(false);
  });

  it('after a rest the other device is known again', () => {
    expect(isMouse([turn(0, 2), turn(16, 90), turn(1_000, 100)])).toBe(true);
    expect(isMouse([turn(0, 100), turn(1_000, 3)])).toBe(false);
  });
});
