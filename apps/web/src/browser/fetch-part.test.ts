import { expect, it } from 'vitest';
import { AGAIN_MS, fetchInTime, fetchPart, GIVE_UP_MS, SLOW_MS } from './fetch-part.ts';

function world() {
  const timers = new Map<() => void, number>();
  const shown = new Map<number, string>();
  const failed: string[] = [];
  const page = new EventTarget();
  return {
    shown,
    failed,
    page,
    signs: {
      say: (text: string) => (shown.set(shown.size + 1, text), shown.size),
      dismiss: (id: number) => void shown.delete(id),
      fail: (text: string) => void failed.push(text),
    },
    schedule: (run: () => void, delayMs: number) => {
      timers.set(run, delayMs);
      return () => void timers.delete(run);
    },
    pass: (delayMs: number) => [...timers].filter(([, due]) => due === delayMs).forEach(([run]) => (timers.delete(run), run())),
    waiting: () => [...timers.values()],
  };
}

/** What browsers throw for a script that can't be fetched. */
const unreachable = () => new TypeError('Failed to fetch dynamically imported module');
/** Waits until every settled promise has run its callbacks. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('a part that comes at once says nothing and leaves no timer', async () => {
  const { signs, schedule, shown, failed, waiting } = world();
  expect(await fetchPart(() => Promise.resolve('part'), signs, schedule)).toBe('part');
  expect([shown.size, failed, waiting()]).toEqual([0, [], []]);
});

it('a part that takes long says so while it does', async () => {
  const { signs, schedule, shown, failed, pass } = world();
  let arrive = (_part: string): void => undefined;
  const fetched = fetchPart(() => new Promise<string>((resolve) => (arrive = resolve)), signs, schedule);
  pass(SLOW_MS);
  expect([...shown.values()]).toEqual(['This part of the page is being loaded…']);
  arrive('part');
  expect(await fetched).toBe('part');
  expect([shown.size, failed]).toEqual([0, []]);
});

it('a part that does not come, or comes too late, is given up with a toast', async () => {
  const { signs, schedule, shown, failed, pass, waiting } = world();
  expect(await fetchPart(() => Promise.reject(unreachable()), signs, schedule)).toBeNull();
  const fetched = fetchPart(() => new Promise(() => undefined), signs, schedule);
  pass(SLOW_MS);
  pass(GIVE_UP_MS);
  expect(await fetched).toBeNull();
  expect([shown.size, failed.length, waiting()]).toEqual([0, 2, []]);
});

it('an error in the part itself is not reported as a network error', async () => {
  const { signs, schedule, failed } = world();
  await expect(fetchPart(() => Promise.reject(new RangeError('a bug')), signs, schedule)).rejects.toThrow('a bug');
  expect(failed).toEqual([]);
});

it('a part that nobody asked for is fetched again when the network is back, or after a while', async () => {
  const { schedule, page, pass, waiting } = world();
  let tries = 0;
  const used: number[] = [];
  const load = () => (++tries < 4 ? Promise.reject(unreachable()) : Promise.resolve(tries));
  fetchInTime(load, (part) => used.push(part), { schedule, page });
  await settled();
  pass(AGAIN_MS);
  await settled();
  page.dispatchEvent(new Event('online'));
  await settled();
  expect([tries, used]).toEqual([3, []]);
  page.dispatchEvent(new Event('online'));
  await settled();
  page.dispatchEvent(new Event('online'));
  await settled();
  expect([tries, used, waiting()]).toEqual([4, [4], []]);
});

it('a part that is no longer wanted is not fetched again', async () => {
  const { schedule, page, waiting } = world();
  let tries = 0;
  const stop = fetchInTime(
    () => (tries++, Promise.reject(unreachable())),
    () => undefined,
    { schedule, page },
  );
  stop();
  await settled();
  page.dispatchEvent(new Event('online'));
  expect([tries, waiting()]).toEqual([1, []]);
});
