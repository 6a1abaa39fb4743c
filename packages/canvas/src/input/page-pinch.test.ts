/**
 * Safari's order of events, as documented in its Web Content Guide and the type library of WebKit. The first finger causes
 * pointer and touch events. When the second lands, `gesturestart` comes before or after its pointer event, then
 * `gesturechange` beside the moves, and `gestureend` before the touch of the second finger ends. A trackpad on a Mac causes
 * gesture events alone.
 */
import { describe, expect, it } from 'vitest';
import { isWheelPinch, noPinch, stepPinch, type GestureInput } from './page-pinch.ts';

type Told = readonly [type: GestureInput['type'], scale: number, hasTouch: boolean];

/** The factor by which all these gesture events zoom. */
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

describe('pinches without pointer events', () => {
  it('[I5] D4: a trackpad pinch in Safari on a Mac zooms by its scale, and the next pinch continues from there', () => {
    const pinch: Told[] = [
      ['gesturestart', 1, false],
      ['gesturechange', 1.2, false],
      ['gesturechange', 1.5, false],
      ['gestureend', 1.5, false],
    ];
    expect(zoomed(pinch)).toBeCloseTo(1.5);
    expect(zoomed([...pinch, ...pinch])).toBeCloseTo(2.25);
  });

  it('[I5] D4: gesture events of two fingers on an iPhone or iPad do not zoom, since their pointer events do', () => {
    expect(
      zoomed([
        ['gesturestart', 1, true],
        ['gesturechange', 1.4, true],
        ['gesturechange', 2, true],
        ['gestureend', 2, true],
      ]),
    ).toBe(1);
  });

  it('[I5] D4: gesture events after the last finger lifted do not zoom, but a trackpad pinch after them does', () => {
    const fingers: Told[] = [
      ['gesturestart', 1, true],
      ['gesturechange', 2, true],
      ['gesturechange', 2.1, false],
      ['gestureend', 2.1, false],
    ];
    expect(zoomed(fingers)).toBe(1);
    expect(zoomed([...fingers, ['gesturestart', 1, false], ['gesturechange', 1.5, false]])).toBeCloseTo(1.5);
  });

  it('[I5] D4: a finger that lands during a trackpad pinch ends the zoom', () => {
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

  it('[I5] D4: a missing gesturestart or a scale of 0 does not make the zoom jump', () => {
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

  it('[I5] D4: wheel events beside the gesture events of a trackpad pinch do not zoom again, but later wheel events do', () => {
    const started = stepPinch(noPinch, { type: 'gesturestart', scale: 1, hasTouch: false, time: 1000 });
    const { state } = stepPinch(started.state, { type: 'gesturechange', scale: 1.2, hasTouch: false, time: 1016 });
    expect(isWheelPinch(state, 1020)).toBe(false);
    expect(isWheelPinch(state, 2000)).toBe(true);
    expect(isWheelPinch(noPinch, 1020)).toBe(true);
  });
});
