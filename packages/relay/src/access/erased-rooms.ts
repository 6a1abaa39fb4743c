import type { Store } from '@wetink/storage';
import { isErasedError } from '../ports/error-fields.ts';

/** Costs one small read; unlike loading the room, it never creates one. */
export async function isRoomErased(store: Pick<Store, 'append'>, room: string): Promise<boolean> {
  try {
    await store.append(room, []);
    return false;
  } catch (error) {
    if (isErasedError(error)) return true;
    throw error;
  }
}
