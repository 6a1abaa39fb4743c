/** Connects a room's journal with its surroundings: where it writes, and which parts hear how that went. */

import { errorFields, isErasedError } from '../ports/error-fields.ts';
import type { JournalPort } from '../journal/journal.ts';
import type { RoomParts, RoomSurroundings } from './room-parts.ts';

export interface JournalHooks {
  onDurable(): void;
  /** A write failed, and is tried again. */
  onFailed(): void;
  /** The room was removed from the store. */
  onErased(): void;
}

export function roomJournalPort(
  room: string,
  { logger, observer, environment }: RoomSurroundings,
  { appender, replication }: RoomParts,
  hooks: JournalHooks,
): JournalPort {
  return {
    async append(updates) {
      const startedAtMs = environment.now();
      const appended = await appender.append(updates);
      const bytes = updates.reduce((sum, update) => sum + update.length, 0);
      observer.journalWritten(appended.rows, bytes, environment.now() - startedAtMs);
      replication?.appended(appended, updates);
      return appended.position;
    },
    onDurable: () => hooks.onDurable(),
    onFailure(error, failures) {
      if (isErasedError(error)) {
        logger.info({ room }, 'room was erased by another relay');
        hooks.onErased();
        return false;
      }
      observer.journalFailed();
      // The first, second, fourth, eighth and so on: a store may be away for hours, and a thousand rooms try.
      if (isPowerOfTwo(failures)) logger.error({ room, ...errorFields(error), failures }, 'changes could not be saved');
      hooks.onFailed();
      return true;
    },
    onRecovered: () => logger.info({ room }, 'changes are saved again'),
  };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
