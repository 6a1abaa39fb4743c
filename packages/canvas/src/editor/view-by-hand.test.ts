import { describe, expect, it } from 'vitest';
import { desk, type Desk } from '../fixtures/desk.ts';
import { plain } from '../fixtures/elements.ts';
import { edgePull } from './edge-scroll.ts';

describe('the zoom key', () => {
  const held = (): Desk => {
    const d = desk();
    d.actions.holdZoom();
    return d;
  };

  it('[C6] a click zooms in about the pointer, with Alt out, and draws nothing', () => {
    const d = held();
    const before = d.editor.state.camera;
    d.drag([[200, 100]]);
    const { camera } = d.editor.state;
    expect(camera).toEqual({ x: 200 - 200 / 1.5, y: 100 - 100 / 1.5, zoom: 1.5 });
    d.hold({ shift: false, alt: true, mod: false });
    d.drag([[200, 100]]);
    expect(d.editor.state.camera.zoom).toBe(before.zoom);
    expect(d.editor.state.camera.x).toBeCloseTo(before.x, 9);
    expect(d.board.count).toBe(0);
  });

  it('[C6] a drag shows its box on the way, and then the box as close as it fits', () => {
    const d = held();
    d.press(100, 100);
    d.move(300, 200);
    expect(d.editor.preview()).toEqual({ kind: 'box', box: { minX: 100, minY: 100, maxX: 300, maxY: 200 } });
    d.lift(300, 200);
    // 1000 by 800: the width decides, and the box is in the middle of the height.
    expect(d.editor.state.camera).toEqual({ x: 100, y: 70, zoom: 5 });
    expect([d.board.count, d.editor.preview()]).toEqual([0, null]);
  });

  it('[C6] a cancelled drag leaves the view, also on a read-only board, and the next press after the key draws', () => {
    const d = held();
    d.press(100, 100);
    d.move(300, 200);
    d.editor.escape();
    expect(d.editor.state.camera.zoom).toBe(1);
    d.lift(300, 200);
    d.editor.pointers.isZoomHeld = false;
    d.drag([
      [10, 10],
      [50, 50],
    ]);
    expect(d.board.count).toBe(1);
    d.editor.setReadOnly(true);
    d.actions.holdZoom();
    d.drag([[100, 100]]);
    expect(d.editor.state.camera.zoom).toBe(1.5);
  });
});

describe('a drag at an edge', () => {
  /** A box of 100 by 50 at (100, 100), selected and held. */
  const dragging = (): Desk => {
    const d = desk();
    d.board.run((edit) =>
      edit.create({ kind: 'rectangle', geometry: { x: 100, y: 100, w: 100, h: 50, rotation: 0 }, style: { ...plain, fill: 'red' } }),
    );
    d.actions.selectAll();
    d.press(150, 125);
    return d;
  };

  it('[C7] a drag held at an edge scrolls after 200 ms, and what is dragged stays under the pointer', () => {
    const d = dragging();
    d.move(998, 125);
    d.pass(150);
    expect(d.editor.state.camera.x).toBe(0);
    d.pass(1000);
    const { x, y } = d.editor.state.camera;
    expect(x).toBeGreaterThan(300);
    expect(y).toBe(0);
    d.lift(998, 125);
    const [box] = d.board.elements();
    expect(box?.geometry.x).toBeCloseTo(100 + (998 - 150) + x, 6);
    d.board.undo();
    expect(d.board.elements()[0]?.geometry.x).toBe(100);
  });

  it('[C7] scrolling ends away from the edge and with the drag; a pen never scrolls', () => {
    const d = dragging();
    d.move(500, 3);
    d.pass(400);
    const { y } = d.editor.state.camera;
    expect(y).toBeLessThan(0);
    d.move(500, 300);
    d.pass(1000);
    expect(d.editor.state.camera.y).toBe(y);
    d.move(500, 3);
    d.lift(500, 3);
    d.pass(1000);
    expect(d.editor.state.camera.y).toBe(y);
    d.actions.setTool('pen');
    d.press(500, 300);
    d.move(500, 2);
    d.pass(1000);
    expect(d.editor.state.camera.y).toBe(y);
  });

  it('[C7] the pull grows over 8 px towards the edge, and is whole beyond it', () => {
    const size = { width: 100, height: 50 };
    expect([edgePull({ x: 8, y: 42 }, size), edgePull({ x: 4, y: 50 }, size), edgePull({ x: -40, y: 46 }, size)]).toEqual([
      { x: 0, y: 0 },
      { x: -0.5, y: 1 },
      { x: -1, y: 0.5 },
    ]);
  });
});
