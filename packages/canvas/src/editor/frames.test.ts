import { describe, expect, it } from 'vitest';
import type { BoardElement, ElementId, Geometry } from '@wetink/board';
import { clipOf, shownBox } from '../draw/clip.ts';
import { desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange, plain, shape } from '../fixtures/elements.ts';
import { renderSvg } from '../export/svg.ts';
import { readingOrder, singleFrame } from './frame-order.ts';
import { Scene } from '../scene.ts';

const box = (x: number, y: number, w: number, h = w): Geometry => ({ x, y, w, h, rotation: 0 });
const at = (x: number, y: number): readonly [number, number] => [x, y];

/** A frame of 300 by 200 at (100, 100), a filled box in it, and one beside it at (600, 100). */
function table() {
  const self = desk(emptyBoard());
  self.actions.selectAll();
  self.editor.setTool('frame');
  self.drag([at(100, 100), at(250, 200), at(400, 300)]);
  const frame = self.editor.state.selection[0] as ElementId;
  const [inside, beside] = self.board.run((edit) =>
    [box(150, 150, 40), box(600, 100, 40)].map((geometry) =>
      edit.create({ kind: 'rectangle', geometry, style: { ...plain, fill: 'red' } }),
    ),
  ) as [ElementId, ElementId];
  self.board.run((edit) => edit.setParent([inside], frame));
  self.editor.select([]);
  const frameOf = (id: ElementId): ElementId | null | undefined => self.board.get(id)?.frame;
  const placeOf = (id: ElementId): number[] => {
    const g = self.board.get(id)?.geometry;
    return g === undefined ? [] : [g.x, g.y, g.w, g.h];
  };
  return { ...self, frame, inside, beside, frameOf, placeOf };
}

describe('drawing a frame', () => {
  it('[FR1] takes in what lies wholly inside, is named by its number, and is one step of undo', () => {
    const self = desk(emptyBoard());
    const [whole, half, locked, outside] = self.board.run((edit) => {
      const ids = [box(150, 150, 40), box(380, 150, 40), box(150, 220, 40), box(600, 100, 40)].map((geometry) =>
        edit.create({ kind: 'rectangle', geometry, style: plain }),
      );
      edit.setLocked(ids[2] as ElementId, true);
      return ids;
    });
    self.editor.setTool('frame');
    self.drag([at(100, 100), at(250, 200), at(400, 300)]);
    const frame = self.board.elements()[0];
    expect(frame).toMatchObject({ kind: 'frame', text: 'Frame 1', geometry: box(100, 100, 300, 200) });
    expect([whole, half, locked, outside].map((id) => self.board.get(id as ElementId)?.frame)).toEqual([frame?.id, null, null, null]);
    expect([self.editor.state.tool, self.editor.state.selection]).toEqual(['select', [frame?.id]]);
    self.editor.setTool('frame');
    self.drag([at(600, 300), at(700, 400), at(900, 500)]);
    expect(self.board.elements().map(({ text }) => text)).toContain('Frame 2');
    self.board.undo();
    self.board.undo();
    expect(self.board.elements().map(({ kind, frame: around }) => [kind, around])).toEqual(Array(4).fill(['rectangle', null]));
  });

  it('[FR1] in a frame it is in that frame, with what it takes in; around one it takes that in as a whole', () => {
    const { editor, drag, board, frame, inside, frameOf } = table();
    editor.setTool('frame');
    drag([at(140, 140), at(160, 180), at(220, 220)]);
    const inner = editor.state.selection[0] as ElementId;
    expect([frameOf(inner), frameOf(inside)]).toEqual([frame, inner]);
    editor.setTool('frame');
    drag([at(50, 50), at(160, 180), at(500, 400)]);
    const outer = editor.state.selection[0] as ElementId;
    expect([frame, inner, inside, outer].map(frameOf)).toEqual([outer, frame, inner, null]);
    expect(
      board
        .elements()
        .slice(0, 3)
        .map(({ id }) => id),
    ).toEqual([outer, frame, inner]);
  });
});

describe('going into a frame and out of it', () => {
  it('[FR2] what is drawn in a frame belongs to it: ink, shapes and texts', () => {
    const { editor, drag, press, lift, board, frame } = table();
    editor.setTool('pen');
    drag([at(200, 220), at(230, 240), at(260, 220)]);
    editor.setTool('ellipse');
    drag([at(300, 220), at(320, 240), at(340, 260)]);
    editor.setTool('text');
    press(220, 280);
    lift(220, 280);
    const made = board.elements().slice(-3);
    expect(made.map(({ kind, frame: around }) => [kind, around])).toEqual(['stroke', 'ellipse', 'text'].map((kind) => [kind, frame]));
    editor.setTool('arrow');
    drag([at(20, 200), at(400, 200), at(900, 200)]);
    expect(board.elements().at(-1)?.frame).toBeNull();
  });

  it('[FR2] a drag puts an element in or takes it out, as one step with the move', () => {
    const { editor, drag, board, frame, beside, frameOf, placeOf } = table();
    editor.setTool('select');
    drag([at(620, 120), at(400, 200), at(320, 220)]);
    expect([frameOf(beside), placeOf(beside).slice(0, 2)]).toEqual([frame, [300, 200]]);
    drag([at(320, 220), at(340, 220), at(350, 220)]);
    expect(frameOf(beside)).toBe(frame);
    drag([at(350, 220), at(400, 220), at(420, 220)]);
    expect(frameOf(beside)).toBeNull();
    board.undo();
    board.undo();
    board.undo();
    expect([frameOf(beside), placeOf(beside).slice(0, 2)]).toEqual([null, [600, 100]]);
  });

  it('[FR2] a group goes in and out as a whole, and one of its elements moved alone does not take it along', () => {
    const { editor, drag, board, frame, beside, frameOf, actions } = table();
    const other = board.run((edit) => edit.create({ kind: 'rectangle', geometry: box(660, 100, 40), style: { ...plain, fill: 'red' } }));
    const group = board.run((edit) => edit.group([beside, other])) as ElementId;
    editor.setTool('select');
    drag([at(620, 120), at(400, 200), at(220, 220)]);
    expect([frameOf(beside), frameOf(other), board.parentOf(group)]).toEqual([frame, frame, frame]);
    editor.select([other], group);
    actions.nudge(400, 0);
    expect([frameOf(other), board.parentOf(group)]).toEqual([frame, frame]);
  });

  it('[FR3] a frame moves with all that is in it, by the mouse, the keys and when it is aligned, as one step', () => {
    const { editor, drag, board, inside, frame, placeOf, actions } = table();
    editor.setTool('select');
    drag([at(100, 200), at(120, 220), at(150, 260)]);
    expect([placeOf(frame), placeOf(inside)]).toEqual([
      [150, 160, 300, 200],
      [200, 210, 40, 40],
    ]);
    expect(editor.state.selection).toEqual([frame]);
    actions.nudge(10, 0);
    expect(placeOf(inside)).toEqual([210, 210, 40, 40]);
    actions.rearrange((elements) => elements.map(({ id, geometry }) => ({ id, geometry: { ...geometry, x: geometry.x + 5 } })));
    expect([placeOf(frame)[0], placeOf(inside)[0]]).toEqual([165, 215]);
    for (let i = 0; i < 3; i++) board.undo();
    expect([placeOf(frame), placeOf(inside)]).toEqual([
      [100, 100, 300, 200],
      [150, 150, 40, 40],
    ]);
  });

  it('[FR3] while Ben moves what is in the frame, Ana moves the frame: both moves stay, and nothing is lost', () => {
    const ana = table();
    const ben = desk(emptyBoard());
    exchange(ana.board, ben.board);
    ana.editor.setTool('select');
    ana.drag([at(100, 200), at(120, 220), at(150, 200)]);
    ben.editor.setTool('select');
    ben.drag([at(170, 170), at(180, 180), at(170, 190)]);
    exchange(ana.board, ben.board);
    expect(ana.board.get(ana.frame)?.geometry.x).toBe(150);
    expect(ben.board.elements().map(({ geometry }) => geometry)).toEqual(ana.board.elements().map(({ geometry }) => geometry));
    expect(ana.frameOf(ana.inside)).toBe(ana.frame);
  });

  it('[FR3] a resize scales nothing in the frame, takes in what then lies inside, and lets go of what lies outside', () => {
    const { editor, drag, frame, inside, beside, frameOf, placeOf } = table();
    editor.setTool('select');
    editor.select([frame]);
    drag([at(400, 300), at(600, 300), at(700, 300)]);
    expect([placeOf(frame), placeOf(inside), frameOf(beside)]).toEqual([[100, 100, 600, 200], [150, 150, 40, 40], frame]);
    drag([at(100, 100), at(200, 120), at(300, 140)]);
    expect([frameOf(inside), frameOf(beside)]).toEqual([null, frame]);
  });
});

describe('pressing on frames', () => {
  it('[FR4] a frame is hit at its edge and its title, and not inside; a box selects it only as a whole', () => {
    const { editor, drag, press, lift, frame, inside } = table();
    editor.setTool('select');
    const click = (x: number, y: number): readonly ElementId[] => {
      press(x, y);
      lift(x, y);
      return editor.state.selection;
    };
    expect(click(300, 200)).toEqual([]);
    expect(click(101, 250)).toEqual([frame]);
    expect(click(900, 700)).toEqual([]);
    expect(click(120, 88)).toEqual([frame]);
    expect(click(170, 170)).toEqual([inside]);
    drag([at(300, 200), at(200, 200), at(120, 120)]);
    expect(editor.state.selection).toEqual([inside]);
    drag([at(420, 310), at(200, 200), at(120, 120)]);
    expect(editor.state.selection).toEqual([inside]);
    drag([at(420, 310), at(200, 200), at(80, 80)]);
    expect(editor.state.selection).toEqual([frame]);
  });

  it('[FR9] what a selected frame holds is not selected beside it, so that aligning leaves it inside', () => {
    const { editor, actions, board, frame, inside, beside, placeOf } = table();
    const within = board.run((edit) => edit.create({ kind: 'ellipse', geometry: box(160, 160, 20), style: plain }));
    const inner = board.run((edit) => edit.create({ kind: 'frame', geometry: box(150, 150, 60), style: plain }));
    board.run((edit) => (edit.setParent([inner], frame), edit.setParent([within, inside], inner)));
    actions.selectAll();
    expect(new Set(editor.state.selection)).toEqual(new Set([frame, beside]));
    actions.rearrange((elements) =>
      elements.filter(({ kind }) => kind === 'frame').map(({ id, geometry }) => ({ id, geometry: { ...geometry, x: 250 } })),
    );
    expect([placeOf(frame), placeOf(inside), placeOf(within)].map(([x]) => x)).toEqual([250, 300, 310]);
    board.run((edit) => edit.setLocked(inner, true));
    actions.selectAll();
    expect(new Set(editor.state.selection)).toEqual(new Set([frame, beside]));
    editor.select([within, inside]);
    expect(editor.state.selection).toEqual([within, inside]);
  });

  it('[FR9] a resize of several elements scales what is in the frames among them', () => {
    const { editor, actions, drag, placeOf, frame, inside, beside } = table();
    actions.selectAll();
    drag([at(640, 300), at(700, 350), at(640 + 540, 300 + 200)]);
    expect([placeOf(frame), placeOf(inside), placeOf(beside)]).toEqual([
      [100, 100, 600, 400],
      [200, 200, 80, 80],
      [1100, 100, 80, 80],
    ]);
    expect(editor.board.get(inside)?.frame).toBe(frame);
  });

  it('[FR4] what its frame clips away is not hit, and the eraser leaves frames alone', () => {
    const { editor, drag, board, frame, inside, press, lift } = table();
    board.run((edit) => edit.setGeometry(inside, box(380, 150, 40)));
    editor.setTool('select');
    press(412, 170);
    lift(412, 170);
    expect(editor.state.selection).toEqual([]);
    editor.setTool('eraser');
    drag([at(90, 120), at(250, 120), at(410, 120)]);
    expect(board.get(frame)?.kind).toBe('frame');
  });

  it('[FR5] a double click on the title, or Enter, asks for its field; deleting takes what is in it, removing leaves it', () => {
    const { editor, press, lift, board, frame, inside, edits, actions } = table();
    editor.setTool('select');
    editor.select([frame]);
    expect(actions.editSelection()).toBe(true);
    expect(edits.at(-1)).toEqual({ id: frame });
    editor.escape();
    press(120, 88);
    lift(120, 88);
    actions.selectInFrames();
    expect(editor.state.selection).toEqual([inside]);
    editor.select([frame]);
    actions.removeFrames();
    expect([board.get(frame), board.get(inside)?.frame, editor.state.selection]).toEqual([undefined, null, [inside]]);
    board.undo();
    editor.select([frame]);
    actions.deleteSelection();
    expect([board.get(frame), board.get(inside)]).toEqual([undefined, undefined]);
    board.undo();
    expect(board.get(inside)?.frame).toBe(frame);
  });

  it('[FR5] a copy of a frame has copies of what is in it; a copy of an element is where it lies', () => {
    const { editor, board, frame, inside, actions, hold, drag } = table();
    editor.setTool('select');
    editor.select([frame]);
    actions.duplicateSelection();
    const copy = editor.state.selection[0] as ElementId;
    expect(editor.state.selection).toHaveLength(1);
    expect([board.membersOf(copy).length, board.membersOf(frame)]).toEqual([1, [inside]]);
    board.undo();
    editor.select([inside]);
    hold({ shift: false, alt: true, mod: false });
    drag([at(170, 170), at(200, 200), at(220, 220)]);
    expect(board.get(editor.state.selection[0] as ElementId)?.frame).toBe(frame);
    editor.select([inside]);
    drag([at(170, 170), at(600, 400), at(700, 500)]);
    expect(board.get(editor.state.selection[0] as ElementId)?.frame).toBeNull();
  });
});

describe('clipping', () => {
  const frame = shape('frame', box(0, 0, 100));
  const find = (id: ElementId): BoardElement | undefined => [frame, inner].find((one) => one.id === id);
  const inner = shape('frame', box(50, 50, 100), { frame: frame.id });
  const held = (geometry: Geometry, around: ElementId): BoardElement => shape('ellipse', geometry, { frame: around });

  it('[FR6] clips what crosses the edge of its frame, by every frame around it, and nothing else', () => {
    expect(clipOf(held(box(20, 20, 20), frame.id), find)).toBeNull();
    expect(clipOf(held(box(80, 20, 50), frame.id), find)).toEqual({ minX: 0, minY: 0, maxX: 100, maxY: 100 });
    expect(clipOf(held(box(80, 80, 90), inner.id), find)).toEqual({ minX: 50, minY: 50, maxX: 100, maxY: 100 });
    expect(clipOf(shape('ellipse', box(80, 20, 50)), find)).toBeNull();
    expect(shownBox(held(box(80, 20, 50), frame.id), find).maxX).toBe(100);
  });

  it('[FR6] shows whole what lies wholly beside its frame, so that nothing is lost', () => {
    expect(clipOf(held(box(300, 20, 50), frame.id), find)).toBeNull();
    expect(clipOf(held(box(80, 80, 90), 'gone' as ElementId), find)).toBeNull();
  });

  it('[FR6] ends where frames name each other in a circle', () => {
    const [a, b] = [shape('frame', box(0, 0, 10)), shape('frame', box(0, 0, 20))];
    const circle = (id: ElementId): BoardElement => (id === a.id ? { ...a, frame: b.id } : { ...b, frame: a.id });
    expect(clipOf(held(box(5, 5, 30), a.id), circle)).toEqual({ minX: 0, minY: 0, maxX: 10, maxY: 10 });
  });

  it('[FR6] a picture is clipped as the screen is, and one of a frame shows just that frame', () => {
    const across = held(box(80, 20, 50), frame.id);
    const svg = renderSvg([frame, across], { theme: 'light' });
    expect(svg).toContain('<clipPath id="c1"><rect x="0" y="0" width="100" height="100"/></clipPath><g clip-path="url(#c1)">');
    expect(renderSvg([across], { theme: 'light' })).not.toContain('clipPath');
    expect(renderSvg([frame, across], { theme: 'light', box: { minX: 0, minY: 0, maxX: 100, maxY: 100 } })).toContain(
      'viewBox="0 0 100 100"',
    );
    expect([singleFrame([frame, across])?.id, singleFrame([frame, inner, across])?.id]).toEqual([frame.id, frame.id]);
    expect([singleFrame([across]), singleFrame([frame, shape('line', {})])]).toEqual([null, null]);
  });

  it('[FR8] a picture shows titles above their frames, and one of a frame alone shows none', () => {
    const box100 = { minX: 0, minY: 0, maxX: 100, maxY: 100 };
    const titled = { ...frame, text: '<b>A plan with a long title</b>' };
    const svg = renderSvg([titled], { theme: 'light', padding: 0 });
    expect(/<text x="0" y="-8"[^>]*>(.*)<\/text>/.exec(svg)?.[1]).toMatch(/^&lt;b&gt;A plan.*…$/);
    expect(svg).toContain('viewBox="-2 -24 104 126"');
    expect(/<text[^>]*>(.*)<\/text>/.exec(renderSvg([frame], { theme: 'dark' }))?.[1]).toBe('Frame');
    const rtl = renderSvg([{ ...frame, text: 'تخطيط' }], { theme: 'light' });
    expect(rtl).toContain('direction="rtl" text-anchor="end"');
    expect(renderSvg([titled], { theme: 'light', box: box100 })).toContain('viewBox="0 0 100 100"');
    expect(renderSvg([{ ...titled, geometry: box(0, 0, 20) }], { theme: 'light' })).not.toContain('<text');
  });

  it('[FR6] spoils what is in a frame when its box, or the frame around it, is another', () => {
    const board = emptyBoard();
    const [outer, id] = board.run((edit) => {
      const made = edit.create({ kind: 'frame', geometry: box(0, 0, 100), style: plain });
      const element = edit.create({ kind: 'rectangle', geometry: box(90, 0, 400), style: plain });
      edit.setParent([element], made);
      return [made, element];
    });
    const scene = new Scene(board, (element) => element);
    const spoiled: number[] = [];
    board.onChange((change) => spoiled.push(...scene.apply(change).spoiled.map(({ maxX }) => maxX)));
    board.run((edit) => edit.setGeometry(outer as ElementId, box(0, 0, 120)));
    expect(Math.max(...spoiled)).toBeGreaterThan(450);
    expect(scene.frames.map((one) => one.id)).toEqual([outer]);
    board.run((edit) => edit.remove([outer as ElementId]));
    expect([scene.frames, scene.get(id as ElementId)]).toEqual([[], undefined]);
  });
});

it('[FR7] frames are read row by row, and from left to right in a row that is not quite straight', () => {
  const frames = [box(400, 20, 100), box(0, 0, 100), box(0, 300, 100), box(200, -30, 100), box(300, 310, 50)].map((geometry) =>
    shape('frame', geometry),
  );
  const order = readingOrder([...frames, shape('ellipse', box(0, 0, 9))]).map((one) => frames.indexOf(one));
  expect(order).toEqual([1, 3, 0, 2, 4]);
});
