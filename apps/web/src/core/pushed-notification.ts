/**
 * Reads notifications that the relay pushed, and what comes back when a person presses one of the service worker's.
 * Pure, for the service worker and for pages.
 */
import * as m from '$words/pushed-notification';
import { isNotificationLink, notificationKinds, type NotificationKind } from '@wetink/board';
import { notificationTitle, notificationWords } from './notification-sentence.ts';

/** A press on a notification. `id`: of the inbox's entry, '' for none. `link`: https, '' for none. */
export interface PressedNotification {
  readonly type: 'wetink-notification';
  readonly id: string;
  readonly link: string;
}

export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  /** A later one with the same tag takes its place. */
  readonly tag: string;
  readonly data: PressedNotification;
}

/** A push names its sender without an id; one without an id at all is the relay's. */
const UNKNOWN_ID = '?';
/** Characters, cut by the system anyway: a payload has at most 4 kB. */
const MAX_LENGTH = 300;

/**
 * @param payload JSON as apps/relay/src/push sends it. Anything else still gives a notification: a browser that shows none
 *   for a push takes the right to push away.
 */
export function readPush(payload: string): ShownNotification {
  const fields = fieldsOf(payload);
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? [...value].slice(0, MAX_LENGTH).join('') : '';
  };
  const kind: NotificationKind = notificationKinds.find((known) => known === fields['kind']) ?? 'custom';
  const id = text('id');
  const from = { id: kind === 'custom' ? '' : UNKNOWN_ID, name: text('from') };
  const words = { kind, from, title: text('title'), text: text('text'), room: text('room') };
  return {
    title: notificationTitle(words) || m.aNewNotification(),
    body: notificationWords(words).text,
    tag: id || 'wetink',
    data: pressOf({ id, link: text('link') }),
  };
}

/** Goes into the notification, for the press on it. */
export function pressOf({ id, link }: { id: string; link: string }): PressedNotification {
  return { type: 'wetink-notification', id, link: isForeign(link) ? link : '' };
}

/** Reads `pressOf` back, also after a browser has kept it for days; an empty one for anything else. */
export function readPress(data: unknown): PressedNotification {
  const { type, id, link } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  if (type !== 'wetink-notification' || typeof id !== 'string' || typeof link !== 'string') return pressOf({ id: '', link: '' });
  return pressOf({ id, link });
}

/** A path of the app is a page's to open. */
function isForeign(link: string): boolean {
  return !link.startsWith('/') && isNotificationLink(link);
}

function fieldsOf(payload: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(payload);
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
