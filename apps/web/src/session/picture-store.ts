/**
 * Pictures of boards on this device, in a database of their own, so that reading one does not wait for the copy of the
 * board. A device that refuses to store them has none and only waits longer.
 */
import { createStore, del, get, set } from 'idb-keyval';
import type { BoardId } from '../core/board-id.ts';
import { parsePicture, PICTURES_KEY, withoutPicture, withPicture, type OpeningPicture } from '../core/opening-picture.ts';
import type { KeyValue } from '../core/key-value.ts';

const DATABASE = 'wetink.pictures';

export interface PictureStore {
  read(): Promise<OpeningPicture | null>;
  write(picture: OpeningPicture): Promise<void>;
  erase(): Promise<void>;
}

/** @param facts Remembers which boards have one, so that the oldest can go. */
export function pictureStore(boardId: BoardId, facts: KeyValue): PictureStore {
  const inStore = async <Result>(action: (store: ReturnType<typeof createStore>) => Promise<Result>): Promise<Result | null> => {
    try {
      return await action(createStore(DATABASE, 'pictures'));
    } catch {
      return null; // Blocked, full or failing: the status of the board's copy reports that.
    }
  };
  return {
    read: async () => parsePicture(await inStore((store) => get<unknown>(boardId, store))),
    async write(picture) {
      await inStore(async (store) => {
        await set(boardId, picture, store);
        const { kept, gone } = withPicture(facts.read(PICTURES_KEY), boardId);
        facts.write(PICTURES_KEY, kept);
        await Promise.all(gone.map((id) => del(id, store)));
      });
    },
    async erase() {
      facts.write(PICTURES_KEY, withoutPicture(facts.read(PICTURES_KEY), boardId));
      await inStore((store) => del(boardId, store));
    },
  };
}

/** Reads at once. The first `read` gives what was read then. */
export function readAhead(store: PictureStore): PictureStore {
  let early: Promise<OpeningPicture | null> | null = store.read();
  return {
    ...store,
    read() {
      const first = early ?? store.read();
      early = null;
      return first;
    },
  };
}
