/**
 * The admin API about notifications, for programs of the operator:
 *
 *     POST /v1/notify {people, text, title?, kind?, link?}             to up to 100 people
 *     POST /v1/broadcast {text, title?, kind?, link?, except?}         to everyone whom this relay has seen
 *     GET  /v1/broadcast/ID                                            how far it has come
 *
 * With an Idempotency-Key, a call that is repeated notifies nobody twice; with another content it is refused.
 */

import { createHash, randomBytes } from 'node:crypto';
import {
  isNotificationLink,
  MAX_NOTIFICATION_TEXT,
  MAX_TITLE_LENGTH,
  notificationKinds,
  type NewNotification,
  type NotificationKind,
} from '@wetink/board';
import { ApiFailure } from '@wetink/relay/http';
import { isUserId } from '@wetink/relay/identity';
import type { Broadcast } from '../notifications/broadcast-records.ts';
import type { Broadcasts } from '../notifications/broadcasts.ts';
import type { Notifier } from '../notifications/notifier.ts';
import type { NotifyKeys } from '../notifications/notify-keys.ts';
import { decoded, mistake, notAllowed, type AdminAnswer } from './answers.ts';

export interface NotifyPorts {
  /** Null: this relay has no users. */
  notifications: { notifier: Notifier; broadcasts: Pick<Broadcasts, 'start' | 'get'>; keys: Pick<NotifyKeys, 'take'> } | null;
  body: AdminBody;
}

/** The parts of a request beside its target. */
export interface AdminBody {
  /** The body, a JSON object. */
  fields(): Promise<Record<string, unknown>>;
  idempotencyKey: string | undefined;
}

const MAX_PEOPLE = 100;
const MAX_EXCEPT = 1_000;
/** Half of the record of a broadcast. */
const MAX_EXCEPT_BYTES = 32 * 1024;
const HASH_LENGTH = 22;
const VISIBLE = /^[\x21-\x7e]{1,200}$/;

export function isNotifyPath(pathname: string): boolean {
  return pathname === '/v1/notify' || pathname === '/v1/broadcast' || pathname.startsWith('/v1/broadcast/');
}

/** @param pathname One that `isNotifyPath` accepts. @throws {StoreError} */
export async function answerNotify(method: string, pathname: string, { notifications, body }: NotifyPorts): Promise<AdminAnswer> {
  if (notifications === null) return mistake(404, 'users_off', 'this relay has no users: set WETINK_SECRET');
  const { notifier, broadcasts, keys } = notifications;
  if (pathname.startsWith('/v1/broadcast/')) {
    if (method !== 'GET' && method !== 'HEAD') return notAllowed('GET, HEAD');
    const found = await broadcasts.get(decoded(pathname.slice('/v1/broadcast/'.length)) ?? '');
    return found === null
      ? mistake(404, 'broadcast_not_found', 'there is no such broadcast, or it ended more than a week ago')
      : { status: 200, body: { broadcast: broadcastToJson(found) } };
  }
  if (method !== 'POST') return notAllowed('POST');
  const { idempotencyKey } = body;
  if (idempotencyKey !== undefined && !VISIBLE.test(idempotencyKey))
    return mistake(400, 'body_invalid', 'Idempotency-Key must be 1 to 200 visible ASCII characters');
  const key = idempotencyKey === undefined ? null : hashOf(idempotencyKey);
  try {
    const fields = await body.fields();
    return pathname === '/v1/notify' ? await notify(fields, key, { notifier, keys }) : await broadcast(fields, key, broadcasts);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return mistake(error.status, error.code, error.message);
  }
}

async function notify(
  { people, ...fields }: Record<string, unknown>,
  key: string | null,
  { notifier, keys }: { notifier: Notifier; keys: Pick<NotifyKeys, 'take'> },
): Promise<AdminAnswer> {
  if (!isIds(people, MAX_PEOPLE) || people.length === 0)
    return mistake(400, 'body_invalid', `people must be an array of 1 to ${MAX_PEOPLE} user ids`);
  const content = readContent(fields);
  if (typeof content === 'string') return mistake(400, 'body_invalid', content);
  const { kind, title, text, link } = content;
  const contentHash = hashOf(JSON.stringify([kind, title, text, link]));
  if (key !== null && !(await keys.take(key, contentHash)))
    return mistake(409, 'key_reused', 'this Idempotency-Key was used for another content');
  // It depends on the content too: a key that is free again after a week may have another one.
  const id = `n.${key === null ? randomBytes(16).toString('base64url') : hashOf(key + contentHash)}`;
  const notification: NewNotification = { ...content, id, from: { id: '', name: '' }, room: '', message: '', at: Date.now() };
  const outcomes = await Promise.allSettled([...new Set(people)].map((person) => notifier.notify(person, [notification])));
  const failed = outcomes.filter(({ status }) => status === 'rejected').length;
  if (failed > 0)
    return mistake(
      503,
      'unavailable',
      `${failed} of ${outcomes.length} inboxes cannot be written now: repeat with the same Idempotency-Key`,
    );
  const written = outcomes.reduce((count, outcome) => count + (outcome.status === 'fulfilled' ? outcome.value.length : 0), 0);
  return { status: 200, body: { id, written } };
}

async function broadcast(
  fields: Record<string, unknown>,
  key: string | null,
  broadcasts: Pick<Broadcasts, 'start' | 'get'>,
): Promise<AdminAnswer> {
  const { except = [], ...others } = fields;
  if (!isIds(except, MAX_EXCEPT)) return mistake(400, 'body_invalid', `except must be an array of at most ${MAX_EXCEPT} user ids`);
  if (Buffer.byteLength(JSON.stringify(except)) > MAX_EXCEPT_BYTES)
    return mistake(400, 'body_invalid', `except must have at most ${MAX_EXCEPT_BYTES / 1024} KiB as JSON`);
  const content = readContent(others);
  if (typeof content === 'string') return mistake(400, 'body_invalid', content);
  const started = await broadcasts.start({ ...content, except }, key);
  if (started === 'too_many') return mistake(409, 'too_many_broadcasts', 'too many broadcasts are under way: wait until one is done');
  if (started === 'key_reused') return mistake(409, 'key_reused', 'this Idempotency-Key began a broadcast with another content');
  return { status: 202, body: { broadcast: broadcastToJson(started) } };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, HASH_LENGTH);
}

/** @returns A sentence about the first mistake. */
function readContent(fields: Record<string, unknown>): { kind: NotificationKind; title: string; text: string; link: string } | string {
  const { text, title = '', kind = 'custom', link = '', ...others } = fields;
  const [unknownField] = Object.keys(others);
  if (unknownField !== undefined) return `there is no field ${JSON.stringify(unknownField.slice(0, 40))}`;
  if (typeof text !== 'string' || text.trim() === '' || text.length > MAX_NOTIFICATION_TEXT)
    return `text must have 1 to ${MAX_NOTIFICATION_TEXT} characters`;
  if (typeof title !== 'string' || title.length > MAX_TITLE_LENGTH) return `title must have at most ${MAX_TITLE_LENGTH} characters`;
  const known = notificationKinds.find((one) => one === kind);
  if (known === undefined) return `kind must be one of ${notificationKinds.join(', ')}`;
  if (typeof link !== 'string' || (link !== '' && !isNotificationLink(link)))
    return 'link must be an http, https or mailto address, or a path that begins with one slash';
  return { kind: known, title, text, link };
}

function isIds(value: unknown, most: number): value is string[] {
  return Array.isArray(value) && value.length <= most && value.every((id) => typeof id === 'string' && isUserId(id));
}

function broadcastToJson({ id, state, startedAt, people, written, failed, kind, title, text, link }: Broadcast): object {
  return { id, state, startedAt: new Date(startedAt).toISOString(), people, written, failed, kind, title, text, link };
}
