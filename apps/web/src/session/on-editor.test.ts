import type { Room } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { onEditor } from './on-editor.ts';

describe('the right to change the board', () => {
  it('a viewer who becomes an editor gets one call, and another when the right is back', () => {
    let change = (): void => undefined;
    const room = {
      role: null as Room['role'],
      onStatus: (run: Parameters<Room['onStatus']>[0]) => ((change = run as () => void), () => void (change = () => undefined)),
    };
    let calls = 0;
    const calledAfter = (role: Room['role']): number => {
      room.role = role;
      change();
      return calls;
    };
    const stop = onEditor(room, () => (calls += 1));
    expect([calls, calledAfter('viewer'), calledAfter('editor'), calledAfter('editor')]).toEqual([0, 0, 1, 1]);
    expect([calledAfter('viewer'), calledAfter('owner')]).toEqual([1, 2]);
    stop();
    expect([calledAfter('viewer'), calledAfter('editor')]).toEqual([2, 2]);
  });
});
