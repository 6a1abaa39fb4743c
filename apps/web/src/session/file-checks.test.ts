import { expect, it } from 'vitest';
import { FileChecks } from './file-checks.ts';

/** A server that answers when the test says so, and timers that the test runs. */
function world(shown: readonly string[]) {
  const asked: string[] = [];
  const answers: ((has: boolean | null) => void)[] = [];
  const hidden: string[] = [];
  const timers: (() => void)[] = [];
  const checks = new FileChecks({
    has: (hash) => (asked.push(hash), new Promise((resolve) => answers.push(resolve))),
    shown: () => new Set(shown),
    isOwn: (hash) => hash === 'own',
    onAnswer: (_, has) => has === true,
    onHidden: (hash) => hidden.push(hash),
    schedule: (run) => (timers.push(run), () => void timers.splice(timers.indexOf(run), timers.includes(run) ? 1 : 0)),
  });
  const answer = async (has: boolean | null): Promise<void> => {
    answers.shift()?.(has);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { checks, asked, hidden, timers, answer };
}

it('asks about four files at once, and about none that is own or that the board does not show', async () => {
  const { checks, asked, hidden, answer } = world(['a', 'b', 'c', 'd', 'e', 'own']);
  checks.ask(['gone', 'own', 'a', 'b', 'c', 'd', 'e']);
  expect([asked, hidden]).toEqual([['a', 'b', 'c', 'd'], ['gone']]);
  await answer(true);
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('a file that is asked about again meanwhile is asked about once more after the answer, never twice at once', async () => {
  const { checks, asked, timers, answer } = world(['a']);
  checks.ask(['a']);
  checks.ask(['a']);
  checks.ask(['a']);
  expect(asked).toEqual(['a']);
  await answer(false);
  expect([asked, timers]).toEqual([['a', 'a'], []]);
  await answer(true);
  expect([asked, timers]).toEqual([['a', 'a'], []]);
});

it('without an answer it asks again after a pause, and not after it was closed', async () => {
  const { checks, asked, timers, answer } = world(['a']);
  checks.ask(['a']);
  await answer(null);
  expect(timers).toHaveLength(1);
  timers[0]?.();
  expect(asked).toEqual(['a', 'a']);
  checks.close();
  await answer(false);
  expect(timers).toHaveLength(0);
});
