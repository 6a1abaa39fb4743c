import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { encodeInk } from './ink.ts';
import { excalidrawStrokeJson } from '../testing/excalidraw-stroke.ts';
import { mulberry32, takeStrokes } from '../testing/pen.ts';
import { defaultStyle } from '../document/fields.ts';

describe('one committed stroke of 180 points', () => {
  it('[IN11] a committed stroke is a Yjs update of at most a tenth of its size as Excalidraw-shaped JSON', () => {
    const random = mulberry32(4);
    const doc = new Y.Doc();
    const board = createBoard({ doc, userId: 'ana', now: () => 1_790_000_000_000, random });
    let updateBytes = 0;
    doc.on('update', (update: Uint8Array) => (updateBytes += update.length));
    // The first update also introduces the session, so it is not counted: a session has many strokes.
    board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 1, h: 1, rotation: 0 }, style: defaultStyle }));
    updateBytes = 0;
    let jsonBytes = 0;
    for (const { xyp } of takeStrokes(100, { seed: 180, motion: 'word', pointCount: 180 })) {
      const ink = encodeInk({ xyp, hasPressure: true }, 1);
      const geometry = { x: 12.125, y: 40.5, w: 310.25, h: 44.75, rotation: 0 };
      board.run((edit) =>
        edit.create({ kind: 'stroke', geometry, style: { ...defaultStyle, color: 'blue' }, ink, gesture: board.nextGesture() }),
      );
      jsonBytes += excalidrawStrokeJson({ xyp, hasPressure: true, random }).length;
    }
    expect(updateBytes / 100).toBeLessThan(700);
    expect(jsonBytes / updateBytes).toBeGreaterThan(10);
  });
});
