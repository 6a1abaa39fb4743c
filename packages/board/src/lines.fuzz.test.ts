/** Random bends, heads, moves, deletions and undos of one arrow on three devices, and whatever else its values may be. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { heads } from './document/heads.ts';
import { isLinePoints } from './document/line-points.ts';
import { type Device, device, draw, move, rectangle, shownBoard, syncAll, syncPair, Wall } from './testing/people.ts';
import type { BoardElement } from './types.ts';

const who = fc.nat(2);
const part = fc.double({ min: 0, max: 1, noNaN: true });
const bends = fc.option(fc.array(fc.tuple(part, part), { minLength: 3, maxLength: 6 }).map((points) => points.flat()));
const anything = fc.oneof(fc.anything(), fc.array(fc.oneof(fc.double(), fc.constantFrom(0, 0.5, 1, -0)), { maxLength: 9 }));
const operation = fc.oneof(
  fc.record({ do: fc.constant('bend' as const), who, points: bends }),
  fc.record({
    do: fc.constant('head' as const),
    who,
    end: fc.constantFrom('startHead' as const, 'endHead' as const),
    head: fc.constantFrom(...heads),
  }),
  fc.record({ do: fc.constant('move' as const), who, x: fc.integer({ min: -500, max: 500 }) }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const), who }),
  fc.record({ do: fc.constant('sync' as const), who, other: who }),
);

it('[P1] [LN1] [LN2] devices that received the same show the same line, also after a reload, and undone by all it is as made', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 30 }), (operations) => {
      const wall = new Wall();
      const devices = ['ana', 'ben', 'cid'].map((user, i) => device(user, wall, { clientId: i + 1, seed: 700 + i }));
      const [ana] = devices as [Device];
      const id = draw(ana, rectangle(0, { kind: 'arrow', points: [0, 0, 1, 0, 1, 1] }));
      const made = ana.board.get(id) as BoardElement;
      syncAll(...devices);
      for (const op of operations) {
        wall.pass(10);
        const at = devices[op.who] as Device;
        if (op.do === 'bend') at.board.run((edit) => edit.setPoints(id, op.points));
        else if (op.do === 'head') at.board.run((edit) => edit.setStyle(id, op.end, op.head));
        else if (op.do === 'move') move(at, id, op.x);
        else if (op.do === 'sync') syncPair(at, devices[op.other] as Device);
        else if (op.do === 'redo') at.board.redo();
        else if (at.board.nextUndo !== made.step) at.board.undo();
      }
      syncAll(...devices);
      expect(new Set(devices.map(shownBoard)).size).toBe(1);
      expect(shownBoard(device('dan', wall, { state: ana.state(), seed: 900 }))).toBe(shownBoard(ana));
      for (const at of [...devices].reverse()) {
        while (at.board.nextUndo !== null && at.board.nextUndo !== made.step) at.board.undo();
        syncAll(...devices);
      }
      expect(ana.board.get(id)).toEqual(made);
    }),
    { seed: 31, numRuns: 200 },
  );
});

it('[LN3] whatever a peer writes as bends, a reader shows bends within bounds or none, and the rest of the element', () => {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
  const id = draw(ana, rectangle(7, { kind: 'line' }));
  syncPair(ana, ben);
  const record = ben.doc.getMap('base').get(id) as Record<string, unknown>;
  fc.assert(
    fc.property(anything, fc.boolean(), (value, isInRecord) => {
      try {
        if (isInRecord) ben.doc.getMap('base').set(id, { ...record, y: { points: value, color: 'red' } });
        else ben.doc.getMap('style').set(`${id}/points`, [value, record.s]);
      } catch {
        return; // Values that no document can carry.
      }
      syncPair(ana, ben);
      const shown = ana.board.get(id);
      expect(shown).toMatchObject({ kind: 'line', geometry: { x: 7 } });
      expect(shown?.points === null || isLinePoints(shown?.points)).toBe(true);
    }),
    { seed: 5, numRuns: 400 },
  );
});
