import { expect, it, vi } from 'vitest';
import { LateWork } from './late-work.ts';

const signs = { say: () => 1, dismiss: () => undefined, fail: vi.fn() };

function openLate(fetchCode: () => Promise<string>) {
  const events: string[] = [];
  const work = new LateWork<string, { close(): void }>({
    fetchCode,
    open: (code) => {
      events.push(`open ${code}`);
      return { close: () => void events.push('close') };
    },
    start: () => {
      events.push('start');
      return () => void events.push('stop');
    },
    signs,
  });
  return { work, events };
}

it('work that is asked for twice at once is opened once', async () => {
  const { work, events } = openLate(async () => 'code');
  const [first, second] = await Promise.all([work.get(), work.get()]);
  expect(first).toBe(second);
  expect(work.opened()).toBe(first);
  expect(events).toEqual(['open code', 'start']);
});

it('work whose code comes after the board was left is closed and never started', async () => {
  let arrive = (_code: string): void => undefined;
  const { work, events } = openLate(() => new Promise((resolve) => (arrive = resolve)));
  const coming = work.get();
  work.close();
  arrive('code');
  await coming;
  expect(events).toEqual(['open code', 'close']);
});

it('closing stops what was started, and closing again does no harm', async () => {
  const { work, events } = openLate(async () => 'code');
  await work.get();
  work.close();
  expect(events).toEqual(['open code', 'start', 'stop', 'close']);
});

it('a toast says that code could not be fetched, and the next request fetches it again', async () => {
  const fetchCode = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('offline')).mockResolvedValue('code');
  const { work, events } = openLate(fetchCode);
  expect(await work.get()).toBeNull();
  expect(signs.fail).toHaveBeenCalledOnce();
  await work.get();
  expect(events).toEqual(['open code', 'start']);
});
