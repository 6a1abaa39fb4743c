/** The inbox: how long a room's changes wait for its next tick. */

import { describe, expect, it } from 'vitest';
import type { Seat } from '../member/seat.ts';
import { RoomDocument } from '../document/room-document.ts';
import { Inbox } from './inbox.ts';

const inspected = new RoomDocument().inspect(new Uint8Array([0, 0]));

/** An inbox on a clock whose timers fire `lateMs` late, as on a busy event loop. */
function startInbox() {
  const waits: number[] = [];
  const due: (() => void)[] = [];
  let nowMs = 0;
  const environment = {
    now: () => nowMs,
    random: () => 0,
    schedule(run: () => void, delayMs: number) {
      waits.push(delayMs);
      due.push(run);
      return () => undefined;
    },
  };
  const inbox = new Inbox(environment, () => void inbox.take());
  /** @returns The pause that the inbox asked for. */
  const tick = (lateMs: number): number | undefined => {
    inbox.push({ seat: {} as Seat, inspected, count: 1, type: 'update' });
    const waitMs = waits.at(-1);
    nowMs += (waitMs ?? 0) + lateMs;
    due.pop()?.();
    return waitMs;
  };
  return { tick, inbox };
}

describe('pause between two ticks', () => {
  it('[RL90] is none in an idle room, then 16 ms', () => {
    const { tick } = startInbox();
    expect([tick(0), tick(0), tick(0)]).toEqual([0, 16, 16]);
  });

  it('[RL90] grows up to 40 ms while the event loop is late, and shrinks with it', () => {
    const { tick, inbox } = startInbox();
    expect([tick(1), tick(2), tick(8), tick(100), tick(0), tick(0)]).toEqual([0, 16, 16, 28, 40, 16]);
    expect([inbox.isLate, tick(3), inbox.isLate]).toEqual([false, 16, true]);
  });
});
