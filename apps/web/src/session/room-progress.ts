/** How far the changes of a room are, for the state of each message. */
import type { Room } from '@wetink/sync';
import type { Progress } from '../core/delivery.ts';
import { statusNow } from '../core/status-facts.ts';

export function progressOf(room: Pick<Room, 'status' | 'changes' | 'link'>): Progress {
  const now = statusNow(room.status);
  const { made, settled } = room.changes;
  return {
    made,
    settled,
    waiting: now.kind === 'loading' ? null : now.waiting,
    isOpen: room.link === 'open',
    hasAcks: now.kind !== 'sent',
  };
}
