/**
 * The rules by which a person is notified, in the map `prefs` of an inbox: one key a rule, so that rules set on two devices at
 * once merge.
 *
 *     mute/ROOM     1
 *     kind/KIND     'bell' or 'none'; without it the kind is also pushed
 *     quiet         [from, to] in minutes of the day
 *     block/USER    [name, ms]
 */
import type * as Y from 'yjs';
import { MAX_NAME_LENGTH, MAX_USER_ID_LENGTH } from '../limits.ts';
import { shownLine } from '../text/shown-line.ts';
import { clipText, wellFormed } from '../text/surrogates.ts';
import type { NotificationKind } from './notification-record.ts';

/** `push`: in the list, and sent to devices that allow it. `bell`: in the list alone. `none`: not written. */
export const notificationLevels = ['push', 'bell', 'none'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];

/** Minutes since midnight on the person's clock, 0 to 1,439. A time that ends before it begins goes over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

export interface BlockedPerson {
  readonly id: string;
  /** As it was when the person was blocked. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** More are not kept: each is read whenever the list is shown. */
export const MAX_BLOCKED = 1_000;
export const MAX_MUTED = 1_000;
const MINUTES_A_DAY = 1_440;

export function isMuted(prefs: Y.Map<unknown>, room: string): boolean {
  return room !== '' && prefs.get(`mute/${room}`) === 1;
}

export function levelOf(prefs: Y.Map<unknown>, kind: NotificationKind): NotificationLevel {
  const level = prefs.get(`kind/${kind}`);
  return notificationLevels.find((known) => known === level) ?? 'push';
}

export function isBlocked(prefs: Y.Map<unknown>, userId: string): boolean {
  return userId !== '' && prefs.has(`block/${userId}`);
}

export function blockedPeople(prefs: Y.Map<unknown>): BlockedPerson[] {
  const people: BlockedPerson[] = [];
  for (const [key, value] of prefs.entries()) {
    if (people.length === MAX_BLOCKED) break;
    if (!key.startsWith('block/') || !isUserId(key.slice('block/'.length))) continue;
    const [name, at]: unknown[] = Array.isArray(value) ? value : [];
    people.push({
      id: key.slice('block/'.length),
      name: typeof name === 'string' ? shownLine(clipText(name, MAX_NAME_LENGTH)) : '',
      at: typeof at === 'number' && at >= 0 ? at : 0,
    });
  }
  return people.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
}

/** @returns False when the list is full. */
export function block(prefs: Y.Map<unknown>, person: BlockedPerson): boolean {
  if (!isUserId(person.id)) return false;
  if (isBlocked(prefs, person.id)) return true;
  if (countOf(prefs, 'block/') >= MAX_BLOCKED) return false;
  prefs.set(`block/${person.id}`, [wellFormed(clipText(person.name, MAX_NAME_LENGTH)), person.at]);
  return true;
}

export function unblock(prefs: Y.Map<unknown>, userId: string): void {
  if (prefs.has(`block/${userId}`)) prefs.delete(`block/${userId}`);
}

/** @returns False when the list is full. */
export function mute(prefs: Y.Map<unknown>, room: string): boolean {
  if (isMuted(prefs, room)) return true;
  if (room === '' || room.length > MAX_USER_ID_LENGTH || countOf(prefs, 'mute/') >= MAX_MUTED) return false;
  prefs.set(`mute/${room}`, 1);
  return true;
}

/** At most 1,000. */
export function mutedRooms(prefs: Y.Map<unknown>): string[] {
  const rooms = [...prefs.keys()].filter((key) => key.startsWith('mute/')).map((key) => key.slice('mute/'.length));
  return rooms
    .filter((room) => isMuted(prefs, room))
    .sort()
    .slice(0, MAX_MUTED);
}

export function quietHoursOf(prefs: Y.Map<unknown>): QuietHours | null {
  const value = prefs.get('quiet');
  const [from, to]: unknown[] = Array.isArray(value) && value.length === 2 ? value : [];
  return isMinute(from) && isMinute(to) && from !== to ? { from, to } : null;
}

export function isMinute(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MINUTES_A_DAY;
}

/** @param minute Minutes since midnight on the person's clock. */
export function isQuietAt(hours: QuietHours | null, minute: number): boolean {
  if (hours === null) return false;
  const { from, to } = hours;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function isUserId(text: string): boolean {
  return text !== '' && text.length <= MAX_USER_ID_LENGTH;
}

function countOf(prefs: Y.Map<unknown>, prefix: string): number {
  let count = 0;
  for (const key of prefs.keys()) if (key.startsWith(prefix)) count += 1;
  return count;
}
