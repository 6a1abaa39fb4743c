import { expect, it } from 'vitest';
import { createTyping, TYPING_TTL_MS } from './typing.ts';

function setup() {
  let nowMs = 0;
  let jobs: { at: number; run: () => void }[] = [];
  const said: boolean[] = [];
  const typing = createTyping(
    ({ isTyping }) => said.push(isTyping),
    (run, delayMs) => {
      const job = { at: nowMs + delayMs, run };
      jobs.push(job);
      return () => {
        jobs = jobs.filter((other) => other !== job);
      };
    },
  );
  const pass = (ms: number) => {
    nowMs += ms;
    const due = jobs.filter((job) => job.at <= nowMs);
    jobs = jobs.filter((job) => job.at > nowMs);
    for (const job of due) job.run();
  };
  return { typing, said, pass, pending: () => jobs.length };
}

it('typing is announced once while keys keep coming, and withdrawn 2 s after the last', () => {
  const { typing, said, pass } = setup();
  typing.key();
  pass(TYPING_TTL_MS - 1);
  typing.key();
  pass(TYPING_TTL_MS - 1);
  expect(said).toEqual([true]);
  pass(1);
  expect(said).toEqual([true, false]);
});

it('the announcement of typing is withdrawn at once on send or leaving, and only once', () => {
  const { typing, said, pass, pending } = setup();
  typing.key();
  typing.stop();
  typing.stop();
  expect(pending()).toBe(0);
  pass(TYPING_TTL_MS * 2);
  expect(said).toEqual([true, false]);
});

it('typing is announced again after a pause', () => {
  const { typing, said, pass } = setup();
  typing.key();
  pass(TYPING_TTL_MS);
  typing.key();
  expect(said).toEqual([true, false, true]);
});
