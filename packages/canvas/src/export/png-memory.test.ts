/** Browsers that have less memory for a picture than the limits allow. */
import { afterEach, expect, it, vi } from 'vitest';
import { shape } from '../fixtures/elements.ts';
import { createRecording } from '../fixtures/recording-context.ts';
import { ExportError, renderPng } from './png.ts';

afterEach(() => vi.unstubAllGlobals());

/** Canvases that give no picture above an area. @returns The sizes of the pictures that were asked for. */
function stubCanvas(maxAreaPx: number): [number, number][] {
  const asked: [number, number][] = [];
  class SmallCanvas {
    readonly width: number;
    readonly height: number;
    constructor(width: number, height: number) {
      this.width = width;
      this.height = height;
    }
    getContext = () => createRecording(this.width, this.height).context;
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
