/** Notifications as the API answers them. */

import type { InboxEntry, InboxPage } from '@wetink/board';

export function pageToJson({ notifications, next, hasMore, unread }: InboxPage): object {
  return { notifications: notifications.map(notificationToJson), next, hasMore, unread };
}

export function notificationToJson({ id, kind, from, room, title, message, text, link, at, isRead }: InboxEntry): object {
  return { id, kind, from, room, title, message, text, link, at, isRead };
}
