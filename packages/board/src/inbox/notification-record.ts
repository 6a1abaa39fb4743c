/**
 * Notifications as an inbox holds them.
 *
 *     { i: id, w: place, k: kind, u: user id, n: name, b: room, c: title, s: message id, t: text, l: link, d: ms }
 *
 * A place is `WRITER.NUMBER`: a relay process and how many notifications it had written before. So a reader that remembers one
 * number for each writer knows what it has seen, although several relays write at the same time.
 */
import { isPlainObject } from '../document/records.ts';
import { MAX_MESSAGE_ID_LENGTH, MAX_NAME_LENGTH, MAX_TITLE_LENGTH, MAX_USER_ID_LENGTH } from '../limits.ts';
import { shownLine } from '../text/shown-line.ts';
import { clipText, wellFormed } from '../text/surrogates.ts';

export const notificationKinds = ['mention', 'reply', 'message', 'invitation', 'role', 'custom'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export interface NewNotification {
  /** The same for the same occasion, whichever relay writes it: a person gets one notification of an id. At most 64 characters. */
  readonly id: string;
  readonly kind: NotificationKind;
  /** The person who caused it; id '' for a program. */
  readonly from: { readonly id: string; readonly name: string };
  /** The board or conversation that it is about, or ''. */
  readonly room: string;
  /** The board's title when it was written, or ''. */
  readonly title: string;
  /** The message that it is about, or ''. */
  readonly message: string;
  readonly text: string;
  /** An https, http or mailto address, or a path of the app such as `/b/ID`; ''. */
  readonly link: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Notification extends NewNotification {
  /** The relay process that wrote it, and its number there, from 1. */
  readonly place: NotificationPlace;
}

export interface NotificationPlace {
  readonly writer: string;
  readonly number: number;
}

export const MAX_NOTIFICATION_TEXT = 280;
export const MAX_LINK_LENGTH = 2_000;
/** The latest time a JavaScript date can show. */
const MAX_DATE_MS = 8.64e15;
const PLACE = /^([A-Za-z0-9_-]{1,16})\.([1-9][0-9]{0,14})$/;
/** No controls, spaces or quotes; a path begins with one slash, because two begin the name of another server. */
const LINK = /^(?:https?:\/\/|mailto:|\/(?!\/))[^\s"'<>\\]*$/i;

export function isNotificationLink(text: string): boolean {
  return text.length <= MAX_LINK_LENGTH && LINK.test(text);
}

/** The record, with texts cut to their limits. */
export function writeNotification({ id, kind, from, room, title, message, text, link, at, place }: Notification): object {
  return {
    i: id,
    w: `${place.writer}.${place.number}`,
    k: kind,
    u: from.id,
    n: wellFormed(clipText(from.name, MAX_NAME_LENGTH)),
    t: wellFormed(clipText(text, MAX_NOTIFICATION_TEXT)),
    d: at,
    ...(room !== '' && { b: room }),
    ...(title !== '' && { c: wellFormed(clipText(title, MAX_TITLE_LENGTH)) }),
    ...(message !== '' && { s: message }),
    ...(link !== '' && { l: link }),
  };
}

/** Null for a record that is none. A link that is not allowed is left out. */
export function readNotification(stored: unknown): Notification | null {
  if (!isPlainObject(stored)) return null;
  const { i: id, w, k: kind, u, n, b: room = '', c: title = '', s: message = '', t: text, l: link, d: at } = stored;
  const [, writer = '', number = ''] = typeof w === 'string' ? (PLACE.exec(w) ?? []) : [];
  if (writer === '' || !isText(id, 1, MAX_MESSAGE_ID_LENGTH) || !isText(message, 0, MAX_MESSAGE_ID_LENGTH)) return null;
  if (!isText(u, 0, MAX_USER_ID_LENGTH) || !isText(n, 0, MAX_NAME_LENGTH) || !isText(room, 0, MAX_ROOM_LENGTH)) return null;
  if (!isText(title, 0, MAX_TITLE_LENGTH) || !isText(text, 0, MAX_NOTIFICATION_TEXT)) return null;
  if (typeof at !== 'number' || !(at >= 0 && at <= MAX_DATE_MS)) return null;
  const shownKind = notificationKinds.find((known) => known === kind) ?? 'custom';
  return {
    id,
    kind: shownKind,
    from: { id: u, name: shownLine(n) },
    room,
    title: shownLine(title),
    message,
    text: shownLine(text),
    link: typeof link === 'string' && isNotificationLink(link) ? link : '',
    at,
    place: { writer, number: Number(number) },
  };
}

/** Ids of boards and conversations have 22. */
const MAX_ROOM_LENGTH = 64;

function isText(value: unknown, shortest: number, longest: number): value is string {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}
