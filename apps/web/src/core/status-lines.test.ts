import type { Refused, RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { statusLines, unsavedLine } from './status-lines.ts';
import type { Person } from './status-sentence.ts';

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

const lines = (status: RoomStatus, person: Partial<Person> = {}): string => statusLines(status, { ...me, ...person }).join('\n');

describe('the popover', () => {
  it('T1: the popover has the reason, the state of the changes, the time of the next try, and advice', () => {
    expect(statusLines(full, me)).toEqual([
      'The server cannot save right now.',
      'Your changes are kept on this device, also after closing this page.',
      'They go to the server as soon as that takes them.',
      'It is tried again by itself. If it goes on, tell the person who runs this server.',
    ]);
  });

  it('T2: while the server does not answer, a viewer is offline and reads that the board may be old', () => {
    expect(lines(gone, { role: 'viewer' })).toMatch(/cannot be reached.*\n.*may be old/);
    expect(lines({ ...gone, ...three }, { role: 'viewer' })).toMatch(/takes no changes from somebody who can only view/);
  });

  it('K9: "Saved" is about my own changes; a server that cannot save has a line about what others draw', () => {
    expect(lines({ kind: 'saved', ...none })).toBe('The server has stored all your changes.');
    expect(lines({ ...full, waiting: 0, isConnected: true })).toContain('What others draw now may not be saved yet.');
  });

  it('T5: refused changes have their reason and place, beside the state of the rest', () => {
    const said = lines({ kind: 'refused', ...refused, since: { kind: 'saved', ...none } }, { role: 'viewer' });
    expect(said).toContain('1 change was not taken. You can look at this board but not change it.');
    expect(said).toContain('It is kept on this device, apart from the board');
    expect(said).toContain('Ask its owner to let you draw.');
    expect(said).toContain('The server has stored all your changes.');
  });

  it('K5: when storage fails, the popover says that refused changes are only in this tab', () => {
    expect(lines({ kind: 'refused', ...refused, where: 'none', since: { kind: 'saved', ...none } })).toContain('It is only in this tab');
  });

  it('K10: a person who lost access reads how many changes are not saved, where they are, and what to do', () => {
    const shut: RoomStatus = { kind: 'error', code: 'FORBIDDEN', reason: '', refused: null, ...three };
    expect(lines(shut)).toMatch(/3 changes are not saved\. They are kept on this device.*\n.*save the board as a file/);
    expect(lines({ ...shut, ...inTab })).toContain('They are only in this tab');
    expect(lines({ ...shut, ...inTab })).not.toContain('what you draw'); // Nothing can be drawn.
    expect(lines({ ...shut, code: 'UNAUTHENTICATED' })).toContain('when it lets this page in again');
  });

  it('K10: without a network the popover promises no merge to a person who had lost access', () => {
    expect(lines(gone)).toContain('merge when the server takes them');
    expect(lines(gone, { wasShut: true })).not.toContain('merge');
    expect(lines({ ...gone, ...three }, { wasShut: true })).toContain('it did not let you in');
  });

  it('K11: when storage could not be read, the popover says that more changes may wait there', () => {
    const said = lines({ kind: 'unread', waiting: 0, copy: 'none', storage: 'blocked', hasUnread: true });
    expect(said).toContain('could not be read, so more changes may wait here than are counted.');
    expect(said).not.toContain('Nothing waits');
  });

  it('each failure of storage has words of its own', () => {
    for (const [storage, words] of [
      ['blocked', 'does not let the page store'],
      ['full', 'no room left'],
      ['failing', 'storage of this browser fails'],
    ] as const)
      expect(lines({ kind: 'saved', ...none, copy: 'none', storage })).toContain(words);
  });

  it('the popover says that a newer version wrote the board', () => {
    expect(lines(gone, { isTooNew: true })).toContain('A newer version of Wetink wrote this board.');
  });
});

it('K10: unsaved changes are one line for a notice', () => {
  expect(unsavedLine(none)).toBe('');
  expect(unsavedLine({ ...three, waiting: 1 })).toBe('1 change is not saved. It is kept on this device, also after closing this page.');
  expect(unsavedLine(inTab)).toBe('3 changes are not saved. They are only in this tab: keep this page open.');
});
