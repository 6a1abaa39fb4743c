/** The words of a notification, and of the list of them. Pure. */
import * as m from '$words/notification-sentence';
import type { InboxEntry, Notification } from '@wetink/board';
import type { RoomStatus } from '@wetink/sync';
import { isBoardId } from './board-id.ts';
import { messageHash } from './fragment.ts';
import { plainText } from './markdown.ts';
import { boardPath } from './router.ts';
import { nameInSentence } from './sentences.ts';
import { statusNow } from './status-facts.ts';

type Words = Pick<Notification, 'kind' | 'from' | 'title' | 'text' | 'room'>;

/** `who` stands before `did`, in bold. `text` is the message, or '' when `did` says it all; `where` may be ''. */
export interface NotificationWords {
  who: string;
  did: string;
  text: string;
  where: string;
}

export function notificationWords({ kind, from, title, text, room }: Words): NotificationWords {
  const who = nameInSentence(from.name) || (from.id === '' ? '' : m.someone());
  const where = title || (room === '' ? '' : m.untitledBoard());
  switch (kind) {
    case 'mention':
      return { who, did: m.mentionedYou(), text: plainText(text), where };
    case 'reply':
      return { who, did: m.answeredYou(), text: plainText(text), where };
    case 'message':
      return { who, did: m.wroteToYou(), text: plainText(text), where: title };
    case 'invitation':
    case 'role':
      return { who, did: text, text: '', where };
    case 'custom':
      return { who: title || who, did: '', text, where: title === '' ? '' : who };
  }
}

/** In one line, for a notification of the system: `Ana mentioned you in Plans`. */
export function notificationTitle(notification: Words): string {
  const { who, did, where } = notificationWords(notification);
  const said = [who, did].filter((part) => part !== '').join(' ');
  return where === '' || notification.kind === 'custom' ? said : `${said} · ${where}`;
}

/** Where a press on it leads; null: nowhere. */
export function notificationAddress({ link, room, message }: Pick<Notification, 'link' | 'room' | 'message'>): string | null {
  if (link !== '') return link;
  if (!isBoardId(room)) return null;
  return boardPath(room) + messageHash(message);
}

/** 'Notifications', 'Notifications, 3 unread'. */
export function bellLabel(unread: number): string {
  return unread === 0 ? m.notifications() : m.unread({ count: unread });
}

/** Why the list may lack something; '' when the server sends all there is. @param status Null while no room is open. */
export function inboxSentence(status: RoomStatus | null): string {
  const now = status === null ? null : statusNow(status);
  const kept = (now?.waiting ?? 0) > 0 ? m.whatYouMarkAsRead() : '';
  switch (now?.kind) {
    case 'offline':
      return m.offlineNewerNotificationsComeWhen({ kept });
    case 'trouble':
      return m.theServerCantSendNotifications({ kept });
    case 'error':
      if (now.code === 'UNAUTHENTICATED') return m.signInToGetNewer();
      return m.theServerDoesNotLet();
    default:
      return '';
  }
}

/** For screen readers, when the count has grown. */
export function arrivalSentence(arrived: readonly InboxEntry[]): string {
  const [first] = arrived;
  if (first === undefined) return '';
  return arrived.length === 1 ? notificationTitle(first) : m.arrived({ count: arrived.length });
}
