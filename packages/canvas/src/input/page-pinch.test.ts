/**
 * Safari's order of events, as its Web Content Guide and the type library of WebKit document it: a first finger is a pointer and
 * a touch; when the second one lands `gesturestart` comes, before or after its pointer event, then `gesturechange` beside
 * the moves, and `gestureend` before the touch of the second finger ends. A trackpad on a Mac makes gesture events alone.
 */
import { describe, expect, it } from 'vitest';
import { isWheelPinch, noPinch, stepPinch, type GestureInput } from './page-pinch.ts';

type Told = readonly [type: GestureInput['type'], scale: number, hasTouch: boolean];

/** How much nearer the board comes by gesture events, all in all. */
function zoomed(events: readonly Told[]): number {
  let state = noPinch;
  let zoom = 1;
  events.forEach(([type, scale, hasTouch], i) => {
    const next = stepPinch(state, { type, scale, hasTouch, time: i * 16 });
    state = next.state;
    zoom *= next.factor ?? 1;
  });
  return zoom;
}

describe('pinches that are no pointer events', () => {
  it('[I5] D4: a trackpad pinch in Safari on a Mac zooms by its scale, and the next one from where that ended', () => {
    const pinch: Told[] = [
      ['gesturestart', 1, false],
      ['gesturechange', 1.2, false],
      ['gesturechange', 1.5, false],
      ['gestureend', 1.5, false],
    ];
    expect(zoomed(pinch)).toBeCloseTo(1.5);
    expect(zoomed([...pinch, ...pinch])).toBeCloseTo(2.25);
  });

  it('[I5] D4: the gesture events of two fingers on an iPhone or iPad zoom nothing: the fingers are counted as pointers', () => {
    expect(
      zoomed([
        ['gesturestart', 1, true],
        ['gesturechange', 1.4, true],
        ['gesturechange', 2, true],
        ['gestureend', 2, true],
      ]),
    ).toBe(1);
  });

  it('[I5] D4: gesture events that trail the last finger zoom nothing, and the trackpad pinch after them does', () => {
    const fingers: Told[] = [
      ['gesturestart', 1, true],
      ['gesturechange', 2, true],
      ['gesturechange', 2.1, false],
      ['gestureend', 2.1, false],
    ];
    expect(zoomed(fingers)).toBe(1);
    expect(zoomed([...fingers, ['gesturestart', 1, false], ['gesturechange', 1.5, false]])).toBeCloseTo(1.5);
  });

  it('[I5] D4: a finger that lands during a trackpad pinch ends its zooming', () => {
    expect(
      zoomed([
        ['gesturestart', 1, false],
        ['gesturechange', 1.5, false],
        ['gesturechange', 3, true],
        ['gesturechange', 4, false],
        ['gestureend', 4, false],
      ]),
    ).toBeCloseTo(1.5);
  });

  it('[I5] D4: a start that got lost, and a scale of nothing, make no leap', () => {
    expect(zoomed([['gesturechange', 1.5, false]])).toBeCloseTo(1.5);
    expect(
      zoomed([
        ['gesturestart', 1, false],
        ['gesturechange', 0, false],
        ['gesturechange', NaN, false],
        ['gesturechange', 1.5, false],
      ]),
    ).toBeCloseTo(1.5);
  });

  it('[I5] D4: wheel events beside the gesture events of one trackpad pinch are not counted again; a wheel later is', () => {
    const started = stepPinch(noPinch, { type: 'gesturestart', scale: 1, hasTouch: false, time: 1000 });
    const { state } = stepPinch(started.state, { type: 'gesturechange', scale: 1.2, hasTouch: false, time: 1016 });
    expect(isWheelPinch(state, 1020)).toBe(false);
    expect(isWheelPinch(state, 2000)).toBe(true);
    expect(isWheelPinch(noPinch, 1020)).toBe(true);
  });
});
