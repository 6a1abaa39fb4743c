import { describe, expect, it } from 'vitest';
import { SignsOfLife } from './signs-of-life.ts';

const limits = { keepaliveMs: 10_000, pingMs: 20_000, pongMs: 10_000, stallMs: 30_000 };
const SECOND_MS = 1_000;

interface Looked {
  life: SignsOfLife;
  waiting: { isEmpty: boolean; takenBytes: number };
  /** Looks once a second, as housekeeping does, until `untilMs`. */
  passTo(untilMs: number): void;
  /** What happened, with its second. */
  seen: string[];
  looks(): number;
}

function looked({ answersPings = true } = {}): Looked {
  const waiting = { isEmpty: true, takenBytes: 0 };
  const life = new SignsOfLife(limits, waiting, 0);
  const seen: string[] = [];
  let [nowMs, looks, isOver] = [0, 0, false];
  const look = (): void => {
    if (isOver || life.isResting(nowMs)) return;
    looks += 1;
    const failure = life.failure(nowMs, { isRead: true });
    if (failure !== null) {
      seen.push(`${nowMs / SECOND_MS} ${failure}`);
      isOver = true;
      return;
    }
    if (life.isPingDue(nowMs)) {
      seen.push(`${nowMs / SECOND_MS} ping`);
      life.pinged(nowMs);
    }
    if (life.isKeepaliveDue(nowMs)) {
      seen.push(`${nowMs / SECOND_MS} keepalive`);
      life.sent(nowMs);
    }
    life.rest();
  };
  const passTo = (untilMs: number): void => {
    for (; nowMs <= untilMs; nowMs += SECOND_MS) {
      look();
      // The answer comes between two looks.
      if (answersPings) life.heard();
    }
  };
  return { life, waiting, passTo, seen, looks: () => looks };
}

describe('a silent connection', () => {
  it('[RL57] a silent connection gets its pings and keepalives in time, and rests in between', () => {
    const { passTo, seen, looks } = looked();
    passTo(66_000);
    expect(seen).toEqual([
      '11 keepalive',
      '20 ping',
      '22 keepalive',
      '33 keepalive',
      '40 ping',
      '44 keepalive',
      '55 keepalive',
      '60 ping',
      '66 keepalive',
    ]);
    // At an open ping, and at each keepalive and the look before it.
    expect(looks()).toBeLessThan(25);
  });

  it('[RL57] a connection that answers no ping is found within a second of its time', () => {
    const { passTo, seen } = looked({ answersPings: false });
    passTo(60_000);
    expect(seen).toEqual(['11 keepalive', '20 ping', '22 keepalive', '31 TIMEOUT']);
  });

  it('[RL27] bytes that a resting connection is sent count as stalled from that moment on', () => {
    const { life, waiting, passTo, seen } = looked();
    passTo(15_000);
    life.sent(15_500);
    waiting.isEmpty = false;
    passTo(44_000);
    expect(seen).not.toContainEqual(expect.stringContaining('SLOW_READER'));
    passTo(50_000);
    expect(seen.at(-1)).toBe('46 SLOW_READER');
  });

  it('[RL27] that holds too when the socket was read again meanwhile', () => {
    const { life, waiting, passTo, seen } = looked();
    passTo(15_000);
    life.readAgain(15_400);
    life.sent(15_500);
    waiting.isEmpty = false;
    passTo(50_000);
    expect(seen.at(-1)).toBe('46 SLOW_READER');
  });

  it('[RL27] a connection with bytes that wait never rests', () => {
    const { life, waiting, passTo, looks } = looked();
    waiting.isEmpty = false;
    life.sent(0);
    passTo(20_000);
    expect(looks()).toBe(21);
  });

  it('[RL57] a connection that is read again after a pause has the whole time for the next ping', () => {
    const { life, passTo, seen } = looked({ answersPings: false });
    passTo(25_000);
    life.readAgain(25_500);
    passTo(70_000);
    expect(seen.filter((what) => !what.includes('keepalive'))).toEqual(['20 ping', '46 ping', '57 TIMEOUT']);
  });
});
