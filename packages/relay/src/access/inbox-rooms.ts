/**
 * The room that belongs to one user: their inbox. Its name follows from the user id, so a client knows it without a network;
 * only the user's own connections may open it. No board has such a name: board ids are shorter.
 */

import { createHash } from 'node:crypto';

const INBOX_ROOM = /^inbox-[A-Za-z0-9_-]{43}$/;

/** @param userId Not ''. */
export function inboxRoomOf(userId: string): string {
  return `inbox-${createHash('sha256').update(`wetink inbox v1:${userId}`).digest('base64url')}`;
}

/** True for every name that an inbox can have, of any user or none. */
export function isInboxRoom(room: string): boolean {
  return INBOX_ROOM.test(room);
}
