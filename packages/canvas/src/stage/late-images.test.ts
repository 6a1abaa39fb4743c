import { expect, it } from 'vitest';
import { plainLook, wholeCrop, type ImageContent } from '@wetink/board';
import type { ImageView } from './images-in-view.ts';
import * as code from './images-in-view.ts';
import { LateImages } from './late-images.ts';

const image: ImageContent = { hash: 'a'.repeat(64), type: 'image/png', width: 90, height: 60, bytes: 9, name: '' };
const loading = { kind: 'loading', progress: null };

function late(fetched: () => Promise<typeof code>) {
  const asked: string[] = [];
  let fetches = 0;
  const load = (wanted: ImageContent): Promise<never> => (asked.push(wanted.hash), new Promise(() => undefined));
  const images = new LateImages(
    {
      source: { load },
      budgetBytes: 1e9,
      schedule: (task) => (task(), () => undefined),
      now: () => 0,
      onImages: () => undefined,
    },
    () => ((fetches += 1), fetched()),
  );
  return { images, asked, fetches: () => fetches };
}
/** A view of a board with this many images, all in it. */
const view = (count: number): ImageView => {
  const element = {
    kind: 'image',
    image,
    geometry: { x: 0, y: 0, w: 90, h: 60, rotation: 0 },
    style: { width: 0 },
    crop: wholeCrop,
    look: plainLook,
  };
  const found = count === 0 ? [] : [element];
  const scene = {
    images: new Map(found.map(() => [image.hash, new Set(['e'])])),
    get: () => element,
    query: () => found,
    queryUnordered: () => found,
  };
  return { camera: { x: 0, y: 0, zoom: 1 }, size: { width: 500, height: 500 }, pixelRatio: 1, scene, revision: 1 } as unknown as ImageView;
};

it('[IM5] a board without images fetches no code for them; the first image fetches it once, and is then loaded', async () => {
  const { images, asked, fetches } = late(() => Promise.resolve(code));
  images.look(view(0));
  expect([fetches(), images.bytes]).toEqual([0, 0]);
  images.look(view(1));
  images.look(view(1));
  expect([images.find(image, null), fetches()]).toEqual([loading, 1]);
  await Promise.resolve();
  await Promise.resolve();
  images.look(view(1));
  expect([asked.length > 0, fetches()]).toEqual([true, 1]);
  images.close();
});

it('[IM5] code that cannot be fetched is asked for again, and code that comes after the stage was closed is not used', async () => {
  let isAway = true;
  const { images, asked, fetches } = late(() => (isAway ? Promise.reject(new TypeError('offline')) : Promise.resolve(code)));
  images.look(view(1));
  await Promise.resolve();
  await Promise.resolve();
  isAway = false;
  images.look(view(1));
  images.close();
  await Promise.resolve();
  await Promise.resolve();
  expect([fetches(), asked, images.find(image, null)]).toEqual([2, [], loading]);
});
