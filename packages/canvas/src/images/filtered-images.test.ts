/** Filtered copies of images: which one is painted now, what is computed, and what stays in memory. */
import { describe, expect, it } from 'vitest';
import { plainLook, wholeCrop, type Look } from '@wetink/board';
import { filterOf, type PixelFilter } from './pixel-filter.ts';
import { FilteredImages, ROUGH_PX, type FilterOptions } from './filtered-images.ts';

const filter = (look: Partial<Look>): PixelFilter => filterOf({ ...plainLook, ...look }, wholeCrop) as PixelFilter;
const bitmapOf = (name: string, width: number, height: number) =>
  ({ name, width, height, close: () => undefined }) as unknown as ImageBitmap;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Jobs that a test ends itself. */
function bench(budgetBytes = 1e9) {
  const jobs: { options: FilterOptions; end(): Promise<void>; fail(): Promise<void> }[] = [];
  const changed: string[] = [];
  const closed: string[] = [];
  const timers: (() => void)[] = [];
  const clock = { now: 0 };
  const images = new FilteredImages({
    filter: (bitmap, options) =>
      new Promise((resolve, reject) => {
        const scale = Math.min(1, Math.sqrt(options.maxPixels / (bitmap.width * bitmap.height)));
        const name = `${options.look.hue}/${options.look.blur}${scale < 1 ? ' rough' : ''}`;
        const made = {
          name,
          width: bitmap.width * scale,
          height: bitmap.height * scale,
          close: () => closed.push(name),
        } as unknown as ImageBitmap;
        const end = async (run: () => void): Promise<void> => {
          run();
          await settle();
        };
        jobs.push({ options, end: () => end(() => resolve(made)), fail: () => end(() => reject(new Error('no memory'))) });
      }),
    schedule: (task) => (timers.push(task), () => void timers.splice(timers.indexOf(task), 1)),
    now: () => clock.now,
    budgetBytes,
    onChange: (hash) => changed.push(hash),
  });
  const rest = (): void => timers.splice(0).forEach((task) => task());
  return { images, jobs, changed, closed, rest, clock };
}

describe('filtered copies', () => {
  const large = bitmapOf('photo', 2_000, 1_000);
  const nameOf = (bitmap: ImageBitmap | null): string | null => (bitmap as unknown as { name: string } | null)?.name ?? null;

  it('[IM10] while a slider moves, one job runs at a time, for the newest value, on a small copy', async () => {
    const { images, jobs } = bench();
    for (const hue of [0.1, 0.2, 0.3]) images.find('a', large, filter({ hue }));
    expect(jobs.map(({ options }) => options.look.hue)).toEqual([0.1]);
    expect(jobs[0]?.options.maxPixels).toBe(ROUGH_PX);
    await jobs[0]?.end();
    expect(jobs.map(({ options }) => options.look.hue)).toEqual([0.1, 0.3]);
  });

  it('[IM10] a slider at rest has its picture computed in full, once', async () => {
    const { images, jobs, changed, rest } = bench();
    images.find('a', large, filter({ hue: 0.5 }));
    await jobs[0]?.end();
    expect(nameOf(images.find('a', large, filter({ hue: 0.5 })))).toBe('0.5/0 rough');
    expect(jobs).toHaveLength(1);
    rest();
    expect(changed).toEqual(['a', 'a']);
    images.find('a', large, filter({ hue: 0.5 }));
    expect(jobs[1]?.options.maxPixels).toBe(Infinity);
    await jobs[1]?.end();
    expect(nameOf(images.find('a', large, filter({ hue: 0.5 })))).toBe('0.5/0');
    rest();
    images.find('a', large, filter({ hue: 0.5 }));
    expect(jobs).toHaveLength(2);
  });

  it('[IM10] a small image is computed in full at once', async () => {
    const { images, jobs, rest } = bench();
    const small = bitmapOf('sign', 100, 100);
    images.find('a', small, filter({ hue: 0.5 }));
    await jobs[0]?.end();
    rest();
    expect(nameOf(images.find('a', small, filter({ hue: 0.5 })))).toBe('0.5/0');
    expect(jobs).toHaveLength(1);
  });

  it('[IM11] until its copy is there an image shows the copy that is nearest, and one never shown before its frame', async () => {
    const { images, jobs } = bench();
    expect(images.find('a', large, filter({ blur: 1 }))).toBeNull();
    await jobs[0]?.end();
    expect(nameOf(images.find('a', large, filter({ blur: 0.9 })))).toBe('0/1 rough');
    images.notePlain('a');
    expect(nameOf(images.find('a', large, filter({ blur: 0.1 })))).toBe('photo');
    expect(nameOf(images.find('a', large, filter({ blur: 0.8 })))).toBe('0/1 rough');
  });

  it('[IM11] an image that can’t be filtered is shown as it is, and is not tried for ever', async () => {
    const { images, jobs } = bench();
    images.find('a', large, filter({ hue: 1 }));
    await jobs[0]?.fail();
    expect(images.find('a', large, filter({ hue: 1 }))).toBe(large);
    expect(jobs).toHaveLength(1);
  });

  it('[IM11] a bitmap that was replaced while it was filtered leaves no copy behind', async () => {
    const { images, jobs } = bench();
    const old = { width: 100, height: 100, close: () => undefined } as unknown as ImageBitmap;
    images.find('a', old, filter({ hue: 1 }));
    Object.assign(old, { width: 0 });
    await jobs[0]?.fail();
    expect(images.find('a', large, filter({ hue: 1 }))).toBeNull();
    expect(jobs).toHaveLength(2);
  });

  it('[IM12] copies beyond the budget are dropped, the longest unused first, but none that is on screen', async () => {
    const { images, jobs, closed, clock } = bench(2.5 * 4 * 10_000);
    const small = bitmapOf('sign', 100, 100);
    for (const [i, hue] of [0.1, 0.2, 0.3, 0.4].entries()) {
      images.find('a', small, filter({ hue }));
      await jobs[i]?.end();
      if (i < 2) clock.now += 5_000;
    }
    expect(closed).toEqual(['0.1/0', '0.2/0']);
    images.find('a', small, filter({ hue: 0.5 }));
    await jobs[4]?.end();
    // All three are on screen: over the budget, and no two push each other out in turns.
    expect(closed).toHaveLength(2);
    images.close();
    expect([closed.length, images.bytes]).toEqual([5, 0]);
  });
});
