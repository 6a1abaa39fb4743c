/** Lines that are drawn point by point, and points of lines that are dragged. */
import { lineThrough, type BoardElement } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { linePoints } from '../draw/line.ts';
import { desk, type Desk } from '../fixtures/desk.ts';
import { noKeys } from '../fixtures/tool-driver.ts';

const way = (element: BoardElement | undefined): number[][] =>
  element === undefined ? [] : linePoints(element).map(({ x, y }) => [Math.round(x), Math.round(y)]);
const lines = (d: Desk): number[][][] => d.board.elements().map(way);

function click(d: Desk, x: number, y: number, kind: 'mouse' | 'touch' = 'mouse'): void {
  d.press(x, y, 1, kind);
  d.lift(x, y, 1, kind);
}

/** A line of a board, selected. */
function selected(...points: readonly (readonly [number, number])[]): Desk {
  const d = desk();
  const { geometry, points: stored } = lineThrough(points.map(([x, y]) => ({ x, y })));
  const style = d.editor.state.style;
  const id = d.board.run((edit) => edit.create({ kind: 'arrow', geometry, style, ...(stored !== null && { points: stored }) }));
  d.actions.setTool('select');
  d.editor.select([id]);
  return d;
}

describe('a line drawn point by point', () => {
  it('[LI3] each press is a point, others see it on its way, and Enter ends it as one step', () => {
    const [d, ben] = [desk(), desk()];
    d.actions.setTool('arrow');
    for (const [x, y] of [[10, 10], [200, 10], [200, 200]] as const) click(d, x, y); // prettier-ignore
    d.move(300, 300);
    d.wait(100);
    d.move(310, 300);
    for (const message of d.sent.splice(0)) ben.editor.receiveWet({ ...message, clientId: 7 });
    expect([...ben.editor.wet.entries()]).toMatchObject([{ kind: 'shape', shape: 'arrow' }]);
    expect(d.board.count).toBe(0);
    expect(d.editor.finishGesture()).toBe(true);
    expect(lines(d)).toEqual([[[10, 10], [200, 10], [200, 200]]]); // prettier-ignore
    expect(d.editor.state).toMatchObject({ tool: 'select', selection: [d.board.elements()[0]?.id] });
    d.board.undo();
    expect([d.board.count, d.board.canUndo]).toEqual([0, false]);
  });

  it('[LI3] a double click, Escape, and another tool end it where it is; one point alone is no line', () => {
    const ends: readonly ((d: Desk) => void)[] = [
      (d) => {
        // The second press of a double click comes soon after the first, as no press of the desk does.
        const at = { x: 90, y: 50 };
        for (const type of ['down', 'up'] as const)
          d.editor.pointers.take({ type, pointerId: 1, pointerType: 'mouse', button: 0, at, time: 0 }, [{ ...at, pressure: 0.5 }], noKeys);
      },
      (d) => d.actions.escape(),
      (d) => d.actions.setTool('pen'),
    ];
    for (const end of ends) {
      const d = desk();
      d.actions.setTool('line');
      click(d, 10, 10);
      click(d, 90, 50);
      end(d);
      expect(lines(d)).toEqual([[[10, 10], [90, 50]]]); // prettier-ignore
      expect(d.board.elements()[0]?.points).toBeNull();
    }
    const d = desk();
    d.actions.setTool('line');
    click(d, 10, 10);
    d.actions.escape();
    expect([d.board.count, d.editor.state.tool]).toEqual([0, 'line']);
  });

  it('[LI3] fingers place points by taps, and a second finger takes back the point of the first alone', () => {
    const d = desk();
    d.actions.setTool('line');
    click(d, 10, 10, 'touch');
    click(d, 90, 50, 'touch');
    d.press(300, 300, 1, 'touch');
    d.press(400, 400, 2, 'touch');
    d.move(420, 420, 2, 'touch');
    d.lift(300, 300, 1, 'touch');
    d.lift(420, 420, 2, 'touch');
    expect(d.board.count).toBe(0);
    d.editor.finishGesture();
    expect(lines(d)[0]?.length).toBe(2);
  });

  it('[LI3] a board that becomes read-only ends it and keeps nothing', () => {
    const d = desk();
    d.actions.setTool('line');
    click(d, 10, 10);
    click(d, 90, 50);
    d.editor.setReadOnly(true);
    expect([d.board.count, d.editor.preview()]).toEqual([0, null]);
  });
});

describe('the points of a selected line', () => {
  it('[LI4] a drag of a middle makes a bend, a drag of a bend moves it, each as one step', () => {
    const d = selected([100, 100], [300, 100]);
    d.drag([[200, 100], [210, 160], [220, 180]]); // prettier-ignore
    expect(lines(d)).toEqual([[[100, 100], [220, 180], [300, 100]]]); // prettier-ignore
    d.drag([[220, 180], [220, 300]]); // prettier-ignore
    expect(lines(d)).toEqual([[[100, 100], [220, 300], [300, 100]]]); // prettier-ignore
    d.drag([[300, 100], [400, 100]]); // prettier-ignore
    expect(lines(d)).toEqual([[[100, 100], [220, 300], [400, 100]]]); // prettier-ignore
    d.board.undo();
    d.board.undo();
    d.board.undo();
    expect(lines(d)).toEqual([[[100, 100], [300, 100]]]); // prettier-ignore
  });

  it('[LI4] while a bend is dragged it is shown there, and others see it once it is dropped', () => {
    const d = selected([100, 100], [200, 200], [300, 100]);
    d.press(200, 200);
    d.move(200, 260);
    d.wait(100);
    d.move(200, 280);
    expect(d.editor.preview()).toMatchObject({ kind: 'move', items: [{ geometry: { h: 180 } }] });
    expect(d.sent).toEqual([]);
    d.lift(200, 280);
    expect(lines(d)[0]?.[1]).toEqual([200, 280]);
  });

  it('[LI4] a double click takes a bend out, until the line is straight', () => {
    const d = selected([100, 100], [200, 200], [300, 100]);
    const at = { x: 200, y: 200 };
    for (const [type, time] of [
      ['down', 0],
      ['up', 20],
      ['down', 200],
      ['up', 220],
    ] as const)
      // prettier-ignore
      d.editor.pointers.take({ type, pointerId: 1, pointerType: 'mouse', button: 0, at, time }, [{ ...at, pressure: 0.5 }], noKeys);
    expect([lines(d), d.board.elements()[0]?.points]).toEqual([[[[100, 100], [300, 100]]], null]); // prettier-ignore
  });

  it('[LI4] a copy has the bends, and moving keeps them', () => {
    const d = selected([100, 100], [200, 200], [300, 100]);
    d.actions.nudge(5, 0);
    d.actions.duplicateSelection();
    expect(lines(d).map(([start, bend]) => [(bend?.[0] ?? 0) - (start?.[0] ?? 0), (bend?.[1] ?? 0) - (start?.[1] ?? 0)])).toEqual([[100, 100], [100, 100]]); // prettier-ignore
  });
});
