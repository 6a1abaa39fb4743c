import { describe, expect, it } from 'vitest';
import type { RelaySettings, SignedIn } from '../core/board-info.ts';
import { createKeyValue } from '../core/key-value.ts';
import { Account } from './account.ts';
import type { ApiAnswer, GuestToken, RelayApi } from './relay-api.ts';

const DAY_MS = 24 * 3_600_000;
const UNREACHABLE = { ok: false, kind: 'unreachable' } as const;
const ABSENT = { ok: false, kind: 'absent' } as const;
const guests: RelaySettings = { auth: 'guests', rooms: 'owned', tokenUrl: null, loginUrl: null, imageOrigins: [] };
const tokens: RelaySettings = {
  auth: 'tokens',
  rooms: 'owned',
  tokenUrl: 'https://a.example/token',
  loginUrl: 'https://a.example/login',
  imageOrigins: ['https://pictures.example'],
};
const again = { mustBeFresh: false };

function jwt(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
}

/** A browser whose storage outlives its pages, and a relay with the answers that a test sets. */
function setup() {
  const entries = new Map<string, string>();
  const store = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
  const world = {
    nowMs: 1_000_000,
    name: 'Ana',
    settings: { ok: true, value: guests } as ApiAnswer<RelaySettings>,
    guest: null as ApiAnswer<GuestToken> | null,
    minted: [] as { secret: string; name: string }[],
    settingsAsked: 0,
    user: undefined as SignedIn | null | undefined,
    operator: () => Promise.resolve(new Response('', { status: 401 })),
  };
  const api = {
    settings: () => Promise.resolve((world.settingsAsked++, world.settings)),
    guest(who: { secret: string; name: string }) {
      world.minted.push(who);
      return Promise.resolve(
        world.guest ?? { ok: true, value: { token: `t${world.minted.length}`, expiresAtMs: world.nowMs + 90 * DAY_MS } },
      );
    },
  } as unknown as RelayApi;
  const page = (): Account =>
    new Account({
      api,
      facts: createKeyValue(() => store),
      guest: () => ({ id: 'guest:a', secret: 'S', name: world.name }),
      onUser: (user) => (world.user = user),
      onChange: () => undefined,
      fetchFrom: ((_url: string, request: RequestInit) => {
        expect([request.credentials, request.cache]).toEqual(['include', 'no-store']);
        return world.operator();
      }) as typeof fetch,
      now: () => world.nowMs,
    });
  return { world, page };
}

it('a changed name that cannot be sent now keeps the old token in use, unless the relay asks for a fresh one', async () => {
  const { world, page } = setup();
  const account = page();
  const first = await account.token(again);
  [world.name, world.guest] = ['Anna', UNREACHABLE];
  expect(await account.token(again)).toBe(first);
  await expect(account.token({ mustBeFresh: true })).rejects.toThrow();
  world.nowMs += 91 * DAY_MS;
  await expect(account.token(again)).rejects.toThrow();
});

it('of several connections that need another token, the first gets it for all; one that is refused again gets another', async () => {
  const { world, page } = setup();
  world.settings = { ok: true, value: tokens };
  let given = 0;
  world.operator = () => Promise.resolve(Response.json({ token: jwt({ sub: 'u', n: (given += 1), exp: world.nowMs / 1_000 + 300 }) }));
  const account = page();
  const [board, inbox] = [account.forConnection(), account.forConnection()];
  const first = await board(again);
  expect([await inbox(again), given]).toEqual([first, 1]);
  const fresh = { mustBeFresh: true };
  const [second, same] = await Promise.all([board(fresh), inbox(fresh)]);
  expect([second !== first, same, given]).toEqual([true, second, 2]);
  const third = await board(fresh);
  expect([await inbox(fresh), given]).toEqual([third, 3]);

  const guest = setup();
  const [one, other] = [guest.page().forConnection(), guest.page().forConnection()];
  expect([await one(again), await other(again)]).toEqual(['t1', 't1']);
  expect([await one(fresh), await other(fresh), await one(fresh)]).toEqual(['t2', 't2', 't3']);
});

describe('a guest', () => {
  it('a guest gets one token for many pages, a new one in good time, and another after a change of name', async () => {
    const { world, page } = setup();
    const first = page();
    expect([await first.token(again), await first.token(again), await page().token(again)]).toEqual(['t1', 't1', 't1']);
    expect(world.settingsAsked).toBe(2);
    world.nowMs += 84 * DAY_MS;
    expect(await first.token(again)).toBe('t2');
    world.name = 'Anna';
    expect(await first.token(again)).toBe('t3');
    expect(await first.token({ mustBeFresh: true })).toBe('t4');
    expect(world.minted.map(({ name }) => name)).toEqual(['Ana', 'Ana', 'Anna', 'Anna']);
  });

  it('a guest has no token if the relay identifies nobody, has no such API, or cannot be reached', async () => {
    for (const settings of [{ ok: true, value: { ...guests, auth: 'none' } }, ABSENT, UNREACHABLE] as ApiAnswer<RelaySettings>[]) {
      const { world, page } = setup();
      world.settings = settings;
      expect(await page().token(again)).toBe('');
    }
  });

  it('a guest waits for a relay that is known to identify people, rather than enter without a token', async () => {
    const { world, page } = setup();
    await page().settings();
    world.settings = UNREACHABLE;
    await expect(page().token(again)).rejects.toThrow('cannot be reached');
    world.settings = { ok: true, value: guests };
    world.guest = UNREACHABLE;
    await expect(page().token(again)).rejects.toThrow('cannot be reached');
    world.guest = { ok: false, kind: 'refused', code: 'guests_off' };
    expect(await page().token(again)).toBe('');
  });
});

describe("a user of the operator's", () => {
  it('an operator’s user has the identity in the token, also on the next page without a network', async () => {
    const { world, page } = setup();
    world.settings = { ok: true, value: tokens };
    const token = jwt({ sub: 'u-1', name: 'Ana Lïma', exp: world.nowMs / 1_000 + 300 });
    world.operator = () => Promise.resolve(Response.json({ token }));
    const account = page();
    expect(await account.token(again)).toBe(token);
    expect(world.user).toEqual({ id: 'u-1', name: 'Ana Lïma', picture: null });
    world.operator = () => Promise.reject(new TypeError('no network'));
    expect(await account.token(again)).toBe(token);
    world.nowMs += 280_000;
    await expect(account.token(again)).rejects.toThrow('no network');
    world.user = undefined;
    world.settings = UNREACHABLE;
    page();
    expect(world.user).toEqual({ id: 'u-1', name: 'Ana Lïma', picture: null });
  });

  it('the picture of a token is mine if its origin is the operator’s, also on the next page without a network', async () => {
    const { world, page } = setup();
    world.settings = { ok: true, value: tokens };
    const pictureOf = async (picture: unknown): Promise<unknown> => {
      world.operator = () => Promise.resolve(Response.json({ token: jwt({ sub: 'u-1', picture }) }));
      await page().token({ mustBeFresh: true });
      return world.user?.picture;
    };
    expect(await pictureOf('https://evil.example/pixel.png')).toBeNull();
    expect(await pictureOf('http://pictures.example/ana.png')).toBeNull();
    expect(await pictureOf(['https://pictures.example/ana.png'])).toBeNull();
    expect(await pictureOf('https://pictures.example/ana.png')).toBe('https://pictures.example/ana.png');
    world.user = undefined;
    world.settings = UNREACHABLE;
    page();
    expect(world.user).toEqual({ id: 'u-1', name: '', picture: 'https://pictures.example/ana.png' });
  });

  it('a person who is not signed in is sent to sign in, and enters afterwards', async () => {
    const { world, page } = setup();
    world.settings = { ok: true, value: tokens };
    const account = page();
    expect(account.signIn).toBeNull();
    await account.meet();
    expect(account.signIn).toEqual({ url: 'https://a.example/login' });
    expect(await account.token(again)).toBe('');
    world.operator = () => Promise.resolve(Response.json({ token: jwt({ sub: 'u-1' }) }));
    await account.token({ mustBeFresh: true });
    expect(account.signIn).toBeNull();
    expect(world.user).toEqual({ id: 'u-1', name: '', picture: null });
  });

  it.each([401, 403])(
    'a person who signed out is the guest again, here and on the next page, and has no token: status %i',
    async (status) => {
      const { world, page } = setup();
      world.settings = { ok: true, value: tokens };
      world.operator = () => Promise.resolve(Response.json({ token: jwt({ sub: 'u-1', exp: world.nowMs / 1_000 + 300 }) }));
      const account = page();
      await account.token(again);
      world.operator = () => Promise.resolve(new Response('', { status }));
      expect(await account.token({ mustBeFresh: true })).toBe('');
      expect([world.user, await account.token(again), account.signIn]).toEqual([null, '', { url: 'https://a.example/login' }]);
      world.user = undefined;
      world.settings = UNREACHABLE;
      page();
      expect(world.user).toBeNull();
    },
  );

  it('another tab that learns who is signed in, or that nobody is, tells this one; no token of the person before is used', async () => {
    const { world, page } = setup();
    world.settings = { ok: true, value: tokens };
    const tokenOf = (sub: string) => jwt({ sub, exp: world.nowMs / 1_000 + 300 });
    const sign = (answer: () => Response) => (world.operator = () => Promise.resolve(answer()));
    sign(() => Response.json({ token: tokenOf('u-1') }));
    const [here, there] = [page(), page()];
    await Promise.all([here.token(again), there.token(again)]);
    sign(() => new Response('', { status: 401 }));
    await there.token({ mustBeFresh: true });
    world.user = undefined;
    here.follow();
    expect([world.user, here.signIn]).toEqual([null, { url: 'https://a.example/login' }]);
    sign(() => Response.json({ token: tokenOf('u-2') }));
    await there.token({ mustBeFresh: true });
    here.follow();
    expect([(world.user as SignedIn | null | undefined)?.id, here.signIn]).toEqual(['u-2', null]);
    expect(await here.token(again)).toBe(tokenOf('u-2'));
  });

  it('a relay with guests has no user to follow', async () => {
    const { world, page } = setup();
    const account = page();
    const token = await account.token(again);
    world.user = undefined;
    account.follow();
    expect([world.user, account.signIn, await account.token(again)]).toEqual([undefined, null, token]);
  });

  it('an answer without a token signs nobody in, and nobody out', async () => {
    const { world, page } = setup();
    world.settings = { ok: true, value: tokens };
    world.operator = () => Promise.resolve(Response.json({ token: jwt({ sub: 'u-1', exp: world.nowMs / 1_000 + 300 }) }));
    const account = page();
    await account.token(again);
    world.nowMs += 280_000;
    for (const answer of [() => new Response('oops', { status: 500 }), () => Response.json({ token: 7 }), () => Response.json({})]) {
      world.operator = () => Promise.resolve(answer());
      await expect(account.token(again)).rejects.toThrow();
      await account.meet();
      expect([account.signIn, world.user?.id]).toEqual([null, 'u-1']);
    }
  });
});
