/** Tokens are made by hand with node:crypto, not with the library under test, which would refuse to make most of these. */

import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { IdentityUnavailableError, type IdentityReason } from './answer.ts';
import { tokenAlgorithms, type TokenAlgorithm, type TokenKeys } from './token-keys.ts';
import { createTokenVerifier } from './token-verifier.ts';

const nowMs = Date.UTC(2026, 0, 1);
const nowS = nowMs / 1_000;
const secret = 'the secret of an operator, long enough for HS512: it has more than 64 bytes';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = (key: KeyObject, kid: string): object => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const jwks = JSON.stringify({ keys: [jwk(rsa.publicKey, 'rsa-1'), jwk(ed.publicKey, 'ed-1')] });

const good = { iss: 'https://id.example', aud: 'boards', sub: 'ana', exp: nowS + 600 };
const ofAna = { ok: true, user: { id: 'ana' } };

function verifier(keys: TokenKeys, ...algorithms: TokenAlgorithm[]) {
  return createTokenVerifier({ keys, algorithms, issuer: good.iss, audience: good.aud, now: () => nowMs });
}

const bySecret = verifier({ kind: 'secret', secret }, 'HS256');
const byPem = verifier({ kind: 'public-key', pem }, 'RS256');
const bySet = verifier({ kind: 'jwks', document: jwks }, 'RS256', 'EdDSA');

const encode = (part: unknown): string =>
  (Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))).toString('base64url');

type Signer = (input: string) => Buffer;
const hmac =
  (key: string, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, key).update(input).digest();
const withKey =
  (key: KeyObject, hash: string | null): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

function token(header: unknown, claims: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

const hs = (claims: unknown, header: object = {}): string => token({ alg: 'HS256', ...header }, claims, hmac(secret));
const rs = (claims: unknown, header: object = {}): string => token({ alg: 'RS256', ...header }, claims, withKey(rsa.privateKey, 'sha256'));
const eddsa = (claims: unknown, header: object, key = ed.privateKey): string =>
  token({ alg: 'EdDSA', ...header }, claims, withKey(key, null));
const without = (claim: keyof typeof good): object => Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim));

const table: [string, typeof bySecret, string, IdentityReason][] = [
  ['nothing', bySecret, '', 'token_missing'],
  // Format
  ['a leading space', bySecret, ` ${hs(good)}`, 'token_malformed'],
  ['a line break after it', bySecret, `${hs(good)}\n`, 'token_malformed'],
  ['two parts', bySecret, hs(good).split('.', 2).join('.'), 'token_malformed'],
  ['four parts', bySecret, `${hs(good)}.e30`, 'token_malformed'],
  ['five parts, as an encrypted one has', bySecret, 'e30.e30.e30.e30.e30', 'token_malformed'],
  ['padding', bySecret, `${hs(good)}=`, 'token_malformed'],
  ['100 kB', bySecret, hs({ ...good, name: 'x'.repeat(100_000) }), 'token_malformed'],
  ['a NUL', bySecret, hs(good).replace('.', '\0.'), 'token_malformed'],
  ['a header that is a list', bySecret, token([], good, hmac(secret)), 'token_malformed'],
  ['a header that is no JSON', bySecret, token('{"alg":', good, hmac(secret)), 'token_malformed'],
  ['claims that are a text', bySecret, hs('"ana"'), 'token_malformed'],
  ['claims that are not UTF-8', bySecret, hs(Buffer.from([0x7b, 0xff, 0x7d])), 'token_malformed'],
  // Algorithms
  ['alg none', bySecret, `${encode({ alg: 'none' })}.${encode(good)}.`, 'token_signature'],
  ['alg nOnE, with a signature', bySecret, hs(good, { alg: 'nOnE' }), 'token_signature'],
  ['no alg', bySecret, token({ typ: 'JWT' }, good, hmac(secret)), 'token_malformed'],
  ['alg as a list', bySecret, hs(good, { alg: ['HS256'] }), 'token_malformed'],
  ['HS256 with the public key as the secret', byPem, token({ alg: 'HS256' }, good, hmac(pem)), 'token_signature'],
  ['the same, with a leading line break in the key', byPem, token({ alg: 'HS256' }, good, hmac(`\n${pem}`)), 'token_signature'],
  ['HS512 where HS256 is configured', bySecret, token({ alg: 'HS512' }, good, hmac(secret, 'sha512')), 'token_signature'],
  ['RS256 for the key that is for EdDSA', bySet, rs(good, { kid: 'ed-1' }), 'token_signature'],
  // Keys
  ['no signature', bySecret, hs(good).replace(/[^.]*$/, ''), 'token_signature'],
  [
    'the signature of another token',
    bySecret,
    hs(good).replace(/[^.]*$/, hs({ ...good, sub: 'ben' }).split('.')[2] ?? ''),
    'token_signature',
  ],
  ['another secret', bySecret, token({ alg: 'HS256' }, good, hmac(`${secret}!`)), 'token_signature'],
  ['an empty secret', bySecret, token({ alg: 'HS256' }, good, hmac('')), 'token_signature'],
  ['a kid that is not in the set', bySet, eddsa(good, { kid: 'ed-2' }, stranger.privateKey), 'token_signature'],
  ['no kid with a set', bySet, eddsa(good, {}), 'token_signature'],
  ['a kid that is a path', bySet, eddsa(good, { kid: '../../../../dev/null' }), 'token_signature'],
  ['a kid that is SQL', bySet, eddsa(good, { kid: "x' UNION SELECT 'key' --" }), 'token_signature'],
  ['a kid that every object has', bySet, eddsa(good, { kid: '__proto__' }), 'token_signature'],
  ['a kid that is a number', bySet, eddsa(good, { kid: 1 }), 'token_malformed'],
  ['a key in its own header', bySet, eddsa(good, { jwk: jwk(stranger.publicKey, 'ed-1') }, stranger.privateKey), 'token_signature'],
  [
    'an address of keys in its header',
    bySet,
    eddsa(good, { kid: 'ed-1', jku: 'https://evil.example' }, stranger.privateKey),
    'token_signature',
  ],
  // Header
  ['crit with something unknown', bySecret, hs(good, { crit: ['x'], x: 1 }), 'token_malformed'],
  ['crit with something known', bySecret, hs(good, { crit: ['b64'], b64: true }), 'token_malformed'],
  ['an empty crit', bySecret, hs(good, { crit: [] }), 'token_malformed'],
  ['another type of token', bySecret, hs(good, { typ: 'logout+jwt' }), 'token_audience'],
  // Claims
  ['another audience', bySecret, hs({ ...good, aud: 'mail' }), 'token_audience'],
  ['no audience', bySecret, hs(without('aud')), 'token_audience'],
  ['an audience that begins alike', bySecret, hs({ ...good, aud: ['boards2', 'board'] }), 'token_audience'],
  ['another issuer', bySecret, hs({ ...good, iss: `${good.iss}/` }), 'token_issuer'],
  ['no issuer', bySecret, hs(without('iss')), 'token_issuer'],
  ['a list of issuers', bySecret, hs({ ...good, iss: [good.iss] }), 'token_issuer'],
  ['no exp', bySecret, hs(without('exp')), 'token_malformed'],
  ['exp as a text', bySecret, hs({ ...good, exp: String(good.exp) }), 'token_malformed'],
  ['exp at infinity', bySecret, hs(JSON.stringify(good).replace(`${good.exp}`, '1e999')), 'token_malformed'],
  ['expired 30 s ago', bySecret, hs({ ...good, exp: nowS - 30 }), 'token_expired'],
  ['nbf 31 s ahead', bySecret, hs({ ...good, nbf: nowS + 31 }), 'token_not_yet_valid'],
  ['nbf as a text', bySecret, hs({ ...good, nbf: 'now' }), 'token_malformed'],
  ['no sub', bySecret, hs(without('sub')), 'token_malformed'],
  ['sub in __proto__', bySecret, hs(JSON.stringify(without('sub')).replace('{', '{"__proto__":{"sub":"ana"},')), 'token_malformed'],
  ['an empty sub', bySecret, hs({ ...good, sub: '' }), 'token_malformed'],
  ['sub as a number', bySecret, hs({ ...good, sub: 7 }), 'token_malformed'],
  ['a sub of 129 characters', bySecret, hs({ ...good, sub: 'x'.repeat(129) }), 'token_malformed'],
  ['a sub that looks like another', bySecret, hs({ ...good, sub: 'ana\u200b' }), 'token_malformed'],
  ["a guest's id", bySecret, hs({ ...good, sub: `guest:${'A'.repeat(22)}` }), 'not_allowed'],
  ["a bot's id", bySecret, hs({ ...good, sub: `bot:${'A'.repeat(11)}` }), 'not_allowed'],
  ['an id that begins as those of bots', bySecret, hs({ ...good, sub: 'bot:ci' }), 'not_allowed'],
];

describe('tokens of an operator', () => {
  it.each(table)('[ID3] [ID4] row B12: %s', async (_, by, text, reason) => {
    expect(await by.verify(text)).toEqual({ ok: false, reason });
  });

  it('[ID3] the table has at least 40 rows, and the same tokens without the fault are accepted', async () => {
    expect(table.length).toBeGreaterThanOrEqual(40);
    for (const [by, text] of [
      [bySecret, hs(good)],
      [bySecret, hs(good, { typ: 'JWT' })],
      [bySecret, hs(good, { typ: 'application/at+jwt', kid: '../../dev/null' })],
      [bySecret, hs({ ...good, aud: ['mail', 'boards'] })],
      [bySecret, hs({ ...good, exp: nowS - 29 })],
      [bySecret, hs({ ...good, nbf: nowS + 30 })],
      [byPem, rs(good)],
      [bySet, rs(good, { kid: 'rsa-1' })],
      [bySet, eddsa(good, { kid: 'ed-1' })],
    ] as const)
      expect(await by.verify(text), text).toMatchObject(ofAna);
    expect(await verifier({ kind: 'secret', secret }, 'HS512').verify(token({ alg: 'HS512' }, good, hmac(secret, 'sha512')))).toMatchObject(
      ofAna,
    );
    const byEc = verifier({ kind: 'public-key', pem: ec.publicKey.export({ type: 'spki', format: 'pem' }).toString() }, 'ES256');
    expect(await byEc.verify(token({ alg: 'ES256' }, good, withKey(ec.privateKey, 'sha256')))).toMatchObject(ofAna);
  });

  it('[ID3] a change of any single character of a token is noticed', async () => {
    const text = hs(good);
    const last = text.length - 1; // Its last two bits are not part of the signature.
    for (let i = 0; i < last; i++) {
      const changed = `${text.slice(0, i)}${text[i] === 'A' ? 'B' : 'A'}${text.slice(i + 1)}`;
      expect((await bySecret.verify(changed)).ok, `character ${i}`).toBe(false);
    }
  });

  it('[ID5] a name and picture that can be shown are accepted, and no other claim is', async () => {
    const told = { name: '  \u202eAna\u0000 Maria\u200b', picture: 'https://pictures.example/ana.png', role: 'owner', exp: nowS + 60.5 };
    expect(await bySecret.verify(hs({ ...good, ...told }))).toEqual({
      ok: true,
      user: { id: 'ana', name: 'Ana Maria', picture: 'https://pictures.example/ana.png' },
      expiresAtMs: nowMs + 60_500 + 30_000,
    });
    const longest = hs({ ...good, sub: 'x'.repeat(128), name: '👩‍🚀'.repeat(40) });
    const answer = await bySecret.verify(longest);
    expect(answer.ok && [answer.user.id.length, [...(answer.user.name ?? '')].length]).toEqual([128, 64]);
    for (const picture of [
      'javascript:alert(1)',
      'data:image/svg+xml,x',
      'http://a/b',
      'https://u:p@a/b',
      `https://a/${'x'.repeat(1_100)}`,
      7,
    ])
      expect(await bySecret.verify(hs({ ...good, picture, name: ['Ana'] }))).toMatchObject({ user: { id: 'ana' } });
  });
});

it('[ID5] where origins of pictures are listed, a picture from any other one is left out, however alike it looks', async () => {
  const rules = {
    keys: { kind: 'secret', secret },
    algorithms: ['HS256'],
    issuer: good.iss,
    audience: good.aud,
    now: () => nowMs,
  } as const;
  const listed = ['https://pictures.example', 'https://cdn.example:8443'];
  const pictureFrom = async (picture: string, imageOrigins: readonly string[] | null): Promise<string | undefined> => {
    const answer = await createTokenVerifier({ ...rules, imageOrigins }).verify(hs({ ...good, picture }));
    return answer.ok ? answer.user.picture : 'refused';
  };
  for (const picture of ['https://pictures.example/a.png?s=96', 'https://cdn.example:8443/a'])
    expect(await pictureFrom(picture, listed)).toBe(picture);
  for (const picture of [
    'https://pictures.example.evil.example/a.png',
    'https://pictures.example:444/a.png',
    'https://pictures.example@evil.example/a.png',
    'https://cdn.example/a',
    'http://pictures.example/a.png',
  ])
    expect(await pictureFrom(picture, listed), picture).toBeUndefined();
  expect(await pictureFrom('https://pictures.example/a.png', [])).toBeUndefined();
  expect(await pictureFrom('https://evil.example/a.png', null)).toBe('https://evil.example/a.png');
});

describe('their keys', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1_024 });
  const set = (...keys: object[]): TokenKeys => ({ kind: 'jwks', document: JSON.stringify({ keys }) });
  it.each<[string, TokenKeys, TokenAlgorithm[], RegExp]>([
    ['a short secret', { kind: 'secret', secret: 'x'.repeat(31) }, ['HS256'], /has 31 bytes: HS256 needs at least 32/],
    ['a secret too short for HS512', { kind: 'secret', secret: 'x'.repeat(63) }, ['HS256', 'HS512'], /HS512 needs at least 64/],
    ['a secret with RS256', { kind: 'secret', secret }, ['HS256', 'RS256'], /not with RS256/],
    ['a public key with HS256', { kind: 'public-key', pem }, ['RS256', 'HS256'], /never go with HS256/],
    ['a public key of another type', { kind: 'public-key', pem }, ['ES256'], /another type than ES256 needs/],
    ['an EC key of another curve', set(jwk(ec.publicKey, 'a')), ['ES384'], /suits none of ES384/],
    [
      'a private key',
      { kind: 'public-key', pem: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      ['RS256'],
      /must be a public/,
    ],
    [
      'no key at all',
      { kind: 'public-key', pem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' },
      ['RS256'],
      /not a readable public key/,
    ],
    ['1,024 bits', set(jwk(small.publicKey, 'a')), ['RS256'], /has 1024 bits/],
    ['a set that is none', { kind: 'jwks', document: '[]' }, ['RS256'], /must be a JWK set/],
    ['a set that is no JSON', { kind: 'jwks', document: '{"keys":' }, ['RS256'], /must be a JWK set/],
    ['an empty set', set(), ['RS256'], /at least one key/],
    ['a key without kid', set(rsa.publicKey.export({ format: 'jwk' })), ['RS256'], /number 1\) without a kid/],
    ['two keys of one kid', set(jwk(rsa.publicKey, 'a'), jwk(ed.publicKey, 'a')), ['RS256', 'EdDSA'], /number 2\) with the kid of another/],
    ['a private key in a set', set(jwk(ed.privateKey, 'a')), ['EdDSA'], /not a readable public key/],
    ['a secret in a set', set({ kty: 'oct', k: encode(secret), kid: 'a' }), ['RS256'], /not a readable public key/],
    ['a key for encryption', set({ ...jwk(rsa.publicKey, 'a'), use: 'enc' }), ['RS256'], /not for signatures/],
    ['keys over plain http', { kind: 'jwks-url', url: 'http://id.example/jwks' }, ['RS256'], /must be an https/],
    ['keys from nowhere', { kind: 'jwks-url', url: 'id.example' }, ['RS256'], /not an address/],
    ['no algorithm', { kind: 'secret', secret }, [], /at least one algorithm of HS256/],
  ])('[ID4] %s is refused at the start', (_, keys, algorithms, expected) => {
    expect(() => verifier(keys, ...algorithms)).toThrow(expected);
    expect(() => verifier(keys, ...algorithms)).not.toThrow(secret);
  });

  it('[ID4] issuer and audience are required, and jose knows every algorithm', () => {
    const config = { keys: { kind: 'secret', secret } as const, algorithms: ['HS256'] as const, issuer: 'a', audience: 'b' };
    for (const missing of [{ issuer: '' }, { audience: '' }])
      expect(() => createTokenVerifier({ ...config, ...missing })).toThrow('tokens need an issuer and an audience');
    expect(tokenAlgorithms).not.toContain('none');
  });
});

describe('keys behind an address', () => {
  let requests = 0;
  let status = 200;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(jwks);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('[ID4] keys are fetched once, not again at once for an unknown kid; keys that cannot be fetched give no verdict', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const byUrl = verifier({ kind: 'jwks-url', url }, 'RS256', 'EdDSA');
    status = 503;
    await expect(byUrl.verify(rs(good, { kid: 'rsa-1' }))).rejects.toThrow(IdentityUnavailableError);
    expect(await byUrl.verify(hs(good, { kid: 'rsa-1' }))).toEqual({ ok: false, reason: 'token_signature' });
    expect(await byUrl.verify(rs(good))).toEqual({ ok: false, reason: 'token_signature' });
    expect(requests).toBe(1);
    status = 200;
    expect(await byUrl.verify(rs(good, { kid: 'rsa-1' }))).toMatchObject(ofAna);
    expect(await byUrl.verify(eddsa(good, { kid: 'ed-1' }))).toMatchObject(ofAna);
    for (const kid of ['a', 'b', '../c', 'ed-2'])
      expect(await byUrl.verify(eddsa(good, { kid }, stranger.privateKey))).toMatchObject({ ok: false });
    expect(await byUrl.verify(rs(good, { kid: 'ed-1' }))).toEqual({ ok: false, reason: 'token_signature' });
    expect(requests).toBe(2);
  });
});
