/** The filters of images: what each does to pixels, and that a picture looks the same at every size. */
import { describe, expect, it } from 'vitest';
import { plainLook, wholeCrop, type Crop, type Look } from '@wetink/board';
import { filterPixels, filterSteps, type Pixels } from './filter-pixels.ts';
import { filterOf, filterProps } from './pixel-filter.ts';

/** A picture given as a function of the place, 0..1 on each side. */
function picture(width: number, height: number, at: (x: number, y: number) => readonly number[]): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([...at((x + 0.5) / width, (y + 0.5) / height), 255].slice(0, 4), 4 * (y * width + x));
  return { data, width, height };
}
const pixel = ({ data, width }: Pixels, x: number, y: number): number[] => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)];
/** One pixel of a colour, filtered. */
function one(rgb: readonly number[], look: Partial<Look>, crop: Crop = wholeCrop): number[] {
  const pixels = picture(1, 1, () => rgb);
  filterPixels(pixels, { look: { ...plainLook, ...look }, crop });
  return pixel(pixels, 0, 0).slice(0, rgb.length);
}
const gradient = (x: number, y: number): number[] => [255 * x, 255 * y, 128 + 100 * Math.sin(9 * x) * Math.cos(7 * y)];

describe('filters of images', () => {
  it('[IM7] without a filter there is none, and one with every value at 0 changes no pixel', () => {
    expect(filterOf({ ...plainLook, radius: 1 }, { ...wholeCrop, left: 0.2 })).toBeNull();
    const pixels = picture(16, 9, gradient);
    const before = pixels.data.slice();
    filterPixels(pixels, { look: plainLook, crop: wholeCrop });
    expect(pixels.data).toEqual(before);
  });

  it('[IM7] each filter does what its name says', () => {
    expect(one([100, 50, 200], { invert: 1 })).toEqual([155, 205, 55]);
    expect(one([100, 50, 200], { invert: 0.5 })).toEqual([128, 128, 128]);
    const [grey, ...same] = one([100, 50, 200], { greyscale: 1 });
    expect(same).toEqual([grey, grey]);
    expect(one([100, 50, 200], { saturation: -1 })).toEqual([grey, grey, grey]);
    expect(one([100, 100, 100], { sepia: 1 })).toEqual([135, 120, 94]);
    expect(one([60, 60, 60], { exposure: 0.5 })).toEqual([82, 82, 82]);
    expect(one([0, 128, 255], { brightness: 1 })).toEqual([0, 181, 255]);
    expect(one([0, 128, 255], { brightness: -1 })).toEqual([0, 64, 255]);
    expect(one([64, 128, 192], { contrast: 1 })).toEqual([0, 129, 255]);
    expect(one([0, 128, 255], { contrast: -1 })).toEqual([128, 128, 128]);
    expect(one([100, 100, 100], { warmth: 1 })).toEqual([120, 100, 80]);
    // Half a turn of the colour wheel keeps the light: red becomes a cyan.
    const [r = 0, g = 0, b = 0] = one([200, 40, 40], { hue: 1 });
    expect(r < g && r < b).toBe(true);
    expect(one([10, 200, 90], { hue: 1 })).toEqual(one([10, 200, 90], { hue: -1 }));
  });

  it('[IM7] a vignette darkens the corners of the part that is shown, and leaves its middle', () => {
    const shade = (crop: Crop): Pixels => {
      const pixels = picture(41, 41, () => [200, 200, 200]);
      filterPixels(pixels, { look: { ...plainLook, vignette: 1 }, crop });
      return pixels;
    };
    const whole = shade(wholeCrop);
    expect(pixel(whole, 20, 20)).toEqual([200, 200, 200, 255]);
    expect(pixel(whole, 0, 0)[0]).toBeLessThan(45);
    const half = shade({ left: 0, top: 0, right: 0.5, bottom: 1 });
    expect(pixel(half, 10, 20)).toEqual([200, 200, 200, 255]);
    expect(filterOf({ ...plainLook, vignette: 1 }, wholeCrop)?.key).not.toBe(
      filterOf({ ...plainLook, vignette: 1 }, { ...wholeCrop, right: 0.5 })?.key,
    );
    expect(filterOf({ ...plainLook, hue: 1 }, wholeCrop)?.key).toBe(filterOf({ ...plainLook, hue: 1 }, { ...wholeCrop, right: 0.5 })?.key);
  });

  it('[IM7] a blur spreads an edge, keeps the light of the picture, and mixes no colour of transparent pixels in', () => {
    for (const blur of [0.05, 0.3, 1]) {
      const pixels = picture(200, 120, (x) => (x < 0.5 ? [0, 0, 0] : [255, 255, 255]));
      filterPixels(pixels, { look: { ...plainLook, blur }, crop: wholeCrop });
      const row = Array.from({ length: 200 }, (_, x) => pixel(pixels, x, 60)[0] ?? 0);
      expect([row[0], row[199]]).toEqual([0, 255]);
      expect(row.every((value, x) => x === 0 || value >= (row[x - 1] ?? 0) - 1)).toBe(true);
      expect(row.reduce((sum, value) => sum + value, 0) / 200).toBeCloseTo(127.5, 0);
      // 120 * 0.05 * blur is the deviation: one deviation from the edge a Gaussian has 84 % of the light.
      const deviation = 6 * blur;
      expect(row[Math.round(99.5 + deviation)]).toBeGreaterThan(255 * 0.76);
      expect(row[Math.round(99.5 + deviation)]).toBeLessThan(255 * 0.97);
    }
    const ghost = picture(20, 20, (x) => (x < 0.5 ? [255, 0, 0, 255] : [0, 255, 0, 0]));
    filterPixels(ghost, { look: { ...plainLook, blur: 1 }, crop: wholeCrop });
    for (let x = 0; x < 20; x++) expect(pixel(ghost, x, 10)[1]).toBe(0);
  });

  it('[IM8] a picture of half or a quarter of the size looks the same with every filter, within 6 of 255 on average', () => {
    for (const prop of filterProps) {
      const look = { ...plainLook, [prop]: 0.6 };
      const at = (size: number): Pixels => {
        const pixels = picture(size, size, gradient);
        filterPixels(pixels, { look, crop: wholeCrop });
        return pixels;
      };
      const large = at(320);
      for (const factor of [2, 4]) {
        const small = at(320 / factor);
        let off = 0;
        for (let y = 0; y < small.height; y++)
          for (let x = 0; x < small.width; x++)
            for (let channel = 0; channel < 3; channel++)
              off += Math.abs(
                (pixel(small, x, y)[channel] ?? 0) - (pixel(large, x * factor + factor / 2, y * factor + factor / 2)[channel] ?? 0),
              );
        expect([prop, off / (3 * small.width * small.height) < 6]).toEqual([prop, true]);
      }
    }
  });

  it('[IM9] the work is cut into slices, which give the same pixels as all at once', () => {
    const look = { ...plainLook, hue: 0.3, blur: 0.2, vignette: 0.5 };
    const [whole, sliced] = [picture(300, 300, gradient), picture(300, 300, gradient)];
    filterPixels(whole, { look, crop: wholeCrop });
    let slices = 0;
    for (const steps = filterSteps(sliced, { look, crop: wholeCrop }); steps.next().done !== true;) slices += 1;
    expect(slices).toBeGreaterThan(20);
    expect(sliced.data).toEqual(whole.data);
  });
});
