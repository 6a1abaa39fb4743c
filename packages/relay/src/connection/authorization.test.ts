/** What a connection may do, without a connection: questions, answers and deadlines in virtual time. */

import { describe, expect, it } from 'vitest';
import type { Admission, AuthorizeAnswer, RecheckAnswer } from '../ports/authorize.ts';
import { Alarms } from './alarms.ts';
import { Authorization } from './authorization.ts';
import { virtualTime } from '../testing/virtual-time.ts';

const START_MS = 1_700_000_000_000;
const editor: RecheckAnswer = { ok: true, role: 'editor' };
const away: RecheckAnswer = { ok: false, code: 'FORBIDDEN', reason: 'removed' };

/** In place of a connection, a log of the events that the authorization reports to it, each with its time. */
function setup(authorize: (token: string) => Promise<AuthorizeAnswer>, random = 0.5) {
  const time = virtualTime();
  const told: string[] = [];
  let timers = 0;
  const schedule = (fn: () => void, delayMs: number): (() => void) => {
    timers += 1;
    return time.schedule(fn, delayMs);
  };
  const note = (what: string): void => void told.push(`${time.now()} ${what}`);
  const alarms = new Alarms({ now: time.now, schedule }, 1);
  const authorization = new Authorization(
    { clocks: { environment: { now: time.now, random: () => random }, alarms, wallClock: () => START_MS + time.now() }, authorize },
    {
      granted: ({ userId }, role, token) => note(`granted ${role} ${userId} by ${token}`),
      confirmed: (role) => note(`confirmed ${role}`),
      refused: ({ code, reason = '' }) => note(`refused ${code} ${reason}`.trim()),
      expiring: (leftMs) => note(`expiring in ${leftMs}`),
      failed: () => note('failed'),
      unanswered: () => note('unanswered'),
    },
  );
  /** Events since the last look. */
  const news = async (ms = 0): Promise<string[]> => {
    await time.advance(ms);
    return told.splice(0);
  };
  return { authorization, news, timers: () => timers };
}

const admitting = (more: Partial<Admission>) => (): Promise<AuthorizeAnswer> =>
  Promise.resolve({ ok: true, role: 'editor', userId: 'ana', ...more });

/** A recheck whose answers are given one by one. */
function asked(): { recheck(): Promise<RecheckAnswer>; answer(answer: RecheckAnswer | Error): void; count(): number; open(): number } {
  const waiting: ((answer: RecheckAnswer | Error) => void)[] = [];
  let count = 0;
  return {
    recheck: () => {
      count += 1;
      return new Promise((resolve, reject) => waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))));
    },
    answer: (answer) => waiting.shift()?.(answer),
    count: () => count,
    open: () => waiting.length,
  };
}

describe('asking again', () => {
  it.each([
    [0, 7_500],
    [0.5, 10_000],
    [0.999, 12_495],
  ])('[RI1] an answer with recheck is asked about every 10 s or so: with random %f after %i ms', async (random, afterMs) => {
    let count = 0;
    const recheck = (): Promise<RecheckAnswer> => Promise.resolve((count += 1) < 3 ? editor : away);
    const { authorization, news } = setup(admitting({ recheck }), random);
    authorization.authenticate('t');
    expect(await news(afterMs - 1)).toEqual(['0 granted editor ana by t']);
    expect(await news(1)).toEqual([`${afterMs} confirmed editor`]);
    await news(afterMs);
    expect(await news(afterMs)).toEqual([`${3 * afterMs} refused FORBIDDEN removed`]);
    expect(await news(60_000)).toEqual([]);
    expect(count).toBe(3);
  });

  it('[RI1] a report of changed rights is asked about at once; many reports during one question cause one more, after it', async () => {
    const port = asked();
    const { authorization, news } = setup(admitting(port));
    authorization.authenticate('t');
    await news();
    for (let i = 0; i < 50; i++) authorization.changed();
    expect([port.count(), port.open()]).toEqual([1, 1]);
    port.answer(editor);
    expect(await news()).toEqual(['0 confirmed editor']);
    expect([port.count(), port.open()]).toEqual([2, 1]);
    port.answer({ ok: true, role: 'viewer' });
    expect(await news()).toEqual(['0 confirmed viewer']);
    expect([port.count(), port.open()]).toEqual([2, 0]);
  });

  it('[RI1] an answer without recheck is never asked about again, and needs no timer', async () => {
    const { authorization, news, timers } = setup(admitting({}));
    authorization.authenticate('t');
    await news();
    authorization.changed();
    expect(await news(3_600_000)).toEqual([]);
    expect(timers()).toBe(0);
  });

  it('[RI4] a failing question keeps the last answer, is repeated every second, and after 15 s ends the connection', async () => {
    let isBroken = true;
    const recheck = (): Promise<RecheckAnswer> => (isBroken ? Promise.reject(new Error('away')) : Promise.resolve(editor));
    const { authorization, news } = setup(admitting({ recheck }));
    authorization.authenticate('t');
    await news();
    authorization.changed();
    expect(await news(3_500)).toEqual(['0 unanswered', '1000 unanswered', '2000 unanswered', '3000 unanswered']);
    isBroken = false;
    expect(await news(500)).toEqual(['4000 confirmed editor']);
    isBroken = true;
    await news(11_000);
    authorization.changed();
    const end = (await news(30_000)).filter((what) => !what.endsWith('unanswered'));
    // The first question without an answer was the one at 14,000.
    expect(end).toEqual(['29000 refused UNAVAILABLE']);
  });

  it('[RI4] a question that is never answered, or that throws instead of rejecting, ends the connection after 15 s', async () => {
    const port = asked();
    const { authorization, news } = setup(admitting(port));
    authorization.authenticate('t');
    expect(await news(24_999)).toEqual(['0 granted editor ana by t']);
    expect(await news(1)).toEqual(['25000 refused UNAVAILABLE']);
    port.answer(editor);
    expect(await news(60_000)).toEqual([]);
    const thrown = setup(
      admitting({
        recheck: () => {
          throw new Error('bug');
        },
      }),
    );
    thrown.authorization.authenticate('t');
    expect((await thrown.news(60_000)).at(-1)).toBe('25000 refused UNAVAILABLE');
  });
});

describe('expiry', () => {
  it('[RI5] a token that expires causes a notice a minute before, and a refusal at its end', async () => {
    const { authorization, news } = setup(admitting({ expiresAtMs: START_MS + 200_000 }));
    authorization.authenticate('t');
    expect(await news(139_999)).toEqual(['0 granted editor ana by t']);
    expect(await news(1)).toEqual(['140000 expiring in 60000']);
    expect(await news(59_999)).toEqual([]);
    expect(await news(1)).toEqual(['200000 refused UNAUTHENTICATED token_expired']);
  });

  it('[RI5] a token with little time left causes a notice at half of it; an expired token is refused', async () => {
    const { authorization, news } = setup(admitting({ expiresAtMs: START_MS + 5_000 }));
    authorization.authenticate('t');
    expect(await news(2_500)).toEqual(['0 granted editor ana by t', '2500 expiring in 2500']);
    const over = setup(admitting({ expiresAtMs: START_MS - 1 }));
    over.authorization.authenticate('t');
    expect(await over.news(1)).toEqual(['0 granted editor ana by t', '1 refused UNAUTHENTICATED token_expired']);
  });

  it.each([
    ['tokens of half a minute', 30_000],
    ['the same token again and again', null],
  ])('[RI5] a client that answers each notice with %s does not get notices without end', async (_, lifeMs) => {
    let told = 0;
    const time = virtualTime();
    const wallClock = (): number => START_MS + time.now();
    const expiresAtMs = (): number => (lifeMs === null ? START_MS + 100_000 : wallClock() + lifeMs);
    const none = (): void => undefined;
    const authorization: Authorization = new Authorization(
      {
        clocks: { environment: time, alarms: new Alarms(time, 1), wallClock },
        authorize: async () => ({ ok: true, role: 'editor', userId: 'ana', expiresAtMs: expiresAtMs() }),
      },
      {
        ...{ granted: none, confirmed: none, refused: none, failed: none, unanswered: none },
        expiring: () => {
          told += 1;
          authorization.authenticate('t');
        },
      },
    );
    authorization.authenticate('t');
    await time.advance(120_000);
    expect(told).toBeLessThan(25);
  });

  it('[RI5] another token brings its own expiry and its own recheck', async () => {
    const old = asked();
    const fresh = asked();
    const { authorization, news } = setup((token) =>
      Promise.resolve({
        ok: true,
        userId: 'ana',
        role: token === 'old' ? 'editor' : 'owner',
        ...(token === 'old' ? { recheck: old.recheck, expiresAtMs: START_MS + 70_000 } : { recheck: fresh.recheck }),
      }),
    );
    authorization.authenticate('old');
    await news();
    authorization.changed();
    authorization.authenticate('new');
    expect(await news()).toEqual(['0 granted owner ana by new']);
    old.answer(away);
    expect(await news(10_000)).toEqual([]);
    expect(fresh.open()).toBe(1);
    fresh.answer({ ok: true, role: 'owner' });
    expect(await news()).toEqual(['10000 confirmed owner']);
    for (let i = 0; i < 10; i++) {
      await news(10_000);
      fresh.answer(editor);
    }
    expect(await news()).toEqual(['110000 confirmed editor']);
  });

  it('[RI5] a token that lasts 90 days does not end at once, although timers are shorter', async () => {
    const { authorization, news } = setup(admitting({ expiresAtMs: START_MS + 90 * 24 * 3_600_000 }));
    authorization.authenticate('t');
    expect(await news(25 * 24 * 3_600_000)).toEqual(['0 granted editor ana by t']);
    expect(await news(65 * 24 * 3_600_000)).toEqual(['7775940000 expiring in 60000', '7776000000 refused UNAUTHENTICATED token_expired']);
  });
});

describe('being let in', () => {
  it('[RI8] rights that change while a connection is being let in are asked about before the answer counts', async () => {
    const port = asked();
    let admit: (answer: AuthorizeAnswer) => void = () => undefined;
    const { authorization, news } = setup(() => new Promise((resolve) => (admit = resolve)));
    authorization.authenticate('t');
    authorization.changed();
    admit({ ok: true, role: 'owner', userId: 'ana', recheck: port.recheck });
    expect(await news()).toEqual([]);
    // Rights change once more while that question is open.
    authorization.changed();
    port.answer({ ok: true, role: 'editor' });
    expect(await news()).toEqual([]);
    port.answer({ ok: true, role: 'viewer' });
    expect(await news()).toEqual(['0 granted viewer ana by t']);
  });

  it.each([
    ['one', 1],
    ['more than are remembered', 1_001],
  ])('[RI8] changes of other users (%s) cause at most one more question; a change of this user causes one', async (_, others) => {
    const port = asked();
    let admit: (answer: AuthorizeAnswer) => void = () => undefined;
    const { authorization, news } = setup(() => new Promise((resolve) => (admit = resolve)));
    const change = (): void => {
      for (let i = 0; i < others; i++) authorization.changed(`user ${i}`);
    };
    authorization.authenticate('t');
    change();
    authorization.changed('ana');
    admit({ ok: true, role: 'owner', userId: 'ana', recheck: port.recheck });
    await news();
    expect(port.open()).toBe(1);
    if (others === 1) change();
    port.answer({ ok: true, role: 'editor' });
    expect(await news()).toEqual(['0 granted editor ana by t']);
    change();
    expect(port.open()).toBe(0);
    authorization.changed('ana');
    expect(port.open()).toBe(1);
  });

  it('[RI8] a user whose access is revoked while being let in is refused', async () => {
    const port = asked();
    let admit: (answer: AuthorizeAnswer) => void = () => undefined;
    const { authorization, news } = setup(() => new Promise((resolve) => (admit = resolve)));
    authorization.authenticate('t');
    authorization.changed();
    admit({ ok: true, role: 'owner', userId: 'ana', recheck: port.recheck });
    await news();
    port.answer(away);
    expect(await news()).toEqual(['0 refused FORBIDDEN removed']);
  });

  it('[RI6] of the tokens that come while one is asked about, only the newest is asked about', async () => {
    const tokens: string[] = [];
    const { authorization, news } = setup(async (token) => {
      tokens.push(token);
      return { ok: true, role: 'editor', userId: 'ana' };
    });
    for (let i = 0; i < 100; i++) authorization.authenticate(`t${i}`);
    expect(await news()).toEqual(['0 granted editor ana by t0', '0 granted editor ana by t99']);
    expect(tokens).toEqual(['t0', 't99']);
  });

  it('[RI6] after the end no event follows, whatever was under way', async () => {
    let admit: (answer: AuthorizeAnswer) => void = () => undefined;
    const { authorization, news } = setup(() => new Promise((resolve) => (admit = resolve)));
    authorization.authenticate('t');
    authorization.close();
    admit({ ok: true, role: 'editor', userId: 'ana', expiresAtMs: START_MS + 1_000 });
    expect(await news(60_000)).toEqual([]);
    const failing = setup(() => Promise.reject(new Error('away')));
    failing.authorization.authenticate('t');
    expect(await failing.news()).toEqual(['0 failed']);
  });
});
