/** What a room's journal does with its surroundings: where it writes, and whom it tells how that went. */

import { SyncError } from '@wetink/protocol';
import { errorFields, isErasedError } from './error-fields.ts';
import type { JournalPort } from './journal.ts';
import type { Member } from './member.ts';
import { createOutgoing } from './outgoing.ts';
import type { RoomParts, RoomSurroundings } from './room-parts.ts';

export interface JournalHooks {
  onDurable(): void;
  /** The room was removed from the store. */
  onErased(): void;
}

export function roomJournalPort(
  room: string,
  { logger, limits, observer, environment, framing }: RoomSurroundings,
  { appender, replication }: RoomParts,
  members: ReadonlySet<Member>,
  hooks: JournalHooks,
): JournalPort {
  const sayStorageIsAway = (): void => {
    const code = 'STORAGE_UNAVAILABLE';
    const text = new SyncError(code).sentence;
    const outgoing = createOutgoing([{ type: 'notice', code, retryAfterMs: limits.retryMaxMs, text }], framing);
    for (const member of members) if (member.isExtension) member.send(outgoing);
  };
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
      // The first and then every second, fourth, eighth: a store may be away for hours, and a thousand rooms try.
      if (isPowerOfTwo(failures)) logger.error({ room, ...errorFields(error), failures }, 'changes could not be saved');
      if (failures === limits.refuseAfterFailures) sayStorageIsAway();
      return true;
    },
    onRecovered: () => logger.info({ room }, 'changes are saved again'),
  };
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
