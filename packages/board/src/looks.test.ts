/** Looks, crops and replaced images: what merges, what the last one wins, undo, and whatever a peer may write. */
import { describe, expect, it } from 'vitest';
import { lookProps, plainLook, wholeCrop } from './document/look.ts';
import { BoardError } from './errors.ts';
import { decodeFile } from './file/file-codec.ts';
import { exportBoard } from './file/file-export.ts';
import { importBoard } from './file/file-import.ts';
import { box, type Device, device, draw, erase, move, rectangle, syncAll, syncPair, Wall } from './testing/people.ts';
import type { BoardElement, Crop, ElementId, ImageContent, Look, NewElement } from './types.ts';

const cat: ImageContent = {
  hash: '0123456789abcdef'.repeat(4),
  type: 'image/jpeg',
  width: 400,
  height: 300,
  bytes: 2_345,
  name: 'cat.jpg',
};
const dog: ImageContent = { ...cat, hash: 'f'.repeat(64), name: 'dog.jpg' };
const half: Crop = { left: 0.5, top: 0, right: 1, bottom: 1 };
const image = (patch: Partial<NewElement> = {}): NewElement => rectangle(0, { kind: 'image', image: cat, ...patch });
const shown = (at: Device, id: ElementId): BoardElement => at.board.get(id) as BoardElement;
const slide = (at: Device, id: ElementId, prop: keyof Look, value: number): void => at.board.run((edit) => edit.setLook(id, prop, value));
const crop = (at: Device, id: ElementId, to: Crop): void => at.board.run((edit) => edit.setCrop(id, to));
const codeOf = (action: () => unknown): string | null => {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
};

function two(): { wall: Wall; ana: Device; ben: Device; id: ElementId } {
  const wall = new Wall();
  const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
  const id = draw(ana, image());
  syncPair(ana, ben);
  return { wall, ana, ben, id };
}

describe('the look of an image', () => {
  it('[M5] different sliders moved at once merge, and undo takes back one’s own', () => {
    const { ana, ben, id } = two();
    slide(ana, id, 'brightness', 0.25);
    slide(ben, id, 'hue', -0.5);
    syncAll(ana, ben);
    for (const at of [ana, ben]) expect(shown(at, id).look).toEqual({ ...plainLook, brightness: 0.25, hue: -0.5 });
    expect([ana.board.changedBy(id, 'brightness'), ana.board.changedBy(id, 'hue'), ana.board.changedBy(id, 'blur')]).toEqual([
      'ana',
      'ben',
      null,
    ]);
    ana.board.undo();
    syncAll(ana, ben);
    for (const at of [ana, ben]) expect(shown(at, id).look).toEqual({ ...plainLook, hue: -0.5 });
    expect(ben.board.changedBy(id, 'brightness')).toBeNull();
  });

  it('[M5] of one slider moved by two at once, one value wins everywhere, and its author is named', () => {
    const { ana, ben, id } = two();
    slide(ana, id, 'contrast', 0.1);
    slide(ben, id, 'contrast', 0.9);
    syncAll(ana, ben);
    expect(shown(ana, id).look).toEqual(shown(ben, id).look);
    const winner = shown(ana, id).look.contrast === 0.1 ? 'ana' : 'ben';
    expect([ana.board.changedBy(id, 'contrast'), ben.board.changedBy(id, 'contrast')]).toEqual([winner, winner]);
  });

  it('[M5] several sliders and a crop in one gesture are one step, and values that are there already write nothing', () => {
    const { ana, id } = two();
    ana.board.run((edit) => {
      for (const prop of lookProps) edit.setLook(id, prop, 0.5);
      edit.setCrop(id, half);
    });
    const before = ana.state();
    slide(ana, id, 'blur', 0.5);
    crop(ana, id, half);
    expect(ana.state()).toEqual(before);
    ana.board.undo();
    expect(shown(ana, id)).toMatchObject({ look: plainLook, crop: wholeCrop, geometry: box(0) });
    ana.board.redo();
    expect(shown(ana, id).look).toEqual(Object.fromEntries(lookProps.map((prop) => [prop, 0.5])));
  });

  it('[M5] a slider moved on an image that another person deletes stays deleted, and is there again with an undo', () => {
    const { ana, ben, id } = two();
    slide(ana, id, 'sepia', 1);
    erase(ben, id);
    syncAll(ana, ben);
    expect([ana.board.get(id), ben.board.get(id)]).toEqual([undefined, undefined]);
    ben.board.undo();
    syncAll(ana, ben);
    for (const at of [ana, ben]) expect(shown(at, id).look.sepia).toBe(1);
    erase(ana, id);
    ana.board.emptyTrash();
    expect(ana.doc.getMap('style').size).toBe(0);
  });

  it('[M5] only images have a look', () => {
    const { ana } = two();
    const id = draw(ana);
    const before = ana.state();
    ana.board.run((edit) => {
      edit.setLook(id, 'blur', 1);
      edit.setCrop(id, half);
      edit.setImage(id, dog);
    });
    expect(ana.state()).toEqual(before);
    expect(codeOf(() => draw(ana, rectangle(0, { look: { blur: 1 } })))).toBe('BAD_ELEMENT');
  });

  it('[M6] a crop keeps what it leaves in place, also turned and mirrored, and comes off again', () => {
    const { ana, id } = two();
    const put = (geometry: NewElement['geometry']): void => ana.board.run((edit) => edit.setGeometry(id, geometry));
    put({ x: 0, y: 0, w: 100, h: 80, rotation: 0 });
    crop(ana, id, half);
    expect(shown(ana, id).geometry).toEqual({ x: 50, y: 0, w: 50, h: 80, rotation: 0 });
    crop(ana, id, wholeCrop);
    put({ x: 100, y: 0, w: -100, h: 80, rotation: 0 });
    crop(ana, id, half);
    expect(shown(ana, id).geometry).toEqual({ x: 50, y: 0, w: -50, h: 80, rotation: 0 });
    crop(ana, id, wholeCrop);
    put({ x: 0, y: 0, w: 100, h: 80, rotation: Math.PI / 2 });
    crop(ana, id, half);
    const { x, y, w, h } = shown(ana, id).geometry;
    // The right half of a picture turned clockwise is its lower half: its centre is beneath the middle.
    expect([x + w / 2, y + h / 2]).toEqual([expect.closeTo(50, 9), expect.closeTo(65, 9)]);
    expect([w, h]).toEqual([50, 80]);
  });

  it('[M6] cropping merges with moving and resizing, whichever arrives first', () => {
    for (const order of [0, 1]) {
      const { ana, ben, id } = two();
      ana.board.run((edit) => edit.setGeometry(id, { x: 0, y: 0, w: 100, h: 80, rotation: 0 }));
      syncAll(ana, ben);
      crop(ana, id, half);
      ben.board.run((edit) => edit.setGeometry(id, { x: 200, y: 10, w: 200, h: 160, rotation: 0 }));
      if (order === 0) syncPair(ana, ben);
      else syncPair(ben, ana);
      for (const at of [ana, ben]) expect(shown(at, id)).toMatchObject({ crop: half, geometry: { x: 300, y: 10, w: 100, h: 160 } });
      ana.board.undo();
      expect(shown(ana, id).geometry).toMatchObject({ x: 200, y: 10, w: 200, h: 160 });
    }
  });

  it('[M6] moving a cropped image moves what is shown, and putting it where it is writes nothing', () => {
    const { ana, id } = two();
    crop(ana, id, { left: 0.1, top: 0.2, right: 0.7, bottom: 0.9 });
    ana.board.run((edit) => edit.setGeometry(id, { x: 33, y: 44, w: 60, h: 70, rotation: 0.3 }));
    const { geometry } = shown(ana, id);
    for (const [key, value] of Object.entries({ x: 33, y: 44, w: 60, h: 70, rotation: 0.3 }))
      expect(geometry[key as 'x']).toBeCloseTo(value, 9);
    const before = ana.state();
    ana.board.run((edit) => edit.setGeometry(id, { ...geometry }));
    expect(ana.state()).toEqual(before);
  });

  it('[M7] a replaced image keeps place and look, is one step, and merges with a slider', () => {
    const { ana, ben, id } = two();
    slide(ana, id, 'vignette', 0.5);
    syncAll(ana, ben);
    ana.board.run((edit) => edit.setImage(id, dog));
    slide(ben, id, 'blur', 0.25);
    syncAll(ana, ben);
    for (const at of [ana, ben]) expect(shown(at, id)).toMatchObject({ image: dog, geometry: box(0), look: { vignette: 0.5, blur: 0.25 } });
    ana.board.undo();
    expect(shown(ana, id)).toMatchObject({ image: cat, look: { blur: 0.25 } });
    expect(codeOf(() => ana.board.run((edit) => edit.setImage(id, { ...dog, width: 0 })))).toBe('BAD_ELEMENT');
  });
});

describe('an image of other proportions in place of the first', () => {
  const tall: ImageContent = { ...dog, hash: 'e'.repeat(64), width: 100, height: 300 };
  const put = (at: Device, id: ElementId, geometry: NewElement['geometry']): void => at.board.run((edit) => edit.setGeometry(id, geometry));
  const replace = (at: Device, id: ElementId, by: ImageContent): void => at.board.run((edit) => edit.setImage(id, by));

  it('[M7] lies within the box, in its middle, and an undo shows the first in its own', () => {
    const { ana, ben, id } = two();
    put(ana, id, { x: 0, y: 0, w: -400, h: 300, rotation: 1 });
    replace(ana, id, tall);
    syncAll(ana, ben);
    for (const at of [ana, ben])
      expect(shown(at, id)).toMatchObject({ image: tall, geometry: { x: -150, y: 0, w: -100, h: 300, rotation: 1 } });
    ana.board.undo();
    expect(shown(ana, id)).toMatchObject({ image: cat, geometry: { x: 0, y: 0, w: -400, h: 300, rotation: 1 } });
  });

  it('[M7] of two replacements at once, with a place or without, the one that wins is not stretched', () => {
    for (const [first, second] of [
      [dog, tall],
      [tall, dog],
    ] as const) {
      const { ana, ben, wall, id } = two();
      put(ana, id, { x: 0, y: 0, w: 400, h: 300, rotation: 0 });
      syncAll(ana, ben);
      replace(ben, id, first);
      wall.pass(10);
      ana.board.run((edit) => {
        edit.setImage(id, second);
        edit.setGeometry(id, { x: 50, y: 0, w: second.width / 2, h: second.height / 2, rotation: 0 });
      });
      syncAll(ana, ben);
      for (const at of [ana, ben]) {
        const { image: content, geometry } = shown(at, id);
        expect(geometry.w / geometry.h).toBeCloseTo((content?.width ?? 0) / (content?.height ?? 1), 9);
      }
      expect(shown(ana, id)).toEqual(shown(ben, id));
      const winner = shown(ana, id).image?.hash === first.hash ? ben : ana;
      winner.board.undo();
      const { image: content, geometry } = shown(winner, id);
      expect(geometry.w / geometry.h).toBeCloseTo((content?.width ?? 0) / (content?.height ?? 1), 9);
    }
  });

  it('[M7] is put, cropped and saved where it is shown, and a place that it has already writes nothing', () => {
    const { ana, wall, id } = two();
    replace(ana, id, tall);
    crop(ana, id, half);
    put(ana, id, { x: 10, y: 20, w: 70, h: 90, rotation: 0.5 });
    const { geometry } = shown(ana, id);
    for (const [key, value] of Object.entries({ x: 10, y: 20, w: 70, h: 90, rotation: 0.5 }))
      expect(geometry[key as 'x']).toBeCloseTo(value, 9);
    const before = ana.state();
    put(ana, id, { ...geometry });
    expect(ana.state()).toEqual(before);
    const ben = device('ben', wall);
    importBoard(ben.board, decodeFile(exportBoard(ana.board)));
    const copy = ben.board.elements()[0] as BoardElement;
    expect(copy).toMatchObject({ image: tall, crop: half });
    for (const key of ['x', 'y', 'w', 'h', 'rotation'] as const) expect(copy.geometry[key]).toBeCloseTo(geometry[key], 9);
  });
});

describe('looks that no one of us wrote', () => {
  it('[M8] a value out of bounds or malformed counts as absent, in an override as in a record', () => {
    const { ana, id } = two();
    const { s } = ana.doc.getMap('base').get(id) as { s: string };
    for (const bad of [2, -1.01, Number.NaN, Infinity, '0.5', null, true, [0.5], {}]) {
      ana.doc.getMap('style').set(`${id}/brightness`, [bad, s]);
      expect(shown(ana, id).look).toBe(plainLook);
    }
    for (const bad of [
      [0, 0, 1],
      [0, 0, 1, 1.1],
      [0.5, 0, 0.5, 1],
      [0.6, 0, 0.4, 1],
      [0, 0, 0.005, 1],
      [Number.NaN, 0, 1, 1],
      'all',
      null,
    ]) {
      ana.doc.getMap('style').set(`${id}/crop`, [bad, s]);
      expect(shown(ana, id)).toMatchObject({ crop: wholeCrop, geometry: box(0) });
    }
    for (const bad of [null, {}, { sha: new Uint8Array(3) }, 'dog']) {
      ana.doc.getMap('style').set(`${id}/picture`, [bad, s]);
      expect(shown(ana, id).image).toEqual(cat);
    }
    const record = ana.doc.getMap('base').get(id) as object;
    ana.doc.getMap('base').set(id, { ...record, y: { blur: 3, hue: -1, crop: [0, 0, 2, 2], sepia: 'much' } });
    expect(shown(ana, id)).toMatchObject({ look: { ...plainLook, hue: -1 }, crop: wholeCrop });
  });

  it('[M8] what is out of bounds is refused when it is written', () => {
    const { ana, id } = two();
    const before = ana.state();
    for (const value of [1.5, Number.NaN]) expect(codeOf(() => slide(ana, id, 'blur', value))).toBe('BAD_ELEMENT');
    expect(codeOf(() => slide(ana, id, 'blur', -0.1))).toBe('BAD_ELEMENT');
    expect(codeOf(() => slide(ana, id, '__proto__' as 'blur', 0))).toBe('BAD_ELEMENT');
    expect(codeOf(() => crop(ana, id, { ...half, left: 1 }))).toBe('BAD_ELEMENT');
    expect(codeOf(() => draw(ana, image({ crop: { ...half, right: 2 } })))).toBe('BAD_ELEMENT');
    expect(codeOf(() => draw(ana, image({ look: { blur: 7 } })))).toBe('BAD_ELEMENT');
    expect(ana.state()).toEqual(before);
  });

  it('[M9] a file and a copy have the look, the crop and the image that were shown', () => {
    const { ana, wall, id } = two();
    ana.board.run((edit) => {
      edit.setGeometry(id, { x: 0, y: 0, w: 100, h: 80, rotation: 0 });
      edit.setImage(id, dog);
      edit.setLook(id, 'hue', 0.5);
      edit.setCrop(id, half);
    });
    const file = decodeFile(exportBoard(ana.board));
    // To a reader of before looks the box is that of all the picture.
    expect(file.elements[0]).toMatchObject({ geometry: { x: 0, y: 0, w: 100, h: 80 }, raw: { y: { hue: 0.5, crop: [0.5, 0, 1, 1] } } });
    const ben = device('ben', wall);
    importBoard(ben.board, file);
    const { image: content, look, crop: cut, geometry } = ben.board.elements()[0] as BoardElement;
    expect([content, look, cut, geometry]).toEqual([dog, { ...plainLook, hue: 0.5 }, half, { x: 50, y: 0, w: 50, h: 80, rotation: 0 }]);
    const copy = draw(ben, image({ look, crop: cut, geometry }));
    expect(shown(ben, copy)).toMatchObject({ look, crop: cut, geometry });
    move(ben, copy, 7);
    expect(shown(ben, copy).geometry.x).toBeCloseTo(7, 9);
  });
});
