/**
 * The bytes of pictures, which the store keeps once for all boards. They are removed when no board uses them any more:
 * the version of the bytes is read first, then the records of their uses (picture-uses.ts).
 */

import { StoreError, type BlobListing, type Records, type Store } from '@wetink/storage';
import type { PictureRecord } from './picture-records.ts';
import type { PictureUses } from './picture-uses.ts';

export interface PictureBytes {
  /** Ends this board's use of these pictures. @returns Their bytes as listed before, for `removeUnused`. */
  letGo(board: string, hashes: readonly string[]): Promise<BlobListing[]>;
  /** Removes bytes in the listed versions, except those in use. @returns What was removed. */
  removeUnused(listed: readonly BlobListing[]): Promise<BlobListing[]>;
}

export interface PictureBytesOptions {
  store: Pick<Store, 'listBlobs' | 'removeBlobs'> & { records: Records };
  uses: PictureUses;
  /** All pictures of all boards, in pages. */
  pictures(): AsyncIterable<readonly PictureRecord[]>;
}

/** Pictures handled at once: enough to hide a round trip. */
const AT_ONCE = 50;

export function createPictureBytes({ store, uses, pictures }: PictureBytesOptions): PictureBytes {
  /** Hashes with uses that cannot be read: their bytes stay. */
  const unreadable = new Set<string>();
  let indexing: Promise<void> | null = null;

  const index = async (): Promise<void> => {
    for await (const page of pictures())
      await inGroups(page, AT_ONCE, async ({ board, hash }) => {
        try {
          if (!(await uses.has(hash, board))) await uses.begin(hash, board);
        } catch (error) {
          if (!(error instanceof StoreError) || error.code !== 'CORRUPT') throw error;
          unreadable.add(hash);
        }
      });
  };
  /**
   * Gives pictures put before uses were recorded a use, once in the life of this process and before it removes
   * anything. The use says `putting`, since their board may be erased at the same time: the sweep looks at those again.
   */
  const indexed = (): Promise<void> =>
    (indexing ??= index().catch((error: unknown) => {
      indexing = null;
      throw error;
    }));

  return {
    async letGo(board, hashes) {
      await indexed();
      const listed: BlobListing[] = [];
      await inGroups(hashes, AT_ONCE, async (hash) => {
        // The version first: bytes put later have another version, and for bytes put before, the use is there already.
        listed.push(...(await store.listBlobs({ prefix: hash, limit: 1 })).filter(({ isWhole }) => isWhole));
        await uses.drop(hash, board);
      });
      return listed;
    },

    async removeUnused(listed) {
      await indexed();
      const unused: BlobListing[] = [];
      await inGroups(listed, AT_ONCE, async (blob) => {
        if (!blob.isWhole || !(unreadable.has(blob.hash) || (await uses.isUsed(blob.hash)))) unused.push(blob);
      });
      if (unused.length === 0) return [];
      const removed = new Set(await store.removeBlobs(unused));
      return unused.filter(({ hash }) => removed.has(hash));
    },
  };
}

/** Runs `run` for each item, `size` at a time. */
export async function inGroups<T>(items: readonly T[], size: number, run: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(run));
}
