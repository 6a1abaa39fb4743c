/** The heads and bends of lines: what merges, what the last one wins, undo, files, and whatever a peer may write. */
import { describe, expect, it } from 'vitest';
import { MAX_LINE_POINTS } from './limits.ts';
import { headsOf } from './document/heads.ts';
import { decodeFile } from './file/file-codec.ts';
import { exportBoard } from './file/file-export.ts';
import { importBoard } from './file/file-import.ts';
import { type Device, device, draw, move, rectangle, recolor, syncAll, syncPair, Wall } from './testing/people.ts';
import type { ElementId, NewElement, Style } from './types.ts';

const bend = [0, 0, 0.5, 1, 1, 0];
const arrow = (patch: Partial<NewElement> = {}): NewElement => rectangle(0, { kind: 'arrow', ...patch });
const points = (at: Device, id: ElementId): readonly number[] | null | undefined => at.board.get(id)?.points;
const bendTo = (at: Device, id: ElementId, to: readonly number[] | null): void => at.board.run((edit) => edit.setPoints(id, to));

function two(): { wall: Wall; ana: Device; ben: Device; id: ElementId } {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
  const id = draw(ana, arrow({ points: bend }));
  syncPair(ana, ben);
  return { wall, ana, ben, id };
}

describe('lines with bends', () => {
  it('[LN1] bends merge with moves and styles, and of two people who bend a line one wins everywhere', () => {
    const { ana, ben, id } = two();
    bendTo(ana, id, [0, 1, 0.25, 0, 1, 1]);
    move(ben, id, 70);
    recolor(ben, id, 'red');
    syncAll(ana, ben);
    for (const at of [ana, ben])
      expect(at.board.get(id)).toMatchObject({ points: [0, 1, 0.25, 0, 1, 1], geometry: { x: 70 }, style: { color: 'red' } });
    bendTo(ana, id, null);
    bendTo(ben, id, [0, 0, 1, 1, 0, 1, 1, 0]);
    syncAll(ana, ben);
    expect(points(ana, id)).toEqual(points(ben, id));
    expect([null, [0, 0, 1, 1, 0, 1, 1, 0]]).toContainEqual(points(ana, id));
  });

  it('[LN1] setting bends is one step, the same bends are none, and undo brings the bends of before', () => {
    const { ana, id } = two();
    const before = ana.board.nextUndo;
    bendTo(ana, id, bend);
    expect(ana.board.nextUndo).toBe(before);
    bendTo(ana, id, null);
    expect(points(ana, id)).toBeNull();
    bendTo(ana, id, [0.1, 0, 0.2, 0, 0.3, 1]);
    expect(points(ana, id)).toEqual([0.1, 0, 0.2, 0, 0.3, 1].map(Math.fround));
    ana.board.undo();
    expect(points(ana, id)).toBeNull();
    ana.board.undo();
    expect(points(ana, id)).toEqual(bend);
    ana.board.redo();
    expect(points(ana, id)).toBeNull();
  });

  it('[LN3] other kinds have no bends, and malformed ones are refused', () => {
    const { ana } = two();
    const box = draw(ana);
    bendTo(ana, box, bend);
    expect(points(ana, box)).toBeNull();
    expect(() => draw(ana, rectangle(0, { points: bend }))).toThrow('points');
    const tooMany = Array.from({ length: 2 * MAX_LINE_POINTS + 2 }, () => 0);
    for (const bad of [[], [0, 0, 1, 1], [0, 0, 1, 1, 0], [0, 0, 2, 1, 0, 0], [0, 0, NaN, 1, 0, 0], tooMany])
      expect(() => draw(ana, arrow({ points: bad }))).toThrow('points');
  });

  it('[LN3] malformed bends of a peer count as none, in a record as in a change', () => {
    const { ana, ben, id } = two();
    const record = ben.doc.getMap('base').get(id) as Record<string, unknown>;
    for (const bad of [0, 'x', {}, [0, 0, 1, 1], [0, 0, -1, 1, 0, 0], [0, 0, '1', 1, 0, 0], new Uint8Array(6)]) {
      ben.doc.getMap('style').set(`${id}/points`, [bad, record.s]);
      syncPair(ana, ben);
      expect(points(ana, id)).toEqual(bend);
    }
    ben.doc.getMap('style').delete(`${id}/points`);
    ben.doc.getMap('base').set(id, { ...record, y: { points: [5, 5, 5, 5, 5, 5], endHead: 'crown', startHead: 'dot' } });
    syncPair(ana, ben);
    expect(ana.board.get(id)).toMatchObject({ points: null, style: { startHead: 'dot', endHead: 'auto' } });
  });

  it('[LN2] a file keeps heads and bends, also changed ones', () => {
    const { ana, wall, id } = two();
    ana.board.run((edit) => {
      edit.setPoints(id, [0, 1, 1, 1, 0.5, 0]);
      edit.setStyle(id, 'startHead', 'diamond');
    });
    draw(ana, arrow({ style: { ...(ana.board.get(id)?.style as Style), startHead: 'auto', endHead: 'none' } }));
    const opened = device('cid', wall);
    importBoard(opened.board, decodeFile(exportBoard(ana.board)));
    expect(opened.board.elements()).toMatchObject([
      { points: [0, 1, 1, 1, 0.5, 0], style: { startHead: 'diamond', endHead: 'auto' } },
      { points: null, style: { startHead: 'auto', endHead: 'none' } },
    ]);
  });

  it('[LN2] an arrow has an open head at its end and a line none, until one is chosen', () => {
    const style = { startHead: 'auto', endHead: 'auto' } as const;
    expect([headsOf('line', style), headsOf('arrow', style)]).toEqual([
      { start: 'none', end: 'none' },
      { start: 'none', end: 'arrow' },
    ]);
    expect(headsOf('arrow', { startHead: 'bar', endHead: 'none' })).toEqual({ start: 'bar', end: 'none' });
  });
});
