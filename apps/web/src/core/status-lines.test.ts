import type { Refused, RoomStatus, Standing, Work } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { statusLines, unsavedLine } from './status-lines.ts';
import type { Person } from './status-sentence.ts';

const me: Person = { role: 'editor', wasShut: false, isTooNew: false };
const none: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const three: Work = { ...none, waiting: 3 };
const inTab: Work = { waiting: 3, copy: 'none', storage: 'blocked', hasUnread: false };
const refused: Refused = { count: 1, code: 'READ_ONLY', where: 'kept' };
const full: Standing = {
  kind: 'trouble',
  code: 'STORAGE_UNAVAILABLE',
  reason: '',
  retryAtMs: 5_000,
  isHinted: true,
  isConnected: false,
  ...three,
};
const gone: Standing = { kind: 'offline', retryAtMs: 900, ...none };

const lines = (status: RoomStatus, person: Partial<Person> = {}): string => statusLines(status, { ...me, ...person }).join('\n');

describe('the popover', () => {
  it('T1: says why, what holds of the changes, when it is tried again, and what to do', () => {
    expect(statusLines(full, me)).toEqual([
      'The server cannot save right now.',
      'Your changes are kept on this device, also after closing this page.',
      'They go to the server as soon as that takes them.',
      'It is tried again by itself. If it goes on, tell the person who runs this server.',
    ]);
  });

  it('T2: a viewer whose server does not answer is offline, and reads that the board may be old', () => {
    expect(lines(gone, { role: 'viewer' })).toMatch(/cannot be reached.*\n.*may be old/);
    expect(lines({ ...gone, ...three }, { role: 'viewer' })).toMatch(/takes no changes from somebody who can only view/);
  });

  it('K9: "Saved" is said of one’s own changes, and a server that cannot save of what others draw', () => {
    expect(lines({ kind: 'saved', ...none })).toBe('The server has stored all your changes.');
    expect(lines({ ...full, waiting: 0, isConnected: true })).toContain('What others draw now may not be saved yet.');
  });

  it('T5: says of refused changes why and where they are, beside what holds of the rest', () => {
    const said = lines({ kind: 'refused', ...refused, since: { kind: 'saved', ...none } }, { role: 'viewer' });
    expect(said).toContain('1 change was not taken. You can look at this board but not change it.');
    expect(said).toContain('It is kept on this device, apart from the board');
    expect(said).toContain('Ask its owner to let you draw.');
    expect(said).toContain('The server has stored all your changes.');
  });

  it('K5: says that refused changes are only in this tab when storage fails', () => {
    expect(lines({ kind: 'refused', ...refused, where: 'none', since: { kind: 'saved', ...none } })).toContain('It is only in this tab');
  });

  it('K10: who was let out reads how many changes are not saved, where they are, and what to do', () => {
    const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...three };
    expect(lines(shut)).toMatch(/3 changes are not saved\. They are kept on this device.*\n.*save the board as a file/);
    expect(lines({ ...shut, ...inTab })).toContain('They are only in this tab');
    expect(lines({ ...shut, ...inTab })).not.toContain('what you draw'); // Nothing can be drawn.
    expect(lines({ ...shut, code: 'UNAUTHENTICATED' })).toContain('when it lets this page in again');
  });

  it('K10: without a network nobody who was let out last is promised that changes merge', () => {
    expect(lines(gone)).toContain('merge when the server takes them');
    expect(lines(gone, { wasShut: true })).not.toContain('merge');
    expect(lines({ ...gone, ...three }, { wasShut: true })).toContain('it did not let you in');
  });

  it('K11: says that it does not know what storage holds, when that could not be read', () => {
    const said = lines({ kind: 'unread', waiting: 0, copy: 'none', storage: 'blocked', hasUnread: true });
    expect(said).toContain('could not be read, so more changes may wait here than are counted.');
    expect(said).not.toContain('Nothing waits');
  });

  it('says what storage can’t do, each in its own words', () => {
    for (const [storage, words] of [
      ['blocked', 'does not let the page store'],
      ['full', 'no room left'],
      ['failing', 'storage of this browser fails'],
    ] as const)
      expect(lines({ kind: 'saved', ...none, copy: 'none', storage })).toContain(words);
  });

  it('says that a newer version wrote the board', () => {
    expect(lines(gone, { isTooNew: true })).toContain('A newer version of Wetink wrote this board.');
  });
});

it('K10: what is not saved is one line for a notice', () => {
  expect(unsavedLine(none)).toBe('');
  expect(unsavedLine({ ...three, waiting: 1 })).toBe('1 change is not saved. It is kept on this device, also after closing this page.');
  expect(unsavedLine(inTab)).toBe('3 changes are not saved. They are only in this tab: keep this page open.');
});
