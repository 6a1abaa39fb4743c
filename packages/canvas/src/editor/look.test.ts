/** Looks of images: live on every screen while they are chosen, one step when they are, and nothing when they are not. */
import { describe, expect, it } from 'vitest';
import { plainLook, wholeCrop, type BoardElement, type ElementId, type ImageContent, type Look } from '@wetink/board';
import { drawableOf } from '../draw/drawable.ts';
import { paintDrawable } from '../draw/paint.ts';
import { filteredName, renderSvg } from '../export/svg.ts';
import { desk, type Desk } from '../fixtures/desk.ts';
import { flipAll, replaceImages } from './edit-images.ts';
import { emptyBoard, exchange, plain, shape } from '../fixtures/elements.ts';
import type { ShownImages } from '../images/shown-images.ts';
import { createRecording } from '../fixtures/recording-context.ts';

const cat: ImageContent = { hash: 'a'.repeat(64), type: 'image/jpeg', width: 400, height: 300, bytes: 99, name: 'cat.jpg' };
const half = { left: 0.5, top: 0, right: 1, bottom: 1 };
const look = (d: Desk, id: ElementId): Look | undefined => d.editor.elementOf(id)?.look;
/** Counts the updates of the document from now on. */
function writes({ board }: Desk): () => number {
  let count = 0;
  board.doc.on('update', () => (count += 1));
  return () => count;
}

/** One selected image, on the desks of two people. */
function two(): { ana: Desk; ben: Desk; id: ElementId; deliver(): void } {
  const [ana, ben] = [desk(), desk(emptyBoard('ben'))] as const;
  ana.actions.putImages([cat]);
  exchange(ana.board, ben.board);
  const [id] = ana.editor.state.selection as [ElementId];
  let heard = 0;
  const deliver = (): void => {
    for (const message of ana.sent.slice(heard)) ben.editor.receiveWet({ ...message, clientId: 7 });
    heard = ana.sent.length;
  };
  return { ana, ben, id, deliver };
}

describe('choosing a look', () => {
  it('[S4] while a slider moves everybody sees it and nobody has a step; letting go is one step, and nothing flickers', () => {
    const { ana, ben, id, deliver } = two();
    const written = writes(ana);
    for (const hue of [0.1, 0.2, 0.3]) ana.actions.previewLook({ look: { hue } });
    deliver();
    expect([written(), look(ana, id)?.hue, look(ben, id)?.hue]).toEqual([0, 0.3, 0.1]);
    ana.actions.setLook({ look: { hue: 0.4 } });
    deliver();
    expect([written(), ana.board.get(id)?.look.hue, look(ana, id)?.hue]).toEqual([1, 0.4, 0.4]);
    // The last message came first: the look stays until the record is there, and goes with it.
    expect([look(ben, id)?.hue, ben.board.get(id)?.look.hue, ben.editor.wet.isEmpty]).toEqual([0.4, 0, false]);
    exchange(ana.board, ben.board);
    expect([look(ben, id)?.hue, ben.editor.wet.isEmpty]).toEqual([0.4, true]);
    ana.board.undo();
    expect(look(ana, id)).toEqual(plainLook);
  });

  it('[S4] a look that is given up leaves nothing, here or elsewhere', () => {
    const { ana, ben, id, deliver } = two();
    const written = writes(ana);
    ana.actions.previewLook({ look: { blur: 1 } });
    deliver();
    ana.actions.previewLook(null);
    deliver();
    expect([written(), look(ana, id)?.blur, look(ben, id)?.blur]).toEqual([0, 0, 0]);
  });

  it('[S4] the live look of a person who left is gone', () => {
    const { ana, ben, id, deliver } = two();
    ana.actions.previewLook({ look: { sepia: 1 } });
    deliver();
    expect(look(ben, id)?.sepia).toBe(1);
    ben.editor.followPeers({ came: [], left: [7] });
    expect([look(ben, id), ben.editor.wet.isEmpty]).toEqual([plainLook, true]);
  });

  it('[S4] of two who move different sliders each sees both, and of two on one slider each sees their own', () => {
    const { ana, ben, id, deliver } = two();
    ben.actions.select([id]);
    ben.actions.previewLook({ look: { contrast: -0.5 } });
    ana.actions.previewLook({ look: { contrast: 0.5, sepia: 1 } });
    deliver();
    expect(look(ben, id)).toEqual({ ...plainLook, contrast: -0.5, sepia: 1 });
    ben.actions.previewLook(null);
    expect(look(ben, id)).toEqual({ ...plainLook, contrast: 0.5, sepia: 1 });
  });

  it('[S4] a change of the board shows beneath a live look, and a live look lies over a style that is tried', () => {
    const { ana, id } = two();
    ana.actions.previewLook({ look: { hue: 1 } });
    ana.actions.previewStyle({ opacity: 0.5 });
    ana.board.run((edit) => edit.setLook(id, 'sepia', 1));
    expect(ana.editor.elementOf(id)).toMatchObject({ look: { hue: 1, sepia: 1 }, style: { opacity: 0.5 } });
    ana.actions.previewStyle(null);
    expect(ana.editor.elementOf(id)).toMatchObject({ look: { hue: 1, sepia: 1 }, style: { opacity: 1 } });
    ana.actions.previewLook(null);
    expect(ana.editor.elementOf(id)).toBe(ana.board.get(id));
  });

  it('[S4] a crop in progress shows on every other screen, is one step when it is set, and leaves nothing when it is given up', () => {
    const { ana, ben, id, deliver } = two();
    const shown = (d: Desk): unknown => [d.editor.elementOf(id)?.crop, d.editor.elementOf(id)?.geometry.w];
    const [, whole] = shown(ben) as [unknown, number];
    const written = writes(ana);
    const begin = (): void => ana.actions.previewLook({ crop: wholeCrop }, { isSent: false });
    begin();
    ana.actions.sendCrop(half);
    deliver();
    expect([written(), shown(ana), shown(ben)]).toEqual([0, [wholeCrop, whole], [half, whole / 2]]);
    ana.actions.previewLook(null);
    deliver();
    expect([shown(ana), shown(ben), ben.editor.wet.isEmpty]).toEqual([[wholeCrop, whole], [wholeCrop, whole], true]);
    begin();
    ana.actions.sendCrop({ ...half, left: 0.25 });
    ana.actions.setLook({ crop: half });
    deliver();
    expect([written(), shown(ana), shown(ben)]).toEqual([1, [half, whole / 2], [half, whole / 2]]);
    exchange(ana.board, ben.board);
    expect([shown(ben), ben.editor.wet.isEmpty]).toEqual([[half, whole / 2], true]);
    ana.board.undo();
    expect(shown(ana)).toEqual([wholeCrop, whole]);
  });

  it('[S4] a picture that is moved or resized while another person crops it keeps what is cropped away', () => {
    const { ana, ben, id, deliver } = two();
    const { x, y, w, h } = ben.board.get(id)?.geometry ?? { x: 0, y: 0, w: 0, h: 0 };
    ana.actions.previewLook({ crop: wholeCrop }, { isSent: false });
    ana.actions.sendCrop(half);
    deliver();
    ben.actions.setTool('select');
    ben.actions.select([id]);
    ben.actions.nudge(10, 0);
    expect(ben.board.get(id)?.geometry).toMatchObject({ x: x + 10, y, w, h });
    const { camera } = ben.editor.state;
    const at = (bx: number, by: number): [number, number] => [(bx - camera.x) * camera.zoom, (by - camera.y) * camera.zoom];
    ben.drag([at(x + w * 0.8, y + h / 2), at(x + w * 0.8 + 40, y + h / 2), at(x + w * 0.8 + 60, y + h / 2 + 20)]);
    expect(ben.board.get(id)?.geometry).toMatchObject({ x: x + 70, y: y + 20, w, h });
  });

  it('[S4] the look of before is shown on this screen alone', () => {
    const { ana, ben, id, deliver } = two();
    ana.actions.setLook({ look: { hue: 1 } });
    exchange(ana.board, ben.board);
    ana.actions.previewLook({ look: plainLook, crop: wholeCrop }, { isSent: false });
    deliver();
    expect([look(ana, id)?.hue, look(ben, id)?.hue, ana.sent.length]).toEqual([0, 1, 0]);
    ana.actions.previewLook(null);
    expect(look(ana, id)?.hue).toBe(1);
  });

  it('[S4] a person who may only look changes no look, and elements of other kinds have none', () => {
    const d = desk(emptyBoard(), { isReadOnly: true });
    d.actions.previewLook({ look: { hue: 1 } });
    d.actions.setLook({ look: { hue: 1 } });
    const e = desk();
    e.drag([
      [100, 100],
      [200, 150],
    ]);
    e.actions.selectAll();
    const written = writes(e);
    e.actions.previewLook({ look: { hue: 1 } });
    e.actions.setLook({ look: { hue: 1 } });
    expect([d.sent.length, written(), e.sent.filter(({ payload }) => payload[1] === 3).length]).toEqual([0, 0, 0]);
  });

  it('[S5] another image lies within the box of the first, with its look; one of the same proportions keeps the crop too', () => {
    const { ana, id } = two();
    ana.board.run((edit) => edit.setGeometry(id, { x: 0, y: 0, w: -400, h: 300, rotation: 1 }));
    ana.actions.setLook({ look: { sepia: 1 }, crop: half });
    const { geometry } = ana.board.get(id) as BoardElement;
    replaceImages(ana.board, [id], { ...cat, hash: 'b'.repeat(64), width: 800, height: 600 });
    expect(ana.board.get(id)).toMatchObject({ image: { hash: 'b'.repeat(64) }, crop: half, look: { sepia: 1 } });
    replaceImages(ana.board, [id], { ...cat, hash: 'c'.repeat(64), width: 100, height: 400 });
    const after = ana.board.get(id) as BoardElement;
    expect([after.crop, after.look.sepia, after.geometry.rotation]).toEqual([wholeCrop, 1, 1]);
    expect([after.geometry.w, after.geometry.h]).toEqual([-75, 300]);
    expect(after.geometry.x + after.geometry.w / 2).toBeCloseTo(geometry.x + geometry.w / 2, 9);
    ana.board.undo();
    ana.board.undo();
    expect(ana.board.get(id)).toMatchObject({ image: cat, crop: half });
  });

  it('[S5] of two images of other proportions that replace one at once, the one that wins is not stretched', () => {
    const wide: ImageContent = { ...cat, hash: 'b'.repeat(64), width: 800, height: 600 };
    const tall: ImageContent = { ...cat, hash: 'c'.repeat(64), width: 100, height: 400 };
    for (const [first, second] of [
      [wide, tall],
      [tall, wide],
    ] as const) {
      const { ana, ben, id } = two();
      replaceImages(ana.board, [id], first);
      replaceImages(ben.board, [id], second);
      exchange(ana.board, ben.board);
      const { image, geometry } = ana.board.get(id) as BoardElement;
      expect(geometry.w / geometry.h).toBeCloseTo((image?.width ?? 0) / (image?.height ?? 1), 9);
      expect(ben.board.get(id)).toMatchObject({ image, geometry });
    }
  });

  it('[S5] flipping mirrors about the middle and is its own reverse, also of a turned image', () => {
    const { ana, id } = two();
    ana.board.run((edit) => edit.setGeometry(id, { x: 10, y: 20, w: 80, h: 60, rotation: 0.5 }));
    flipAll(ana.board, ana.editor.editable(), 'x');
    const { geometry } = ana.board.get(id) as BoardElement;
    expect([geometry.w, geometry.h, geometry.rotation]).toEqual([-80, 60, 0.5]);
    expect(geometry.x + geometry.w / 2).toBeCloseTo(50, 9);
    flipAll(ana.board, ana.editor.editable(), 'x');
    expect(ana.board.get(id)?.geometry.w).toBe(80);
    flipAll(ana.board, ana.editor.editable(), 'y');
    expect(ana.board.get(id)?.geometry.h).toBe(-60);
  });

  it('[S5] a copy has the look and the crop', () => {
    const { ana } = two();
    ana.actions.setLook({ look: { hue: 0.5 }, crop: half });
    ana.actions.duplicateSelection();
    const [first, second] = ana.board.elements() as [BoardElement, BoardElement];
    expect([second.look, second.crop, second.geometry.w, second.geometry.h]).toEqual([
      first.look,
      half,
      first.geometry.w,
      first.geometry.h,
    ]);
  });
});

describe('painting a look', () => {
  const bitmap = { width: 200, height: 150 } as ImageBitmap;
  const element = shape('image', { x: 0, y: 0, w: 100, h: 150 }, { image: cat, crop: half, look: { ...plainLook, radius: 0.5, hue: 1 } });

  it('[IM13] the part that is shown is painted, in rounded corners, from the filtered copy', () => {
    const { context, calls } = createRecording(100, 100);
    const asked: unknown[] = [];
    const find: ShownImages['find'] = (_, filter) => {
      asked.push(filter?.look.hue);
      return { kind: 'there', bitmap };
    };
    paintDrawable(context, drawableOf(element), { theme: 'light', images: { find } });
    const named = (name: string): unknown[] => calls.filter((call) => call.name === name).map(({ args }) => args);
    expect(named('drawImage')).toEqual([[bitmap, 100, 0, 100, 150, -50, -75, 100, 150]]);
    expect(named('arcTo')).toHaveLength(4);
    expect([named('arcTo')[0], named('clip').length, asked]).toEqual([[50, -75, 50, 75, 25], 1, [1]]);
  });

  it('[IM13] an SVG shows the part within a clip path of its own, from filtered pixels, and a tinted box without them', () => {
    const name = filteredName(element) ?? '';
    const turned = { ...element, geometry: { ...element.geometry, rotation: 1 } };
    const options = { theme: 'light', images: new Map([[cat.hash, 'AAAA']]) } as const;
    const svg = renderSvg([element, turned], { ...options, filtered: new Map([[name, { type: 'image/png', base64: 'BBBB' }]]) });
    expect(svg).toContain('<clipPath id="c1"><rect x="-50" y="-75" width="100" height="150" rx="25"/></clipPath>');
    expect(svg).toContain('<clipPath id="c2">');
    expect(svg).toContain('x="-150" y="-75" width="200" height="150" preserveAspectRatio="none" href="data:image/png;base64,BBBB"');
    expect(svg).not.toContain('AAAA');
    expect(renderSvg([element], options)).not.toContain('<image');
    const plainOne = shape('image', { w: 40, h: 30 }, { image: cat, style: plain });
    expect(renderSvg([plainOne], options)).toContain('data:image/jpeg;base64,AAAA');
    expect(filteredName(plainOne)).toBeNull();
  });
});
