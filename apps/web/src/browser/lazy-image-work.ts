/** The image worker of a page, made with the first image on any board: the browser allows it one address, once. */
import type { ImageWork } from './image-work.ts';

/** @returns The same worker with every call. Rejects while its code can't be fetched. */
export function lazyImageWork(): () => Promise<ImageWork> {
  let made: ImageWork | null = null;
  return async () => {
    const { createImageWork } = await import('./image-work.ts');
    return (made ??= createImageWork());
  };
}
