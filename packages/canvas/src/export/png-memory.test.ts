/** Browsers that have less memory for a picture than the limits allow. */
import { afterEach, expect, it, vi } from 'vitest';
import { plainLook } from '@wetink/board';
import { shape } from '../fixtures/elements.ts';
import { createRecording, type Recording } from '../fixtures/recording-context.ts';
import { ExportError, renderPng } from './png.ts';

afterEach(() => vi.unstubAllGlobals());

/** Canvases that give no picture above an area. @returns The sizes of the pictures that were asked for. */
function stubCanvas(maxAreaPx: number, made: Recording[] = []): [number, number][] {
  const asked: [number, number][] = [];
  class SmallCanvas {
    readonly width: number;
    readonly height: number;
    constructor(width: number, height: number) {
      this.width = width;
      this.height = height;
    }
    getContext = () => {
      const recording = createRecording(this.width, this.height);
      made.push(recording);
      return recording.context;
    };
    convertToBlob = () => {
      asked.push([this.width, this.height]);
      if (this.width * this.height > maxAreaPx) return Promise.reject(new DOMException('out of memory', 'EncodingError'));
      return Promise.resolve(new Blob(['picture']));
    };
  }
  vi.stubGlobal('OffscreenCanvas', SmallCanvas);
  return asked;
}

const drawing = [shape('rectangle', { x: 0, y: 0, w: 1000, h: 500 })];

it('E3: where a browser runs out of memory, the picture is made at half the scale, and says so', async () => {
  const asked = stubCanvas(600_000);
  const png = await renderPng(drawing, { theme: 'light', scale: 2, padding: 0 });
  expect(asked).toHaveLength(2);
  expect(png.share).toBe(0.5);
  expect([png.widthPx, png.heightPx]).toEqual(asked[1]);
});

it('E3: where not even a smaller one can be made, the error tells a person why', async () => {
  const asked = stubCanvas(1);
  await expect(renderPng(drawing, { theme: 'light', scale: 2, padding: 0 })).rejects.toThrow(ExportError);
  expect(asked).toHaveLength(3);
});

it('[IM11] where a browser has no memory for a filter, the image is in the picture as it is', async () => {
  const made: Recording[] = [];
  stubCanvas(600_000, made);
  let closed = 0;
  const bitmap = { width: 40, height: 30, close: () => void closed++ } as unknown as ImageBitmap;
  const content = { hash: 'a'.repeat(64), type: 'image/png', width: 40, height: 30, bytes: 9, name: 'cat.png' } as const;
  const picture = shape('image', { x: 0, y: 0, w: 40, h: 30 }, { image: content, look: { ...plainLook, sepia: 1 } });
  await renderPng([picture], {
    theme: 'light',
    scale: 1,
    decode: () => Promise.resolve(bitmap),
    filter: () => Promise.reject(new Error('no memory for a canvas')),
  });
  const painted = made.flatMap(({ calls }) => calls.filter(({ name }) => name === 'drawImage'));
  expect(painted.map(({ args }) => args[0])).toEqual([bitmap]);
  expect(closed).toBe(1);
});
