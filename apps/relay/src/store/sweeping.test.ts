import { StoreError } from '@wetink/storage';
import { virtualTime } from '@wetink/relay/testing';
import type { SweepReport } from '@wetink/relay/access';
import { expect, it } from 'vitest';
import { startSweeping, stopSweeping, type Sweeping } from './sweeping.ts';

const nothing: SweepReport = { boards: 0, pictures: 0, bytes: 0, uploads: 0, counts: 0, unused: 0, unusedBytes: 0, waiting: 0 };
const MINUTE_MS = 60_000;

function start(answers: (SweepReport | Error)[]) {
  const time = virtualTime();
  const lines: [level: string, fields: object, event: string][] = [];
  const ranAtMs: number[] = [];
  const at = (level: string) => (fields: object, event: string) => void lines.push([level, fields, event]);
  const sweeping: Sweeping = startSweeping({
    sweep: {
      async run() {
        ranAtMs.push(time.now());
        const answer = answers.shift() ?? nothing;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    environment: time,
    logger: { info: at('info'), warn: at('warn') },
  });
  return { time, lines, ranAtMs, sweeping };
}

it('T10: sweeps run a minute after the start, again when there may be work in progress, otherwise once a day', async () => {
  const { time, lines, ranAtMs, sweeping } = start([
    { ...nothing, waiting: 2 },
    { ...nothing, boards: 1, pictures: 2, bytes: 300 },
  ]);
  await time.advance(30 * 60 * MINUTE_MS);
  expect(ranAtMs.map((ms) => ms / MINUTE_MS)).toEqual([1, 22, 22 + 24 * 60]);
  expect(lines).toEqual([['info', { boards: 1, pictures: 2, bytes: 300, uploads: 0 }, 'leftovers of erased boards removed']]);
  await sweeping.stop();
  await time.advance(48 * 60 * MINUTE_MS);
  expect(ranAtMs).toHaveLength(3);
});

it('[BL10] corrected counts are a line', async () => {
  const { time, lines, sweeping } = start([{ ...nothing, unused: 2, unusedBytes: 700, counts: 1 }]);
  await time.advance(2 * MINUTE_MS);
  expect(lines).toEqual([['info', { counts: 1 }, 'counts of pictures and files corrected']]);
  await sweeping.stop();
});

it('T10: a failed sweep is logged in one line and retried; a sweep that a stopping relay interrupts is not a failure', async () => {
  const away = new StoreError('UNREACHABLE', 'the store is away');
  const { time, lines, ranAtMs } = start([away]);
  await time.advance(30 * MINUTE_MS);
  expect(ranAtMs).toHaveLength(2);
  expect(lines).toEqual([
    ['warn', { code: 'UNREACHABLE', error: 'the store is away' }, 'sweep for leftovers of erased boards failed, will retry'],
  ]);

  const quiet: unknown[] = [];
  const stopping = virtualTime();
  let fail = (): void => undefined;
  const running = startSweeping({
    sweep: { run: () => new Promise((_, reject) => (fail = () => reject(new StoreError('CLOSED', 'closed')))) },
    environment: stopping,
    logger: { info: (fields) => quiet.push(fields), warn: (fields) => quiet.push(fields) },
  });
  await stopping.advance(2 * MINUTE_MS);
  const stopped = running.stop();
  fail();
  await stopped;
  expect(quiet).toEqual([]);
});

it('[BL9] a relay that stops while its sweep reads a document ends the reading, and logs no failure', async () => {
  const time = virtualTime();
  const lines: unknown[] = [];
  let endReading = (): void => undefined;
  const sweeping = startSweeping({
    sweep: {
      run: async (isStopped = () => false) => {
        const reading = new Promise((_, reject) => (endReading = () => reject(new Error('the reader is closed'))));
        await reading.catch((error: unknown) => {
          if (!isStopped()) throw error;
        });
        return nothing;
      },
    },
    environment: time,
    logger: { info: (fields) => lines.push(fields), warn: (fields) => lines.push(fields) },
  });
  await time.advance(2 * MINUTE_MS);
  await stopSweeping(sweeping, { close: () => Promise.resolve(endReading()) });
  expect(lines).toEqual([]);
});
