/** Erasing the copy on this device. */
import { clearDocument } from 'y-indexeddb';

/**
 * Deletes the copy of one document from this device, kept copies and unsaved changes included. Open rooms let go of it
 * and write it again, so close them first. Resolves at once where there is no IndexedDB.
 *
 * @param name The room, or `offline.name` if one was given.
 * @throws {Error} When the browser refuses.
 */
export async function eraseOfflineCopy(name: string): Promise<void> {
  if (globalThis.indexedDB !== undefined) await clearDocument(name);
}
