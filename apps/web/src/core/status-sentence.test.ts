import type { RoomStatus } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { isSettled, statusAnnouncement, statusSentence, waitingOnDevice, wouldLoseOnLeave } from './status-sentence.ts';

const rows: [RoomStatus, text: string, tone: string][] = [
  [{ kind: 'loading' }, 'Opening', 'quiet'],
  [{ kind: 'memory-only', waiting: 0 }, 'Online, not kept on this device', 'warn'],
  [{ kind: 'memory-only', waiting: 1 }, '1 change only in this tab', 'bad'],
  [{ kind: 'memory-only', waiting: 3 }, '3 changes only in this tab', 'bad'],
  [{ kind: 'device', waiting: 0, copy: 'kept' }, 'On this device', 'quiet'],
  [{ kind: 'device', waiting: 2, copy: 'kept' }, '2 changes kept on this device', 'quiet'],
  [{ kind: 'device', waiting: 2, copy: 'writing' }, 'Keeping 2 changes', 'quiet'],
  [{ kind: 'offline', waiting: 1, copy: 'writing' }, 'Offline: keeping 1 change', 'warn'],
  [{ kind: 'sending', count: 1 }, 'Saving 1 change', 'quiet'],
  [{ kind: 'sending', count: 3 }, 'Saving 3 changes', 'quiet'],
  [{ kind: 'saved' }, 'Saved', 'good'],
  [{ kind: 'sent' }, 'Sent', 'quiet'],
  [{ kind: 'offline', waiting: 0, copy: 'kept' }, 'Offline', 'warn'],
  [{ kind: 'offline', waiting: 12, copy: 'kept' }, 'Offline: 12 changes kept on this device', 'warn'],
  [{ kind: 'offline', waiting: 0, copy: 'none' }, 'Offline, not kept on this device', 'warn'],
  [{ kind: 'offline', waiting: 2, copy: 'none' }, 'Offline: 2 changes only in this tab', 'bad'],
  [{ kind: 'read-only', waiting: 0 }, 'View only', 'quiet'],
  [{ kind: 'read-only', waiting: 2 }, 'View only: 2 changes not saved', 'quiet'],
  [{ kind: 'refused', count: 3, code: 'READ_ONLY' }, '3 changes not saved', 'bad'],
  [{ kind: 'error', code: 'ROOM_NOT_FOUND', sentence: 'This board does not exist.' }, 'No access', 'bad'],
];

describe('status sentences', () => {
  it.each(rows)('%j', (status, text, tone) => {
    expect(statusSentence(status)).toMatchObject({ text, tone });
    expect(statusSentence(status).detail).toMatch(/\.$/);
  });

  it('says Saved for nothing but saved', () => {
    for (const [status] of rows) expect(statusSentence(status).text === 'Saved').toBe(status.kind === 'saved');
  });

  it("passes an error's own sentence on", () => {
    expect(statusSentence({ kind: 'error', code: 'ROOM_NOT_FOUND', sentence: 'This board does not exist.' }).detail).toBe(
      'This board does not exist.',
    );
  });
});

describe('what a status means for leaving', () => {
  it('warns only when this tab holds the only copy', () => {
    const warned = rows
      .filter(([status]) => wouldLoseOnLeave(status, { hasUnsavedEdits: false, device: 'memory-only' }))
      .map(([, text]) => text);
    expect(warned).toEqual([
      '1 change only in this tab',
      '3 changes only in this tab',
      'Offline: 2 changes only in this tab',
      '3 changes not saved',
    ]);
  });

  it('warns while opening or after an error, when there are edits and the device keeps none', () => {
    const error: RoomStatus = { kind: 'error', code: 'ROOM_NOT_FOUND', sentence: 'This board does not exist.' };
    for (const status of [error, { kind: 'loading' } as const]) {
      for (const device of ['memory-only', 'unused', 'opening'] as const) {
        expect(wouldLoseOnLeave(status, { hasUnsavedEdits: true, device })).toBe(true);
        expect(wouldLoseOnLeave(status, { hasUnsavedEdits: false, device })).toBe(false);
      }
      expect(wouldLoseOnLeave(status, { hasUnsavedEdits: true, device: 'persistent' })).toBe(false);
    }
    expect(wouldLoseOnLeave({ kind: 'saved' }, { hasUnsavedEdits: true, device: 'memory-only' })).toBe(false);
  });

  it('warns after a refusal when the device keeps no copy of what was refused', () => {
    const refused = rows.map(([status]) => status).find((status) => status.kind === 'refused');
    if (refused === undefined) throw new Error('no refused status');
    for (const hasUnsavedEdits of [true, false]) {
      expect(wouldLoseOnLeave(refused, { hasUnsavedEdits, device: 'memory-only' })).toBe(true);
      expect(wouldLoseOnLeave(refused, { hasUnsavedEdits, device: 'persistent' })).toBe(false);
    }
  });

  it('counts what waits on this device, and knows when it cannot tell', () => {
    expect(rows.map(([status]) => waitingOnDevice(status))).toEqual([null, 0, 0, 0, 0, 2, 2, 1, 1, 3, 0, 0, 0, 12, 0, 0, 0, 2, 3, null]);
  });

  it('is settled only when nothing waits for the server', () => {
    const settled = rows.filter(([status]) => isSettled(status)).map(([, text]) => text);
    expect(settled).toEqual([
      'Online, not kept on this device',
      'Saved',
      'Sent',
      'Offline',
      'Offline, not kept on this device',
      'View only',
    ]);
  });
});

describe('what is announced', () => {
  const offline: RoomStatus = { kind: 'offline', waiting: 1, copy: 'kept' };
  it('going offline and coming back, not every stroke', () => {
    expect(statusAnnouncement({ kind: 'saved' }, offline)).toBe('Offline: 1 change kept on this device');
    expect(statusAnnouncement(offline, { ...offline, waiting: 2 })).toBe('');
    expect(statusAnnouncement(offline, { kind: 'saved' })).toBe('Saved');
    expect(statusAnnouncement({ kind: 'saved' }, { kind: 'sending', count: 1 })).toBe('');
    expect(statusAnnouncement({ kind: 'sending', count: 1 }, { kind: 'saved' })).toBe('');
  });
});
