import type { RoomDocument } from '../document/room-document.ts';
import type { ArrayChange } from '../ports/array-watch.ts';
import type { RoomSurroundings } from './room-parts.ts';

/** Lets the embedder's watch, if any, hear of a document that was loaded or built again, and of its changes from then on. */
export function watchDocument(room: string, document: RoomDocument, { watch, logger }: Pick<RoomSurroundings, 'watch' | 'logger'>): void {
  const root = watch?.rootOf(room) ?? null;
  if (watch === null || watch === undefined || root === null) return;
  const tell = (name: string, cause: ArrayChange['cause']): void => {
    try {
      watch.onChange({ room, root: name, cause, read });
    } catch (error) {
      // Thrown on, it would count as a document that cannot take the change.
      logger.error({ room, err: error }, 'bug in the watch of an array');
    }
  };
  const { read } = document.watchRoots(root, watch.mapsOf?.(room) ?? [], tell);
  tell(root, 'loaded');
}
