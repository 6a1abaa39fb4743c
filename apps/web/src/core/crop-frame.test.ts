import { describe, expect, it } from 'vitest';
import { wholeCrop } from '@wetink/board';
import { cropKeyOf, moveCrop, stepAcross } from './crop-frame.ts';

describe('the frame of a crop', () => {
  it('a corner moves two edges, a side one, and neither goes beyond the picture or past the other', () => {
    expect(moveCrop(wholeCrop, { x: -1, y: -1 }, 0.2, 0.3)).toEqual({ left: 0.2, top: 0.3, right: 1, bottom: 1 });
    expect(moveCrop(wholeCrop, { x: 1, y: 0 }, -0.4, 0.9)).toEqual({ left: 0, top: 0, right: 0.6, bottom: 1 });
    expect(moveCrop(wholeCrop, { x: -1, y: -1 }, -5, 5)).toEqual({ left: 0, top: 0.95, right: 1, bottom: 1 });
  });

  it('the frame as a whole stays within the picture and keeps its size', () => {
    const moved = moveCrop({ left: 0.2, top: 0.2, right: 0.6, bottom: 0.6 }, { x: 0, y: 0 }, 3, -0.1);
    expect(moved).toEqual({ left: 0.6, top: 0.1, right: 1, bottom: 0.5 });
  });

  it('a step on the screen follows a picture that is turned or mirrored', () => {
    expect(stepAcross(10, 0, { w: 100, h: 50, rotation: 0 })).toEqual({ dx: 0.1, dy: 0 });
    expect(stepAcross(10, 0, { w: -100, h: 50, rotation: 0 }).dx).toBe(-0.1);
    const turned = stepAcross(0, 10, { w: 100, h: 50, rotation: Math.PI / 2 });
    expect([turned.dx, turned.dy]).toEqual([expect.closeTo(0.1, 9), expect.closeTo(0, 9)]);
  });
});

describe('keys while a crop is being set', () => {
  const press = (key: string, held: 'ctrlKey' | 'metaKey' | null = null, isOnButton = false): string =>
    cropKeyOf({ key, ctrlKey: held === 'ctrlKey', metaKey: held === 'metaKey' }, { isOnButton });

  it('Enter sets it and Escape gives up, but Enter on a button presses that button', () => {
    expect([press('Enter'), press('Escape')]).toEqual(['set', 'give-up']);
    expect([press('Enter', null, true), press('Escape', null, true)]).toEqual(['keep', 'give-up']);
  });

  it('only Tab leaves the frame: the board gets neither Delete nor letters, and nobody gets an undo', () => {
    expect(['Delete', 'Backspace', 'v', '\\', ' ', 'ArrowUp'].map((key) => press(key))).toEqual(Array(6).fill('keep'));
    expect([press('z', 'ctrlKey'), press('Z', 'metaKey'), press('Tab')]).toEqual(['block', 'block', 'pass']);
  });
});
