/** What a room's journal does with its surroundings: where it writes, and whom it tells how that went. */

import { SyncError } from '@wetink/protocol';
import { StoreError } from '@wetink/storage';
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
      observer.journalFailed();
      logger.error({ room, err: error, failures }, 'changes could not be saved');
      if (error instanceof StoreError && error.code === 'ERASED') {
        hooks.onErased();
        return false;
      }
      if (failures === limits.refuseAfterFailures) sayStorageIsAway();
      return true;
    },
    onRecovered: () => logger.info({ room }, 'changes are saved again'),
  };
}
