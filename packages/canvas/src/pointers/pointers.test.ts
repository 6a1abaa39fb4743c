import { describe, expect, it } from 'vitest';
import { noPointers, stepPointers, withPenMode, type PointerAction, type PointerInput, type PointersState } from './pointers.ts';
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
    more?: { button?: number; buttons?: number; time?: number; isPanning?: boolean },
  ): Hand;
}
type More = NonNullable<Parameters<Hand['send']>[5]>;

function hand(state: PointersState = noPointers): Hand {
  let clock = 1000;
  const made: Hand = {
    actions: [],
    state,
    send(type, pointerId, pointerType, x, y, more = {}) {
      clock = more.time ?? clock + 10;
      const held = more.buttons === undefined ? {} : { buttons: more.buttons };
      const input = { type, pointerId, pointerType, button: more.button ?? 0, ...held, at: { x, y }, time: clock };
      const next = stepPointers(made.state, input, { isPanning: more.isPanning ?? false });
      made.state = next.state;
      made.actions.push(...next.actions);
      return made;
    },
  };
  return made;
}
/** The actions that followed, without `hold-view`: tests of `restore-view` cover it. */
const names = ({ actions }: Hand): string[] => actions.map((action) => action.do).filter((name) => name !== 'hold-view');
/** A stroke of a finger over `px` CSS pixels in `samples` samples, at the rate of a device. */
const trail = (h: Hand, pointerId: number, { samples, px, ms }: { samples: number; px: number; ms: number }): void => {
  const start = 1000;
  h.send('down', pointerId, 'touch', 100, 100, { time: start });
  for (let i = 1; i <= samples; i++)
    h.send('move', pointerId, 'touch', 100 + (px * i) / samples, 100, { time: start + (ms * i) / samples });
};

describe('pointers', () => {
  it('[I1] one finger uses the tool', () => {
    const h = hand().send('down', 1, 'touch', 0, 0).send('move', 1, 'touch', 9, 0).send('up', 1, 'touch', 9, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-move', 'tool-up']);
  });

  it('[I1] a second finger interrupts the tool and pinches; nothing draws until both have lifted', () => {
    const h = hand().send('down', 1, 'touch', 100, 100).send('down', 2, 'touch', 200, 100).send('move', 2, 'touch', 300, 100);
    expect(names(h)).toEqual(['tool-down', 'tool-cancel', 'pinch']);
    expect(h.actions.at(-1)).toMatchObject({ factor: 2, from: { x: 150, y: 100 }, to: { x: 200, y: 100 } });
    h.send('up', 1, 'touch', 100, 100).send('move', 2, 'touch', 310, 105);
    expect(h.actions.at(-1)).toEqual({ do: 'pan', dx: 10, dy: 5 });
    h.send('down', 3, 'touch', 0, 0).send('move', 3, 'touch', 5, 5);
    expect(names(h).filter((name) => name === 'tool-down')).toHaveLength(1);
    h.send('up', 2, 'touch', 0, 0).send('up', 3, 'touch', 0, 0).send('down', 4, 'touch', 0, 0);
    expect(names(h).at(-1)).toBe('tool-down');
  });

  it('[I2] once a pen has been used, a finger pans until pen mode is switched off', () => {
    const h = hand().send('down', 1, 'pen', 0, 0).send('up', 1, 'pen', 0, 0).send('leave', 1, 'pen', 0, 0);
    h.send('down', 2, 'touch', 0, 0, { time: 3000 }).send('move', 2, 'touch', 7, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-up', 'pan']);
    expect(h.state.penMode).toBe('on');
    h.send('up', 2, 'touch', 0, 0);
    h.state = withPenMode(h.state, 'off');
    expect(names(h.send('down', 3, 'touch', 0, 0)).at(-1)).toBe('tool-down');
  });

  it('[I2] D8: pen mode that was switched off stays off when the pen draws again, and a remembered pen mode holds from the start', () => {
    const h = hand(withPenMode(noPointers, 'off'));
    h.send('down', 1, 'pen', 0, 0).send('up', 1, 'pen', 0, 0);
    expect(h.state.penMode).toBe('off');
    h.send('down', 2, 'touch', 900, 0, { time: 9000 });
    expect(names(h).at(-1)).toBe('tool-down');
    const remembered = hand(withPenMode(noPointers, 'on')).send('down', 1, 'touch', 0, 0).send('move', 1, 'touch', 5, 0);
    expect(names(remembered)).toEqual(['pan']);
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
  ])('[I2] a touch that landed %i ms before the pen ends with %s', (ms, outcome) => {
    const h = hand()
      .send('down', 1, 'touch', 50, 50, { time: 1000 })
      .send('down', 2, 'pen', 0, 0, { time: 1000 + ms });
    expect(names(h)).toEqual(['tool-down', outcome, 'tool-down']);
  });

  const panning: [string, More][] = [
    ['the middle button', { button: 1 }],
    ['the right button', { button: 2 }],
    ['the hand tool or space bar', { isPanning: true }],
  ];
  it.each(panning)('[I3] %s pans', (_name, more) => {
    const h = hand().send('down', 1, 'mouse', 10, 10, more).send('move', 1, 'mouse', 15, 12).send('up', 1, 'mouse', 15, 12);
    expect(h.actions).toEqual([{ do: 'hold-view' }, { do: 'pan', dx: 5, dy: 2 }]);
  });

  describe('the hand that holds a pen', () => {
    const hover = (h: Hand, time: number): Hand => h.send('move', 1, 'pen', 200, 200, { time, buttons: 0 });

    it.each([20, 400, 1000, 3000])(
      '[I2] D7: a palm that lands again %i ms after its hovering pen was seen neither pans nor draws',
      (ms) => {
        for (const penMode of ['on', 'off'] as const) {
          const h = hover(hand(withPenMode(noPointers, penMode)), 1000);
          h.send('down', 2, 'touch', 320, 380, { time: 1000 + ms })
            .send('move', 2, 'touch', 300, 340)
            .send('up', 2, 'touch', 300, 340);
          expect(names(h)).toEqual([]);
        }
      },
    );

    it('[I2] D7: two touches of a palm under a hovering pen do not pinch', () => {
      const h = hover(hand(withPenMode(noPointers, 'on')), 1000);
      h.send('down', 2, 'touch', 320, 380).send('down', 3, 'touch', 360, 420).send('move', 3, 'touch', 420, 480);
      expect(names(h)).toEqual([]);
    });

    it('[I2] D7: when the pen cannot hover, a palm that lands between two letters stays a palm until it lifts', () => {
      const h = hand().send('down', 1, 'pen', 200, 200, { time: 1000 }).send('up', 1, 'pen', 200, 200, { time: 1300 });
      h.send('leave', 1, 'pen', 200, 200, { time: 1301 }).send('down', 2, 'touch', 300, 300, { time: 1600 });
      h.send('move', 2, 'touch', 330, 340, { time: 4000 }).send('down', 1, 'pen', 210, 200, { time: 4100 });
      expect(names(h)).toEqual(['tool-down', 'tool-up', 'tool-down']);
    });

    it('[I2] D7: a finger far from the pen pans, and so does one near it once the pen has gone', () => {
      const far = hover(hand(withPenMode(noPointers, 'on')), 1000);
      far.send('down', 2, 'touch', 900, 200, { time: 1020 }).send('move', 2, 'touch', 905, 200);
      expect(names(far)).toEqual(['pan']);
      const gone = hover(hand(withPenMode(noPointers, 'on')), 1000).send('leave', 1, 'pen', 200, 200, { time: 1100 });
      gone.send('down', 2, 'touch', 320, 380, { time: 1700 }).send('move', 2, 'touch', 330, 380);
      expect(names(gone)).toEqual(['pan']);
    });

    it('[I2] D7: a pen whose leave event got lost blocks fingers near it for 5 s, not for ever', () => {
      const h = hover(hand(withPenMode(noPointers, 'on')), 1000);
      h.send('down', 2, 'touch', 320, 380, { time: 6100 }).send('move', 2, 'touch', 330, 380);
      expect(names(h)).toEqual(['pan']);
    });

    it('[I2] D7: a pan by a palm in the 500 ms before its pen landed is taken back', () => {
      const one = hand(withPenMode(noPointers, 'on')).send('down', 2, 'touch', 300, 300, { time: 1000 });
      one.send('move', 2, 'touch', 340, 340).send('down', 1, 'pen', 200, 200, { time: 1300 });
      expect(one.actions.map((action) => action.do)).toEqual(['hold-view', 'pan', 'restore-view', 'tool-down']);
      const two = hand(withPenMode(noPointers, 'on')).send('down', 2, 'touch', 300, 300, { time: 1000 });
      two.send('down', 3, 'touch', 340, 340).send('move', 3, 'touch', 380, 380).send('down', 1, 'pen', 200, 200, { time: 1300 });
      expect(names(two)).toEqual(['pinch', 'restore-view', 'tool-down']);
      const meant = hand(withPenMode(noPointers, 'on')).send('down', 2, 'touch', 300, 300, { time: 1000 });
      meant.send('move', 2, 'touch', 340, 340).send('down', 1, 'pen', 200, 200, { time: 1900 });
      expect(names(meant)).toEqual(['pan', 'tool-down']);
    });
  });

  it.each([
    { samples: 2, px: 60, ms: 30 },
    { samples: 9, px: 90, ms: 75 },
    { samples: 40, px: 200, ms: 300 },
    { samples: 200, px: 14, ms: 2000 },
  ])('[I1] D7: a first finger with $samples samples over $px px in the $ms ms before the second leaves no stroke', (lead) => {
    const h = hand();
    trail(h, 1, lead);
    h.send('down', 2, 'touch', 300, 100);
    expect(names(h).filter((name) => name !== 'tool-move')).toEqual(['tool-down', 'tool-cancel']);
  });

  it('[I1] D7: a stroke is kept when the second finger lands late, however few samples the stroke has', () => {
    const h = hand();
    trail(h, 1, { samples: 3, px: 200, ms: 600 });
    h.send('down', 2, 'touch', 300, 300);
    expect(names(h).at(-1)).toBe('tool-interrupt');
  });

  it('[I1] D7: a tap right after a pinch does not make a double click with the first finger of the pinch', () => {
    const h = hand().send('down', 1, 'touch', 100, 100).send('down', 2, 'touch', 200, 100);
    h.send('up', 1, 'touch', 100, 100).send('up', 2, 'touch', 200, 100).send('down', 3, 'touch', 100, 100);
    expect(h.actions.at(-1)).toMatchObject({ do: 'tool-down', clicks: 1 });
  });

  it.each([
    ['mouse', 3],
    ['mouse', 4],
    ['mouse', 6],
    ['pen', 3],
  ] as const)('[I3] D6: button %s %i does nothing, also with the hand tool', (pointerType, button) => {
    for (const isPanning of [false, true]) {
      const more = { button, buttons: 8, isPanning };
      const h = hand().send('down', 1, pointerType, 0, 0, more).send('move', 1, pointerType, 50, 50, more);
      // While one button is held, pressing the first button arrives as a move event.
      h.send('move', 1, pointerType, 60, 60, { button: 0, buttons: 9 }).send('up', 1, pointerType, 60, 60, more);
      expect(h.actions).toEqual([]);
    }
  });

  it('[I3] D6: pressing another button while drawing changes nothing', () => {
    const h = hand().send('down', 1, 'mouse', 0, 0, { buttons: 1 }).send('move', 1, 'mouse', 5, 5, { button: 2, buttons: 3 });
    h.send('move', 1, 'mouse', 9, 9, { button: 2, buttons: 1 }).send('up', 1, 'mouse', 9, 9, { buttons: 0 });
    expect(names(h)).toEqual(['tool-down', 'tool-move', 'tool-move', 'tool-up']);
  });

  it.each([
    ['of the first button while the second is held', 'mouse', 0, 2],
    ['of the first button outside the window', 'mouse', 0, 0],
    ['of the middle button while the first is held', 'mouse', 1, 1],
    ['of a pen that is seen hovering next', 'pen', 0, 0],
  ] as const)(
    '[I3] D6: the release %s ends the gesture at the next move, whose position does not count',
    (_how, pointerType, button, buttons) => {
      const h = hand().send('down', 1, pointerType, 0, 0, { button, buttons: button === 1 ? 4 : 1 });
      h.send('move', 1, pointerType, 90, 90, { button, buttons }).send('move', 1, pointerType, 99, 99, { button: -1, buttons });
      h.send('up', 1, pointerType, 99, 99, { button: 2, buttons: 0 });
      expect(names(h)).toEqual(button === 1 ? [] : ['tool-down', 'tool-up']);
      expect(h.state.mode.kind).toBe('none');
    },
  );

  it('[I3] D6: the barrel button and the other end of a pen erase, and its tip goes on drawing while the barrel button is pressed', () => {
    const barrel = hand().send('down', 1, 'pen', 0, 0, { button: 2, buttons: 2 }).send('move', 1, 'pen', 5, 0, { buttons: 2 });
    expect(barrel.actions).toMatchObject([{ do: 'tool-down', isEraserEnd: true }, { do: 'tool-move' }]);
    const eraser = hand().send('down', 1, 'pen', 0, 0, { button: 5, buttons: 32 }).send('move', 1, 'pen', 5, 0, { buttons: 32 });
    expect(eraser.actions).toMatchObject([{ do: 'tool-down', isEraserEnd: true }, { do: 'tool-move' }]);
    const tip = hand().send('down', 1, 'pen', 0, 0, { buttons: 1 }).send('move', 1, 'pen', 5, 0, { button: 2, buttons: 2 });
    expect(names(tip)).toEqual(['tool-down', 'tool-move']);
  });

  it.each([
    ['touch', 'tool-cancel'],
    ['pen', 'tool-interrupt'],
    ['mouse', 'tool-interrupt'],
  ] as const)('[I4] a %s that the system cancels ends with %s', (pointerType, outcome) => {
    expect(names(hand().send('down', 1, pointerType, 0, 0).send('cancel', 1, pointerType, 0, 0))).toEqual(['tool-down', outcome]);
  });

  it('[I4] a second end of the same pointer and events of unknown pointers do nothing', () => {
    const h = hand()
      .send('down', 1, 'mouse', 0, 0)
      .send('up', 1, 'mouse', 0, 0)
      .send('cancel', 1, 'mouse', 0, 0)
      .send('move', 9, 'mouse', 0, 0);
    expect(names(h)).toEqual(['tool-down', 'tool-up']);
  });

  it('two presses close in time and place are a double click, and a third press counts as a first', () => {
    const h = hand();
    for (const time of [1000, 1200, 1400]) h.send('down', 1, 'mouse', 0, 0, { time }).send('up', 1, 'mouse', 0, 0, { time: time + 50 });
    h.send('down', 1, 'mouse', 50, 0, { time: 1500 });
    expect(h.actions.flatMap((action) => (action.do === 'tool-down' ? [action.clicks] : []))).toEqual([1, 2, 1, 1]);
  });

  it('the eraser end of a pen is reported with its press', () => {
    expect(hand().send('down', 1, 'pen', 0, 0, { button: 5 }).actions).toMatchObject([{ do: 'tool-down', isEraserEnd: true }]);
  });
});

describe('taps of several fingers', () => {
  const tap = (fingers: number, { ms = 120, move = 2 } = {}): Hand => {
    const h = hand();
    for (let id = 1; id <= fingers; id++) h.send('down', id, 'touch', 100 * id, 100, { time: 1000 + 20 * id });
    h.send('move', 1, 'touch', 100 + move, 100, { time: 1100 });
    // A browser takes the capture of each finger that lifts.
    for (let id = 1; id <= fingers; id++)
      h.send('up', id, 'touch', 100 * id + (id === 1 ? move : 0), 100, { time: 1020 + ms }).send('cancel', id, 'touch', 100 * id, 100, {
        time: 1020 + ms,
      });
    return h;
  };
  const taps = ({ actions }: Hand): number[] => actions.flatMap((action) => (action.do === 'tap' ? [action.fingers] : []));

  it('[I6] two or three fingers that touch the board for a moment are a tap, which leaves the view as it was', () => {
    expect([taps(tap(1)), taps(tap(2)), taps(tap(3))]).toEqual([[], [2], [3]]);
    expect(names(tap(2)).slice(-2)).toEqual(['restore-view', 'tap']);
  });

  it('[I6] a pinch, a longer touch, and a touch that the system cancels are none', () => {
    expect([taps(tap(2, { move: 30 })), taps(tap(2, { ms: 300 }))]).toEqual([[], []]);
    const h = hand().send('down', 1, 'touch', 0, 0).send('down', 2, 'touch', 90, 0);
    expect(taps(h.send('cancel', 1, 'touch', 0, 0).send('up', 2, 'touch', 90, 0))).toEqual([]);
    // The end of a pinch, whose last finger was lifted and put down again.
    const late = hand().send('down', 1, 'touch', 0, 0, { time: 1000 }).send('down', 2, 'touch', 90, 0, { time: 1010 });
    late.send('move', 2, 'touch', 200, 0, { time: 1020 }).send('up', 2, 'touch', 200, 0, { time: 1030 });
    late
      .send('down', 2, 'touch', 200, 0, { time: 1040 })
      .send('up', 1, 'touch', 0, 0, { time: 1050 })
      .send('up', 2, 'touch', 200, 0, { time: 1060 });
    expect(taps(late)).toEqual([]);
  });

  it('[I6] fingers beside a pen are a hand', () => {
    const h = hand().send('down', 9, 'pen', 100, 100);
    h.send('down', 1, 'touch', 150, 150)
      .send('down', 2, 'touch', 180, 150)
      .send('up', 1, 'touch', 150, 150)
      .send('up', 2, 'touch', 180, 150);
    expect(taps(h)).toEqual([]);
  });

  it('[I3] a pen erases with its other end, and while the button at its side is held', () => {
    const erases = (more: More): unknown[] =>
      hand()
        .send('down', 1, 'pen', 0, 0, more)
        .actions.map((action) => (action.do === 'tool-down' ? action.isEraserEnd : action.do));
    expect(erases({ button: 0, buttons: 1 })).toEqual([false]);
    for (const more of [
      { button: 5 },
      { button: 0, buttons: 32 },
      { button: 2, buttons: 2 },
      { button: 0, buttons: 3 },
      { button: 2, isPanning: true },
    ])
      expect(erases(more)).toEqual([true]);
  });
});
