import type { Refused, RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { statusAnnouncement } from './announcement-sentence.ts';
import { isSettled, waitingOnDevice, wouldLoseOnLeave } from './status-effects.ts';
import type { Person } from './status-sentence.ts';

const me: Person = { role: 'editor', wasShut: false, isTooNew: false };
const none: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const three: Work = { ...none, waiting: 3 };
const inTab: Work = { waiting: 3, copy: 'none', storage: 'full', hasUnread: false };
const saved: DocumentStatus = { kind: 'saved', ...none };
const offline: DocumentStatus = { kind: 'offline', retryAtMs: 900, ...three };
const busy: DocumentStatus = {
  kind: 'trouble',
  code: 'STORAGE_UNAVAILABLE',
  reason: '',
  retryAtMs: 5_000,
  isHinted: true,
  isConnected: true,
  ...three,
};
const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...three };
const kept = (where: Refused['where'], since: DocumentStatus = saved): RoomStatus => ({
  kind: 'refused',
  count: 2,
  code: 'READ_ONLY',
  where,
  since,
});

describe('leaving the page', () => {
  it.each<[string, RoomStatus, boolean]>([
    ['nothing waits', saved, false],
    ['what waits is on the device', offline, false],
    ['a write is under way: only a completed one keeps', { ...offline, copy: 'writing' }, true],
    ['what waits is in this tab alone', { ...offline, ...inTab }, true],
    ['the same while it is being sent', { kind: 'sending', ...inTab }, true],
    ['the same without access', { ...shut, ...inTab }, true],
    ['without access, on the device', shut, false],
    ['the same before the copy was read', { kind: 'loading', ...inTab }, true],
    ['a kept copy is on the device', kept('kept'), false],
    ['a kept copy is in this tab alone', kept('none'), true],
  ])('the browser asks only if leaving would lose something: %s', (_title, status, isAsked) => {
    expect(wouldLoseOnLeave(status)).toBe(isAsked);
  });
});

it.each<[string, RoomStatus, number | null]>([
  ['nothing', saved, 0],
  ['three', offline, 3],
  ['those in a tab alone do not wait anywhere', { ...offline, ...inTab }, 0],
  ['those without access do', shut, 3],
  ['refused ones in a kept copy count, and those made since', kept('kept', offline), 5],
  ['it is not known while the copy is being read', { kind: 'loading', ...none }, null],
  ['it is not known when it could not be read', { kind: 'unread', ...none, hasUnread: true }, null],
])('changes that wait on this device: %s', (_title, status, count) => {
  expect(waitingOnDevice(status)).toBe(count);
});

it.each<[RoomStatus, boolean]>([
  [saved, true],
  [{ ...offline, waiting: 0 }, true],
  [kept('kept'), true],
  [offline, false],
  [{ kind: 'loading', ...none }, false],
  [kept('none'), false],
])('K11: a new version waits only for unsaved changes: %j', (status, isSettledNow) => {
  expect(isSettled(status)).toBe(isSettledNow);
});

describe('announcements of a status', () => {
  const say = (before: RoomStatus, after: RoomStatus): string => statusAnnouncement(before, after, me);
  it('announces going offline and coming back, not every stroke and not every try', () => {
    expect(say(saved, offline)).toBe('Offline: 3 changes kept on this device');
    expect(say(offline, { ...offline, waiting: 4, retryAtMs: 2_000 })).toBe('');
    expect(say(offline, saved)).toBe('Saved');
    expect(say(saved, { kind: 'sending', ...three })).toBe('');
  });
  it('T1: announces the reason when it changes', () => {
    expect(say(offline, busy)).toBe('Server cannot save: 3 changes kept on this device');
    expect(say(busy, { ...busy, isConnected: false, retryAtMs: 9_000 })).toBe('');
    expect(say(busy, { ...busy, code: 'ROOM_FULL' })).toBe('Too many people: 3 changes kept on this device');
  });
  it('T5: announces the state of the other changes after a refusal', () => {
    expect(say(kept('kept'), kept('kept', offline))).toBe('2 changes not saved · Offline: 3 changes kept on this device');
  });
});
