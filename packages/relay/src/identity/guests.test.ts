import { expect, it } from 'vitest';
import { createGuests, guestIdOfSecret, isGuestSecret } from './guests.ts';
import { createTokenVerifier } from './token-verifier.ts';

const secret = 'a secret of guests that is long enough';
const startMs = Date.UTC(2026, 0, 1);
const DAY_MS = 24 * 3_600_000;

it('[ID1] a guest keeps the id after a restart, on another relay and after renewing, and can change the name', async () => {
  let nowMs = startMs;
  const guests = createGuests({ secret, now: () => nowMs });
  const ana = await guests.mint('Ana');
  expect(ana.user).toEqual({ id: expect.stringMatching(/^guest:[A-Za-z0-9_-]{22}$/), name: 'Ana' });
  expect(ana.expiresAtMs).toBe(startMs + 90 * DAY_MS);

  const restarted = createGuests({ secret, now: () => nowMs });
  expect(await restarted.verify(ana.token)).toMatchObject({ ok: true, user: ana.user });
  nowMs += 80 * DAY_MS;
  const renewed = await restarted.renew(ana.token);
  expect(renewed).toMatchObject({ ok: true, user: ana.user, expiresAtMs: nowMs + 90 * DAY_MS });
  const renamed = await restarted.renew(renewed.ok ? renewed.token : '', ' Ana\u202eB\n ');
  expect(renamed).toMatchObject({ ok: true, user: { id: ana.user.id, name: 'AnaB' } });
  expect(await restarted.renew(renamed.ok ? renamed.token : '', '')).toMatchObject({ user: { id: ana.user.id } });

  nowMs += 20 * DAY_MS;
  expect(await guests.verify(ana.token)).toEqual({ ok: false, reason: 'token_expired' });
  expect(await guests.renew(ana.token)).toEqual({ ok: false, reason: 'token_expired' });
});

it('[ID1] two guests have two ids, and neither id can be forged', async () => {
  const guests = createGuests({ secret });
  const [ana, ben] = [await guests.mint(), await guests.mint('\u200b')];
  expect(ana.user.id).not.toBe(ben.user.id);
  expect(ben.user).toEqual({ id: ben.user.id });
  const [, payload = '', signature = ''] = ana.token.split('.');
  const [head = '', other = ''] = ben.token.split('.');
  expect(await guests.verify(`${head}.${other}.${signature}`)).toEqual({ ok: false, reason: 'token_signature' });
  expect(await guests.verify(`${head}.${payload}.`)).toEqual({ ok: false, reason: 'token_signature' });
  expect(await createGuests({ secret: `${secret}!` }).verify(ana.token)).toEqual({ ok: false, reason: 'token_signature' });
  expect(await guests.verify('')).toEqual({ ok: false, reason: 'token_missing' });
  expect(() => createGuests({ secret: 'short' })).toThrow(RangeError);
});

it('[ID2] with one secret for both, a guest’s token is never valid as an operator’s token, nor the other way round', async () => {
  const guests = createGuests({ secret });
  const keys = { kind: 'secret', secret } as const;
  const verifier = createTokenVerifier({ keys, algorithms: ['HS256'], issuer: 'wetink', audience: 'boards' });
  const { token } = await guests.mint('Ana');
  expect(await verifier.verify(token)).toEqual({ ok: false, reason: 'token_audience' });
  expect(() => createTokenVerifier({ keys, algorithms: ['HS256'], issuer: 'wetink', audience: 'wetink:guest' })).toThrow(
    'the audience wetink:guest is reserved for guests',
  );
});

it('[ID7] a guest that was never online has the id derived from its secret, as the web app derives it', async () => {
  // The golden vector: secret of the bytes 0 to 31, and its id. The web app's own derivation is tested with the same one.
  const golden = { secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', id: 'guest:fAGQPtUyXumHYbqB6BBdW-' };
  expect(guestIdOfSecret(golden.secret)).toBe(golden.id);
  const guests = createGuests({ secret, now: () => startMs });
  const ana = await guests.enter(golden.secret, 'Ana');
  expect(ana.user).toEqual({ id: golden.id, name: 'Ana' });
  expect(await guests.verify(ana.token)).toMatchObject({ ok: true, user: ana.user });
  expect(await guests.renew(ana.token)).toMatchObject({ user: ana.user });
  expect(ana.token).not.toContain(golden.secret);

  for (const bad of ['', golden.secret.slice(1), `${golden.secret}A`, `${golden.secret.slice(0, -1)}9`, `${golden.secret.slice(0, -1)}=`]) {
    expect(isGuestSecret(bad), bad).toBe(false);
    await expect(guests.enter(bad)).rejects.toThrow(RangeError);
  }
});
