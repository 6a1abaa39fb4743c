import { beforeEach, describe, expect, it } from 'vitest';
import { environmentOf, type LocksLike } from './environment.ts';
import { createClock } from './fixtures/clock.ts';
import { Leadership, PING_MS } from './leadership.ts';
import type { TabMessage } from './tab-channel.ts';

/** A visible tab in a page whose locks answer with `request`. */
function tabWith(request: LocksLike['request'] | undefined) {
  const clock = createClock();
  const posted: TabMessage[] = [];
  const changes: boolean[] = [];
  const silences: number[] = [];
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
    onSilence: () => silences.push(clock.elapsed()),
  });
  return { leadership, posted, changes, silences, clock, page };
}

/** Refuses ten times and then stays silent, or a tab that asks on and on would hang the test. */
let refusals = 0;
const refuse = (): Promise<never> =>
  ++refusals > 10 ? new Promise(() => undefined) : Promise.reject(new DOMException('not here', 'SecurityError'));
/** Rejections have been handled. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => void (refusals = 0));

describe('a tab that is refused a lock', () => {
  it('[B5] a tab that is refused its first lock leads itself, as without Web Locks, and asks no more', async () => {
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

  it('[B4] a tab that is refused a lock it would steal waits for its turn, and the tab that has it goes on', async () => {
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

  it('[B4] a tab that loses its lock to another tab queues again', async () => {
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

describe('a tab that is seen, beside one that holds the socket', () => {
  const queued =
    (asked: (boolean | undefined)[]) =>
    (_name: string, { steal }: { steal?: boolean }) => {
      asked.push(steal);
      return new Promise<void>(() => undefined);
    };

  it('[B7] K3: a visible tab takes the lock within 2 s when the leader does not answer, and drops its facts before that', () => {
    const asked: (boolean | undefined)[] = [];
    const { leadership, clock, posted, silences } = tabWith(queued(asked));
    leadership.start();
    clock.advance(1_999);
    expect(posted.map(({ type }) => type)).toEqual(['ping', 'want', 'ping', 'ping']);
    expect(silences).toHaveLength(1);
    expect(asked).toEqual([undefined, true]);
    leadership.close();
  });

  it('[B7] K3: a visible tab leaves the lock where it is as long as the leader answers', () => {
    const asked: (boolean | undefined)[] = [];
    const { leadership, clock, silences } = tabWith(queued(asked));
    leadership.start();
    for (let i = 0; i < 50; i++) {
      clock.advance(PING_MS);
      leadership.receive('b', { type: 'pong' });
    }
    expect({ asked, silences }).toEqual({ asked: [undefined], silences: [] });
    leadership.close();
    clock.advance(10_000);
    expect(asked).toEqual([undefined]);
  });

  it('[B7] K3: a tab answers a ping while it holds the socket', () => {
    const { leadership, posted } = tabWith((_name, _how, hold) => Promise.resolve(hold({})));
    leadership.start();
    leadership.receive('b', { type: 'ping' });
    expect(posted).toEqual([{ type: 'pong' }]);
    leadership.close();
  });
});
