import type { Refused, RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { statusSentence, type Person } from './status-sentence.ts';

const me: Person = { role: 'editor', wasShut: false, isTooNew: false };
const none: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const three: Work = { ...none, waiting: 3 };
const inTab: Work = { waiting: 3, copy: 'none', storage: 'blocked', hasUnread: false };
const refused: Refused = { count: 1, code: 'READ_ONLY', where: 'kept' };
const full: DocumentStatus = {
  kind: 'trouble',
  code: 'STORAGE_UNAVAILABLE',
  reason: '',
  retryAtMs: 5_000,
  isHinted: true,
  isConnected: false,
  ...three,
};
const gone: DocumentStatus = { kind: 'offline', retryAtMs: 900, ...none };

describe('the chip', () => {
  it.each<[RoomStatus, text: string, tone: string]>([
    [{ kind: 'loading', ...none }, 'Opening', 'quiet'],
    [{ kind: 'loading', ...three, copy: 'writing' }, 'Opening: keeping 3 changes', 'quiet'],
    [{ kind: 'connecting', ...none }, 'On this device', 'quiet'],
    [{ kind: 'connecting', ...three }, '3 changes kept on this device', 'quiet'],
    [{ kind: 'connecting', ...three, copy: 'writing' }, 'Keeping 3 changes', 'quiet'],
    [{ kind: 'connecting', ...inTab }, '3 changes only in this tab', 'bad'],
    [{ kind: 'sending', ...three, waiting: 1 }, 'Saving 1 change', 'quiet'],
    [{ kind: 'sending', ...three }, 'Saving 3 changes', 'quiet'],
    [{ kind: 'sending', ...inTab }, '3 changes only in this tab', 'bad'],
    [{ kind: 'saved', ...none }, 'Saved', 'good'],
    [{ kind: 'saved', ...none, copy: 'none', storage: 'full' }, 'Saved, not kept on this device', 'warn'],
    [{ kind: 'unread', ...none, copy: 'none', storage: 'blocked', hasUnread: true }, 'Online, not kept on this device', 'warn'],
    [{ kind: 'sent', ...none }, 'Sent', 'quiet'],
    [{ kind: 'read-only', ...none }, 'View only', 'quiet'],
    [{ kind: 'read-only', ...three }, 'View only: 3 changes not saved', 'quiet'],
    [gone, 'Offline', 'warn'],
    [{ ...gone, ...three, copy: 'writing' }, 'Offline: keeping 3 changes', 'warn'],
    [{ ...gone, ...three }, 'Offline: 3 changes kept on this device', 'warn'],
    [{ ...gone, copy: 'none', storage: 'blocked' }, 'Offline, not kept on this device', 'warn'],
    [{ ...gone, ...inTab }, 'Offline: 3 changes only in this tab', 'bad'],
    [full, 'Server cannot save: 3 changes kept on this device', 'warn'],
    [{ ...full, waiting: 0, isConnected: true }, 'Server cannot save', 'warn'],
    [{ ...full, code: 'ROOM_FULL', waiting: 0 }, 'Too many people', 'warn'],
    [{ ...full, code: 'RATE_LIMITED', isConnected: true, waiting: 25 }, 'Slowed down: saving 25 changes', 'warn'],
    [{ ...full, code: 'RATE_LIMITED', reason: 'user_boards' }, 'Too many new boards: 3 changes kept on this device', 'warn'],
    [{ kind: 'refused', ...refused, since: { kind: 'saved', ...none } }, '1 change not saved, the rest is', 'bad'],
    [{ kind: 'refused', ...refused, since: { kind: 'sending', ...three } }, '1 change not saved, saving 3 more', 'bad'],
    [{ kind: 'refused', ...refused, since: { ...gone, ...three } }, '1 change not saved · Offline: 3 changes kept on this device', 'bad'],
    [{ kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...three }, 'No access: 3 changes kept on this device', 'bad'],
    [{ kind: 'error', code: 'FORBIDDEN', reason: 'suspended', refused: null, ...none }, 'Suspended', 'bad'],
    [{ kind: 'error', code: 'ROOM_ERASED', reason: '', refused, ...none }, '1 change not saved · Deleted', 'bad'],
  ])('of %j', (status, text, tone) => {
    expect(statusSentence(status, me)).toMatchObject({ text, tone });
  });
});

it('T2: while the server does not answer, a viewer is offline like everybody else', () => {
  expect(statusSentence(gone, { ...me, role: 'viewer' })).toMatchObject({ text: 'Offline, view only', tone: 'warn', icon: 'offline' });
});

it.each(['viewer', 'editor', 'owner'] as const)(
  'T1: the chip distinguishes a server that does not answer, cannot save, refuses access, or slows the person down: %s',
  (role) => {
    const situations: RoomStatus[] = [
      { ...gone, ...three },
      { ...full, ...three },
      { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...three },
      { ...full, ...three, code: 'RATE_LIMITED', isConnected: true },
    ];
    const said = situations.map((status) => statusSentence(status, { ...me, role }).text);
    const labels = [/^Offline/, /^Server cannot save: /, /^No access: /, /^Slowed down: /];
    labels.forEach((label, n) => expect(said.map((text) => label.test(text))).toEqual(labels.map((_, m) => m === n)));
  },
);

it('T1: the chip passes on the time of the next try and whether a person may hurry it', () => {
  expect(statusSentence(full, me)).toMatchObject({ retryAtMs: 5_000, canHurry: false });
  expect(statusSentence(gone, me)).toMatchObject({ retryAtMs: 900, canHurry: true });
});

it('a board of a newer version can only be viewed', () => {
  expect(statusSentence({ kind: 'saved', ...none }, { ...me, isTooNew: true })).toMatchObject({ text: 'View only', tone: 'warn' });
});
