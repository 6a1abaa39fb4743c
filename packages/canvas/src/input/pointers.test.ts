import { describe, expect, it } from 'vitest';
import { leavePenMode, noPointers, stepPointers } from './pointers.ts';
import type { PointerAction, PointerInput, PointersState } from './pointers.ts';
import type { PointerType } from '../tools/tool.ts';

interface Hand {
  actions: PointerAction[];
  state: PointersState;
  send(
    type: PointerInput['type'],
    pointerId: number,
    pointerType: PointerType,
    x: number,
    y: number,
    more?: { button?: number; time?: number; isPanning?: boolean },
  ): Hand;
}

function hand(state: PointersState = noPointers): Hand {
  let clock = 1000;
  const made: Hand = {
    actions: [],
    state,
    send(type, pointerId, pointerType, x, y, more = {}) {
      clock = more.time ?? clock + 10;
      const input = { type, pointerId, pointerType, button: more.button ?? 0, at: { x, y }, time: clock };
      const next = stepPointers(made.state, input, { isPanning: more.isPanning ?? false });
      made.state = next.state;
      made.actions.push(...next.actions);
      return made;
    },
  };
  return made;
}
const names = ({ actions }: Hand): string[] => actions.map((action) => action.do);

describe('pointers', () => {
  it('[I1] one finger uses the tool', () => {
    const h = hand().send('down', 1, 'touch', 0, 0).send('move', 1, 'touch', 9, 0).send('up', 1, 'touch', 9, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-move', 'tool-up']);
  });

  it('[I1] a second finger interrupts and pinches; then nothing draws until both are up', () => {
    const h = hand().send('down', 1, 'touch', 100, 100).send('down', 2, 'touch', 200, 100).send('move', 2, 'touch', 300, 100);
    expect(names(h)).toEqual(['tool-down', 'tool-interrupt', 'pinch']);
    expect(h.actions[2]).toMatchObject({ factor: 2, from: { x: 150, y: 100 }, to: { x: 200, y: 100 } });
    h.send('up', 1, 'touch', 100, 100).send('move', 2, 'touch', 310, 105);
    expect(h.actions.at(-1)).toEqual({ do: 'pan', dx: 10, dy: 5 });
    h.send('down', 3, 'touch', 0, 0).send('move', 3, 'touch', 5, 5);
    expect(names(h).filter((name) => name === 'tool-down')).toHaveLength(1);
    h.send('up', 2, 'touch', 0, 0).send('up', 3, 'touch', 0, 0).send('down', 4, 'touch', 0, 0);
    expect(names(h).at(-1)).toBe('tool-down');
  });

  it('[I2] once a pen has been seen a finger pans, until pen mode is left', () => {
    const h = hand().send('down', 1, 'pen', 0, 0).send('up', 1, 'pen', 0, 0).send('down', 2, 'touch', 0, 0).send('move', 2, 'touch', 7, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-up', 'pan']);
    expect(h.state.isPenMode).toBe(true);
    h.send('up', 2, 'touch', 0, 0);
    h.state = leavePenMode(h.state);
    expect(names(h.send('down', 3, 'touch', 0, 0)).at(-1)).toBe('tool-down');
  });

  it('[I2] the palm of a writing hand neither draws, pans nor pinches', () => {
    const h = hand()
      .send('down', 1, 'pen', 0, 0)
      .send('down', 2, 'touch', 50, 50)
      .send('move', 2, 'touch', 60, 60)
      .send('move', 1, 'pen', 5, 5);
    expect(names(h)).toEqual(['tool-down', 'tool-move']);
  });

  it.each([
    [100, 'tool-cancel'],
    [900, 'tool-interrupt'],
  ])('[I2] a touch %i ms before the pen: %s', (ms, outcome) => {
    const h = hand()
      .send('down', 1, 'touch', 50, 50, { time: 1000 })
      .send('down', 2, 'pen', 0, 0, { time: 1000 + ms });
    expect(names(h)).toEqual(['tool-down', outcome, 'tool-down']);
  });

  const panning: [string, { button?: number; isPanning?: boolean }][] = [
    ['the middle button', { button: 1 }],
    ['the right button', { button: 2 }],
    ['the hand tool or space bar', { isPanning: true }],
  ];
  it.each(panning)('[I3] %s pans', (_name, more) => {
    const h = hand().send('down', 1, 'mouse', 10, 10, more).send('move', 1, 'mouse', 15, 12).send('up', 1, 'mouse', 15, 12);
    expect(h.actions).toEqual([{ do: 'pan', dx: 5, dy: 2 }]);
  });

  it.each([
    ['touch', 'tool-cancel'],
    ['pen', 'tool-interrupt'],
    ['mouse', 'tool-interrupt'],
  ] as const)('[I4] a %s taken away by the system: %s', (pointerType, outcome) => {
    expect(names(hand().send('down', 1, pointerType, 0, 0).send('cancel', 1, pointerType, 0, 0))).toEqual(['tool-down', outcome]);
  });

  it('[I4] an end that comes twice ends once, and events of unknown pointers are nothing', () => {
    const h = hand()
      .send('down', 1, 'mouse', 0, 0)
      .send('up', 1, 'mouse', 0, 0)
      .send('cancel', 1, 'mouse', 0, 0)
      .send('move', 9, 'mouse', 0, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-up']);
  });

  it('counts a double click by time and place, and the third press as a first', () => {
    const h = hand();
    for (const time of [1000, 1200, 1400]) h.send('down', 1, 'mouse', 0, 0, { time }).send('up', 1, 'mouse', 0, 0, { time: time + 50 });
    h.send('down', 1, 'mouse', 50, 0, { time: 1500 });
    expect(h.actions.flatMap((action) => (action.do === 'tool-down' ? [action.clicks] : []))).toEqual([1, 2, 1, 1]);
  });

  it('knows the eraser end of a pen', () => {
    expect(hand().send('down', 1, 'pen', 0, 0, { button: 5 }).actions).toMatchObject([{ do: 'tool-down', isEraserEnd: true }]);
  });
});
