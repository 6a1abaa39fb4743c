import type { Picture, TakenPicture } from '@wetink/canvas';
import { describe, expect, it } from 'vitest';
import type { OpeningPicture } from '../core/opening-picture.ts';
import { keepPicture, type PictureEnvironment, type PictureOptions } from './opening-picture.ts';

const box = { minX: 0, minY: 0, maxX: 100, maxY: 50 };
const stored: OpeningPicture = { theme: 'light', drawn: box, parts: [{ box, bytes: Uint8Array.of(7) }] };

/** A page whose quiet, idle and last moments the test triggers. */
function setup({ picture = stored as OpeningPicture | null, count = 5_000, canDecode = true, theme = 'light' as 'light' | 'dark' } = {}) {
  const [waiting, idle, hidden, changed, moved] = Array.from({ length: 5 }, () => new Set<() => void>()) as [
    Set<() => void>,
    Set<() => void>,
    Set<() => void>,
    Set<() => void>,
    Set<() => void>,
  ];
  const listen = (set: Set<() => void>) => (run: () => void) => {
    set.add(run);
    return () => set.delete(run);
  };
  const shown: (readonly Picture[])[] = [];
  const written: (OpeningPicture | null)[] = [];
  let isThere = false;
  let isLoaded = false;
  let load = (): void => undefined;
  let read = (): void => undefined;
  let taken: readonly TakenPicture[] | null = [{ image: {} as TakenPicture['image'], box }];
  let elements = count;
  let camera = { x: 0, y: 0, zoom: 1 };
  const whenLoaded = new Promise<void>((resolve) => (load = resolve));
  const environment: PictureEnvironment = {
    schedule: listen(waiting),
    whenIdle: listen(idle),
    whenHidden: listen(hidden),
    decode: (bytes) =>
      canDecode ? Promise.resolve({ bytes } as unknown as CanvasImageSource) : Promise.reject(new DOMException('no picture')),
    encode: () => Promise.resolve(Uint8Array.of(9)),
  };
  const stage: PictureOptions['stage'] = {
    showPictures: (pictures) => void shown.push(pictures),
    boardIsThere: () => void (isThere = true),
    takePictures: () => taken,
    bounds: () => box,
    onState: listen(moved),
    get state() {
      return { camera } as PictureOptions['stage']['state'];
    },
  };
  const kept = keepPicture({
    session: {
      board: {
        get count() {
          return elements;
        },
      },
      room: { whenLoaded },
      get isLoaded() {
        return isLoaded;
      },
      onChange: listen(changed),
    } as unknown as PictureOptions['session'],
    stage,
    store: {
      read: () => new Promise((resolve) => (read = () => resolve(picture))),
      write: (next) => Promise.resolve(void written.push(next)),
      erase: () => Promise.resolve(void written.push(null)),
    },
    theme: () => theme,
    environment,
  });
  const run = (set: Set<() => void>): void => {
    const due = [...set];
    set.clear();
    for (const task of due) task();
  };
  return {
    kept,
    shown,
    written,
    isThere: () => isThere,
    /** The picture comes from the device. */
    async answer() {
      read();
      await settled();
    },
    async load() {
      isLoaded = true;
      load();
      await settled();
    },
    change(next = elements) {
      elements = next;
      for (const callback of changed) callback();
    },
    move() {
      camera = { ...camera, x: camera.x + 1 };
      for (const callback of moved) callback();
    },
    canTake: (can: boolean) => void (taken = can ? [{ image: {} as TakenPicture['image'], box }] : null),
    async rest() {
      run(waiting);
      run(idle);
      await settled();
    },
    async hide() {
      for (const callback of hidden) callback();
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('while a board is read from this device', () => {
  it('P3: the page shows the last picture, knows the bounds of the drawing, and replaces the picture with the board', async () => {
    const page = setup();
    await page.answer();
    expect(page.shown).toHaveLength(1);
    expect(await page.kept.drawn).toEqual(box);
    expect(page.isThere()).toBe(false);
    await page.load();
    expect(page.isThere()).toBe(true);
  });

  it('a picture in the other theme, one that does not decode, and one that comes too late are not shown', async () => {
    const dark = setup({ theme: 'dark' });
    await dark.answer();
    const broken = setup({ canDecode: false });
    await broken.answer();
    const late = setup();
    await late.load();
    await late.answer();
    const none = setup({ picture: null });
    await none.answer();
    for (const page of [dark, broken, late, none]) {
      expect(page.shown).toEqual([]);
      expect(await page.kept.drawn).toBeNull();
    }
  });
});

describe('the picture for the next time', () => {
  it('P3: the picture is taken when the board is quiet after loading, and again after a change or a move', async () => {
    const page = setup();
    page.change();
    await page.rest();
    expect(page.written).toEqual([]);
    await page.load();
    await page.rest();
    expect(page.written).toEqual([{ theme: 'light', drawn: box, parts: [{ box, bytes: Uint8Array.of(9) }] }]);
    await page.rest();
    expect(page.written).toHaveLength(1);
    page.move();
    await page.rest();
    page.change();
    await page.rest();
    expect(page.written).toHaveLength(3);
  });

  it('the picture waits until everything in it is painted', async () => {
    const page = setup();
    await page.load();
    page.canTake(false);
    await page.rest();
    expect(page.written).toEqual([]);
    page.canTake(true);
    await page.rest();
    expect(page.written).toHaveLength(1);
  });

  it('the picture is taken at once when the page hides or closes the board, if something has changed', async () => {
    const page = setup();
    await page.load();
    await page.hide();
    expect(page.written).toHaveLength(1);
    await page.hide();
    expect(page.written).toHaveLength(1);
    page.change();
    page.kept.stop();
    await settled();
    expect(page.written).toHaveLength(2);
    await page.rest();
    expect(page.written).toHaveLength(2);
  });

  it('a small board gets no picture, since it is read as fast, and its old picture is removed', async () => {
    const page = setup({ count: 20 });
    await page.answer();
    await page.load();
    await page.rest();
    expect(page.written).toEqual([null]);
    page.change();
    await page.rest();
    expect(page.written).toEqual([null]);
  });
});
