import { describe, expect, it } from 'vitest';
import { Journal, type JournalPort } from './journal.ts';
import { defaultLimits, type RelayLimits } from '../limits/limits.ts';
import { virtualTime } from '../testing/virtual-time.ts';

interface Harness {
  journal: Journal;
  time: ReturnType<typeof virtualTime>;
  /** Bytes on "disk", in order. */
  disk: number[];
  batches: number[][];
  events: string[];
  fail: { next: number; error: Error };
  gate: { open: () => void; closed: boolean };
}

function harness(limits: Partial<RelayLimits> = {}, giveUpAt = Infinity): Harness {
  const time = virtualTime();
  const disk: number[] = [];
  const batches: number[][] = [];
  const events: string[] = [];
  const fail = { next: 0, error: new Error('disk away') };
  const gate = { open: (): void => undefined, closed: false };
  let position = 10;
  const port: JournalPort = {
    async append(updates) {
      const batch = updates.map((update) => update[0] ?? -1);
      batches.push(batch);
      if (gate.closed) await new Promise<void>((resolve) => (gate.open = resolve));
      if (fail.next > 0) {
        fail.next -= 1;
        throw fail.error;
      }
      disk.push(...batch);
      return { local: (position += updates.length) };
    },
    onDurable: () => events.push(`durable ${harnessed.journal.durableSeq}`),
    onFailure: (_error, failures) => {
      events.push(`failure ${failures}`);
      return failures < giveUpAt;
    },
    onRecovered: () => events.push('recovered'),
  };
  const harnessed: Harness = {
    journal: new Journal({ local: 10 }, port, time, { ...defaultLimits, ...limits }),
    time,
    disk,
    batches,
    events,
    fail,
    gate,
  };
  return harnessed;
}

const entry = (n: number, bytes = 1): Uint8Array => new Uint8Array(bytes).fill(n);

describe('journal', () => {
  it('[RL10] entries pushed in one turn are one write, and the next begins when it is done', async () => {
    const { journal, time, batches, disk } = harness();
    for (const n of [1, 2, 3]) journal.push(entry(n));
    await time.advance(0);
    journal.push(entry(4));
    await time.advance(0);
    expect(batches).toEqual([[1, 2, 3], [4]]);
    expect([disk, journal.durableSeq, journal.position, journal.isIdle]).toEqual([[1, 2, 3, 4], 4, { local: 14 }, true]);
  });

  it('[RL10] while a write is under way, new entries wait for it', async () => {
    const { journal, time, batches, gate } = harness();
    gate.closed = true;
    journal.push(entry(1));
    await time.advance(0);
    journal.push(entry(2));
    journal.push(entry(3));
    await time.advance(1_000);
    expect(batches).toEqual([[1]]);
    expect(journal.durableSeq).toBe(0);
    gate.closed = false;
    gate.open();
    await time.advance(0);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('[RL11] a failed batch is retried first; nothing behind it is written or durable', async () => {
    const { journal, time, batches, disk, events, fail } = harness();
    fail.next = 3;
    journal.push(entry(1));
    journal.push(entry(2));
    await time.advance(0);
    journal.push(entry(3));
    expect([journal.durableSeq, journal.unsavedBytes, journal.failures]).toEqual([0, 3, 1]);
    await time.advance(10_000);
    expect(disk).toEqual([1, 2, 3]);
    for (const batch of batches) expect(batch[0]).toBe(1);
    expect(events).toEqual(['failure 1', 'failure 2', 'failure 3', 'durable 3', 'recovered']);
    expect([journal.failures, journal.unsavedBytes]).toEqual([0, 0]);
  });

  it('[RL11] the pause between retries grows up to a bound', async () => {
    const { journal, time, batches, fail } = harness({ retryBaseMs: 100, retryMaxMs: 1_000 });
    fail.next = Infinity;
    journal.push(entry(1));
    await time.advance(60_000);
    expect(batches.length).toBeGreaterThan(50);
    expect(batches.length).toBeLessThan(100);
  });

  it('[RL10] batches are bounded by rows and bytes', async () => {
    const { journal, time, batches } = harness({ maxBatchRows: 2, maxBatchBytes: 10 });
    for (const n of [1, 2, 3]) journal.push(entry(n));
    journal.push(entry(4, 9));
    journal.push(entry(5, 9));
    await time.advance(0);
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('[RL16] an entry above the bounds of a batch is written alone, in its turn', async () => {
    const { journal, time, batches, events } = harness({ maxBatchBytes: 5 });
    journal.push(entry(1));
    journal.push(entry(2, 6));
    journal.push(entry(3));
    await time.advance(0);
    expect(batches).toEqual([[1], [2], [3]]);
    expect(events).toEqual(['durable 1', 'durable 2', 'durable 3']);
  });

  it('[RL72] whenDurable resolves with true when the entry is durable, and with false when it never will be', async () => {
    const { journal, time, fail } = harness();
    const told: [number, boolean][] = [];
    const wait = (seq: number): void => void journal.whenDurable(seq).then((isDurable) => told.push([seq, isDurable]));
    fail.next = 1;
    journal.push(entry(1));
    wait(1);
    await time.advance(0);
    expect(told).toEqual([]);
    await time.advance(1_000);
    expect(told).toEqual([[1, true]]);
    wait(1);
    fail.next = Infinity;
    journal.push(entry(2));
    wait(2);
    await time.advance(0);
    journal.close();
    wait(2);
    await time.advance(0);
    expect(told.slice(1)).toEqual([
      [1, true],
      [2, false],
      [2, false],
    ]);
  });

  it('[RL11] giving up drops the queue and wakes callers of whenIdle', async () => {
    const { journal, time, fail } = harness({}, 1);
    fail.next = 1;
    journal.push(entry(1));
    const idle = journal.whenIdle();
    await time.advance(0);
    await idle;
    journal.push(entry(2));
    await time.advance(10_000);
    expect(journal.durableSeq).toBe(0);
  });
});
