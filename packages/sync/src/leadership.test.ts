import { beforeEach, describe, expect, test } from 'vitest';
import { environmentOf, type LocksLike } from './environment.ts';
import { createClock } from './fixtures/clock.ts';
import { Leadership } from './leadership.ts';
import type { TabMessage } from './tab-channel.ts';

/** A visible tab in a page whose locks answer with `request`. */
function tabWith(request: LocksLike['request'] | undefined) {
  const clock = createClock();
  const posted: TabMessage[] = [];
  const changes: boolean[] = [];
  const page = { show: (): void => undefined, hide: (): void => undefined };
  const leadership = new Leadership({
    name: 'room',
    tab: 'a',
    environment: environmentOf({
      ...clock,
      locks: request === undefined ? undefined : { request },
      page: {
        isVisible: () => true,
        onVisibility: () => () => undefined,
        onHide: (listener) => {
          page.hide = listener;
          return () => undefined;
        },
        onShow: (listener) => {
          page.show = listener;
          return () => undefined;
        },
      },
    }),
    post: (message) => posted.push(message),
    onChange: (isLeader) => changes.push(isLeader),
  });
  return { leadership, posted, changes, clock, page };
}

/** At most so often, or a tab that asks on and on would hang the test. */
let refusals = 0;
const refuse = (): Promise<never> =>
  ++refusals > 10 ? new Promise(() => undefined) : Promise.reject(new DOMException('not here', 'SecurityError'));
/** What was rejected has been heard. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => void (refusals = 0));

describe('a tab that is refused a lock', () => {
  test('[B5] before it had one leads itself, as without Web Locks, and asks no more', async () => {
    let asked = 0;
    const { leadership, posted, changes, clock, page } = tabWith(() => (asked++, refuse()));
    leadership.start();
    await settled();
    expect(leadership.isLeader).toBe(true);
    expect(leadership.isShared).toBe(false);
    leadership.receive('b', { type: 'want' });
    leadership.receive('b', { type: 'yield', to: 'a' });
    clock.advance(10_000);
    await settled();
    page.hide();
    page.show();
    expect(leadership.isLeader).toBe(true);
    expect({ asked, posted, changes }).toEqual({ asked: 1, posted: [], changes: [true, false, true] });
    leadership.close();
    expect(leadership.isLeader).toBe(false);
    page.show();
    expect(leadership.isLeader).toBe(false);
  });

  test('[B4] that it would steal waits for its turn: the tab that has it goes on', async () => {
    const asked: (boolean | undefined)[] = [];
    const { leadership } = tabWith((_name, { steal }) => {
      asked.push(steal);
      return steal === true ? refuse() : new Promise(() => undefined);
    });
    leadership.start();
    leadership.receive('b', { type: 'yield', to: 'a' });
    await settled();
    expect(leadership.isLeader).toBe(false);
    expect(asked).toEqual([undefined, true, undefined]);
    leadership.close();
  });

  test('[B4] after it had one queues again: another tab took it', async () => {
    let asked = 0;
    let steal = (): void => undefined;
    const { leadership } = tabWith((_name, _how, hold) => {
      if (++asked > 1) return new Promise(() => undefined);
      void hold({});
      return new Promise((_resolve, reject) => (steal = () => reject(new DOMException('stolen', 'AbortError'))));
    });
    leadership.start();
    expect(leadership.isLeader).toBe(true);
    steal();
    await settled();
    expect(leadership.isLeader).toBe(false);
    expect(leadership.isShared).toBe(true);
    expect(asked).toBe(2);
    leadership.close();
  });
});
