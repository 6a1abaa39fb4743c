import { expect, it } from 'vitest';
import { createToastQueue, TOAST_MS } from './toast-queue.ts';

function setup() {
  const jobs = new Map<number, { run: () => void; delayMs: number }>();
  let next = 0;
  const queue = createToastQueue((run, delayMs) => {
    const id = next++;
    jobs.set(id, { run, delayMs });
    return () => jobs.delete(id);
  });
  return { queue, jobs, texts: () => queue.shown.map((toast) => toast.text) };
}

it('a toast appears and goes', () => {
  const { queue, jobs, texts } = setup();
  queue.add({ text: 'Link copied' });
  expect(texts()).toEqual(['Link copied']);
  const job = [...jobs.values()][0];
  expect(job?.delayMs).toBe(TOAST_MS);
  job?.run();
  expect(texts()).toEqual([]);
});

it('toasts wait while a pointer is down', () => {
  const { queue, texts } = setup();
  queue.hold();
  queue.add({ text: 'a' });
  expect(texts()).toEqual([]);
  queue.release();
  expect(texts()).toEqual(['a']);
});

it('at most three toasts show, each sentence once, and sticky ones stay', () => {
  const { queue, jobs, texts } = setup();
  queue.add({ text: 'stays', isSticky: true });
  expect(jobs.size).toBe(0);
  for (const text of ['a', 'b', 'a', 'c']) queue.add({ text });
  expect(texts()).toEqual(['b', 'a', 'c']);
});

it('a toast dismissed while it waited never appears, and listeners are notified', () => {
  const { queue, texts } = setup();
  let told = 0;
  const stop = queue.onChange(() => told++);
  queue.hold();
  const id = queue.add({ text: 'a' });
  queue.dismiss(id);
  queue.release();
  expect(texts()).toEqual([]);
  queue.add({ text: 'b' });
  stop();
  queue.add({ text: 'c' });
  expect(told).toBe(1);
});
