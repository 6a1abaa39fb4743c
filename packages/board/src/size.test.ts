/** Byte counts are exact, so tests can limit them; times belong in benchmarks. */
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { defaultStyle } from './document/fields.ts';
import { type Device, box, device, rectangle, Wall } from './testing/people.ts';
import type { ElementId } from './types.ts';

const INK_BYTES = 184;
const ink = new Uint8Array(INK_BYTES).fill(7);

function drawStrokes(at: Device, wall: Wall, count: number): ElementId[] {
  return Array.from({ length: count }, (_, i) => {
    wall.pass(900);
    return at.board.run((edit) =>
      edit.create({
        kind: 'stroke',
        ink,
        gesture: at.board.nextGesture(),
        style: { ...defaultStyle, color: 'blue' },
        geometry: { x: (i % 500) * 7.5, y: i / 512, w: 100.5, h: 50.25, rotation: 0 },
      }),
    );
  });
}

/** Bytes of all updates that `write` makes. */
function wire(at: Device, write: () => void): number {
  at.outbox.length = 0;
  write();
  return at.outbox.reduce((bytes, update) => bytes + update.length, 0);
}

describe('what it costs', () => {
  it('[U6] [U10] a stroke costs its ink and at most 110 bytes; undo of a clear costs 50 bytes whatever it brings back', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    drawStrokes(ana, wall, 2000);
    expect(ana.state().length / 2000).toBeLessThan(INK_BYTES + 110);
    expect(wire(ana, () => ana.board.clear())).toBeLessThan(100);
    expect(wire(ana, () => ana.board.undo())).toBeLessThan(50);
    expect(wire(ana, () => ana.board.redo())).toBeLessThan(20);
    expect(wire(ana, () => ana.board.undo())).toBeLessThan(50);
    expect(ana.board.count).toBe(2000);
  });

  it('[U4] undo of moving 200 elements or of erasing 300 costs 50 bytes, redo 20', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const ids = ana.board.run((edit) => Array.from({ length: 300 }, (_, i) => edit.create(rectangle(i))));
    const move = wire(ana, () =>
      ana.board.run((edit) => {
        for (const id of ids.slice(0, 200)) edit.setGeometry(id, { ...box(3.5), w: 100 });
      }),
    );
    expect(move).toBeLessThan(16_000);
    expect(wire(ana, () => ana.board.undo())).toBeLessThan(50);
    expect(wire(ana, () => ana.board.redo())).toBeLessThan(20);
    expect(wire(ana, () => ana.board.run((edit) => edit.remove(ids)))).toBeLessThan(4_000);
    expect(wire(ana, () => ana.board.undo())).toBeLessThan(50);
  });

  it('[U11] two thousand moves leave at most 300 steps in a document, and less than 40 bytes each besides', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    const ids = ana.board.run((edit) => Array.from({ length: 20 }, (_, i) => edit.create(rectangle(i))));
    for (let i = 0; i < 2000; i++) {
      wall.pass(900);
      ana.board.run((edit) => edit.setGeometry(ids[i % 20] as ElementId, box(i + 1)));
    }
    const fresh = new Y.Doc();
    Y.applyUpdate(fresh, ana.state());
    expect(fresh.getMap('undo').size).toBe(300);
    expect((Y.encodeStateAsUpdate(fresh).length - 300 * 120) / 2000).toBeLessThan(40);
  });
});
