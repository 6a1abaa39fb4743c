/** Whom messages of a chat concern. Pure. */

import { createHash } from 'node:crypto';
import type { ChatNews, NewNotification, NotificationKind, RecentMessage } from '@wetink/board';

export interface TalkRoom {
  room: string;
  title: string;
  /** In a conversation the people who hear of it: every message concerns them, and nobody else. Null for a board. */
  members: readonly string[] | null;
}

export interface MessageNotice {
  userId: string;
  notification: NewNotification;
}

/** Messages that may concern someone beside their author. */
export function isOfConcern({ mentions, replyTo }: RecentMessage, { members }: Pick<TalkRoom, 'members'>): boolean {
  return members !== null || mentions.length > 0 || replyTo !== null;
}

/**
 * One for each person whom a message concerns: the first reason counts of mention, reply, and message in a conversation.
 *
 * @param answered Authors of messages that were answered.
 */
export function noticesOf(message: RecentMessage, answered: ChatNews['answered'], talk: TalkRoom): MessageNotice[] {
  const kinds = new Map<string, NotificationKind>();
  const concern = (userId: string, kind: NotificationKind): void => {
    const hearsOfIt = talk.members?.includes(userId) ?? userId !== '';
    if (hearsOfIt && userId !== message.userId && !kinds.has(userId)) kinds.set(userId, kind);
  };
  for (const userId of message.mentions) concern(userId, 'mention');
  const author = message.replyTo === null ? undefined : answered.get(message.replyTo);
  if (author !== undefined) concern(author, 'reply');
  for (const userId of talk.members ?? []) concern(userId, 'message');
  return [...kinds].map(([userId, kind]) => ({ userId, notification: notificationOf(message, kind, talk) }));
}

function notificationOf(message: RecentMessage, kind: NotificationKind, { room, title }: TalkRoom): NewNotification {
  const { id, userId, name, text, at } = message;
  return { id: noticeId(room, id), kind, from: { id: userId, name }, room, title, message: id, text, link: '', at };
}

/** The same on every relay for a message, and different for messages of two rooms that have the same id. */
export function noticeId(room: string, messageId: string): string {
  return `m.${createHash('sha256').update(`${room}/${messageId}`).digest('base64url').slice(0, 22)}`;
}
