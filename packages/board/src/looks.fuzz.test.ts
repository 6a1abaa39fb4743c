/** Random looks, crops, moves, deletions and undos on three devices that exchange updates now and then. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookProps, lookRanges } from './document/look.ts';
import { box, type Device, device, draw, move, rectangle, shownBoard, syncAll, syncPair, Wall } from './testing/people.ts';
import type { BoardElement, ElementId, ImageContent, StepKey } from './types.ts';

const cat: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 40, height: 30, bytes: 99, name: '' };
const who = fc.nat(2);
const operation = fc.oneof(
  fc.record({
    do: fc.constant('slide' as const),
    who,
    prop: fc.constantFrom(...lookProps),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({ do: fc.constant('crop' as const), who, left: fc.double({ min: 0, max: 0.9, noNaN: true }) }),
  fc.record({ do: fc.constant('move' as const), who, x: fc.integer({ min: -500, max: 500 }) }),
  fc.record({ do: fc.constant('replace' as const), who, name: fc.constantFrom('b', 'c') }),
  fc.record({ do: fc.constant('delete' as const), who }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const), who }),
  fc.record({ do: fc.constant('sync' as const), who, other: who }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function apply(devices: readonly Device[], { id, step }: { id: ElementId; step: StepKey }, op: Operation): void {
  const { board } = devices[op.who] as Device;
  switch (op.do) {
    case 'slide': {
      const [low, high] = lookRanges[op.prop];
      return board.run((edit) => edit.setLook(id, op.prop, low + op.part * (high - low)));
    }
    case 'crop':
      return board.run((edit) => edit.setCrop(id, { left: op.left, top: 0, right: 1, bottom: 0.5 }));
    case 'move':
      return move(devices[op.who] as Device, id, op.x);
    case 'replace':
      return board.run((edit) => edit.setImage(id, { ...cat, hash: op.name.repeat(64), width: op.name === 'b' ? 7 : cat.width }));
    case 'delete':
      return board.run((edit) => edit.remove([id]));
    case 'sync':
      return syncPair(devices[op.who] as Device, devices[op.other] as Device);
    case 'undo':
      // The making stays, so that there is something to compare at the end.
      if (board.nextUndo !== step) board.undo();
      return;
    case 'redo':
      board.redo();
  }
}

describe('looks of three people', () => {
  it('[P1] [M5] [M6] [M7] devices that received the same show the same, also after a reload, and undone by all it is as made', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), (operations) => {
        const wall = new Wall();
        const devices = ['ana', 'ben', 'cid'].map((user, i) => device(user, wall, { clientId: i + 1, seed: 500 + i }));
        const [ana] = devices as [Device];
        const id = draw(ana, rectangle(0, { kind: 'image', image: cat }));
        const made = ana.board.get(id) as BoardElement;
        syncAll(...devices);
        for (const op of operations) {
          wall.pass(10);
          apply(devices, made, op);
        }
        syncAll(...devices);
        const boards = devices.map((at) => JSON.stringify(at.board.elements()));
        expect(new Set(boards).size).toBe(1);
        expect(JSON.stringify(device('dan', wall, { state: ana.state(), seed: 900 }).board.elements())).toBe(boards[0]);
        expect(devices.map(shownBoard)).toEqual(devices.map(() => shownBoard(ana)));
        for (const at of [...devices].reverse()) {
          while (at.board.nextUndo !== null && at.board.nextUndo !== made.step) at.board.undo();
          syncAll(...devices);
        }
        expect(ana.board.get(id)).toEqual(made);
        expect(ana.board.get(id)?.geometry).toEqual(box(0));
      }),
      { seed: 12, numRuns: 300 },
    );
  });
});
