/** How the pen draws, beside its style: steadied, of one width, held still. */
import { decodeInk } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { HOLD_STILL_MS } from '../editor/held-still.ts';
import { desk, type Desk } from '../fixtures/desk.ts';
import { drive } from '../fixtures/tool-driver.ts';
import { strokeOutline } from '../draw/stroke-outline.ts';
import { flatten } from '../draw/path.ts';
import type { PenChoice, Commit } from './tool.ts';
import { penTool } from './pen.ts';

const xyOf = (commit: Commit | undefined): number[][] => {
  if (commit?.type !== 'stroke') return [];
  return Array.from({ length: commit.xyp.length / 3 }, (_, i) => [commit.xyp[3 * i] ?? NaN, commit.xyp[3 * i + 1] ?? NaN]);
};
function zigzag(pen: Partial<PenChoice>): number[][] {
  const tool = drive(penTool as never, { pen }).down(0, 0);
  for (let x = 4; x <= 200; x += 4) tool.move(x, x % 8 === 0 ? 3 : -3);
  return xyOf(tool.up().commits()[0]);
}
const roughness = (points: number[][]): number => Math.max(...points.slice(5, -1).map(([, y]) => Math.abs(y ?? 0)));

describe('the pen', () => {
  it('[T17] a steadied stroke is smoother, the more the steadier, and ends where the hand ended', () => {
    const [off, some, strong] = [zigzag({}), zigzag({ steadiness: 'some' }), zigzag({ steadiness: 'strong' })];
    expect(roughness(off)).toBe(3);
    expect(roughness(some)).toBeLessThan(3);
    expect(roughness(strong)).toBeLessThan(roughness(some) / 2);
    for (const points of [off, some, strong]) expect(points.at(-1)).toEqual([200, 3]);
  });

  it('[T17] a steadied tap is a dot, and a short tick is drawn', () => {
    expect(
      xyOf(
        drive(penTool as never, { pen: { steadiness: 'strong' } })
          .down(5, 5)
          .up()
          .commits()[0],
      ),
    ).toEqual([[5, 5]]);
    expect(xyOf(drive(penTool as never, { pen: { steadiness: 'strong' } }).down(5, 5).move(15, 15).up().commits()[0])).toEqual([[5, 5], [15, 15]]); // prettier-ignore
  });

  it('[T17] a stroke of one width has it everywhere, whatever the pressure and the speed, also as stored', () => {
    const tool = drive(penTool as never, { pen: { isConstant: true } }).down(0, 0, { pointerType: 'pen', pressure: 0.1 });
    for (let i = 1; i <= 30; i++) tool.move(i * i, 0, undefined, i / 30);
    const [commit] = tool.up().commits();
    if (commit?.type !== 'stroke') throw new Error('no stroke');
    const ys = flatten(strokeOutline({ xyp: commit.xyp, hasPressure: commit.hasPressure, width: 8 }))
      .flat()
      .filter(({ x }) => x > 20 && x < 850)
      .map(({ y }) => Math.abs(y));
    expect(Math.min(...ys)).toBeGreaterThan(3.8);
    expect(Math.max(...ys)).toBeLessThan(4.2);
  });
});

/** A finger draws a line from (100, 100), and rests. */
function rested(d: Desk, kind: 'touch' | 'mouse' | 'pen' = 'touch'): Desk {
  d.press(100, 100, 1, kind);
  for (let x = 110; x <= 300; x += 10) d.move(x, 100 + (x % 20 === 0 ? 2 : 0), 1, kind);
  d.pass(HOLD_STILL_MS + 1);
  return d;
}

describe('a stroke held still at its end', () => {
  it('[T16] becomes the shape that it looks like, on both screens, and is one step that undo takes away', () => {
    for (const kind of ['touch', 'pen'] as const) {
      const [d, ben] = [desk(), desk()];
      rested(d, kind);
      expect(d.editor.preview()).toMatchObject({ kind: 'shape', shape: 'line', geometry: { x: 100, y: 100, h: 0 } });
      d.pass(100);
      for (const message of d.sent.splice(0)) ben.editor.receiveWet({ ...message, clientId: 7 });
      expect([...ben.editor.wet.entries()]).toMatchObject([{ kind: 'shape', shape: 'line' }]);
      d.lift(300, 100, 1, kind);
      expect(d.board.elements()).toMatchObject([{ kind: 'line', geometry: { x: 100, y: 100, w: 200, h: 0 } }]);
      expect(d.editor.state.tool).toBe('pen');
      d.board.undo();
      expect([d.board.count, d.board.canUndo]).toEqual([0, false]);
    }
  });

  it('[T16] a mouse, a switched off choice, and a hand that goes on draw ink', () => {
    const others: readonly ((d: Desk) => Desk)[] = [
      (d) => rested(d, 'mouse'),
      (d) => {
        d.editor.setPen({ steadiness: 'off', isConstant: false, doesShape: false });
        return rested(d);
      },
      (d) => {
        d.press(100, 100, 1, 'touch');
        for (let x = 110; x <= 300; x += 10) {
          d.move(x, 100, 1, 'touch');
          d.pass(HOLD_STILL_MS - 100);
        }
        return d;
      },
    ];
    for (const other of others) {
      const d = other(desk());
      d.lift(300, 100, 1, 'touch');
      d.lift(300, 100, 1, 'mouse');
      expect(d.board.elements().map(({ kind, ink }) => [kind, ink !== null && decodeInk(ink).xyp.length > 30])).toEqual([['stroke', true]]);
    }
  });

  it('[T16] Escape keeps nothing of it', () => {
    const d = rested(desk());
    d.actions.escape();
    expect([d.board.count, d.editor.preview()]).toEqual([0, null]);
  });
});
