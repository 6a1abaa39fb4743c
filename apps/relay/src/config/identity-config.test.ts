import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseConfig } from './parse-config.ts';
import { identitySecrets } from './identity-config.ts';

const secret = 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb';
const tokens = { WETINK_AUTH: 'tokens', WETINK_JWT_ISSUER: 'https://id.example', WETINK_JWT_AUDIENCE: 'boards' };
const mongo = { MONGODB_URI: 'mongodb://h/x' };

function read(env: Record<string, string>): unknown {
  const parsed = parseConfig([], env);
  return parsed.kind === 'run' ? parsed.config.identity : parsed.kind === 'mistakes' ? parsed.mistakes : parsed.kind;
}

it('the default is open on loopback and guests elsewhere, with a configured secret or one kept in the data folder', () => {
  expect(read({})).toEqual({ mode: 'open', secret: null });
  expect(read({ WETINK_SECRET: secret })).toEqual({ mode: 'open', secret });
  for (const host of ['0.0.0.0', '192.168.1.20', '::', 'relay.example'])
    expect(read({ WETINK_HOST: host })).toMatchObject({ mode: 'guests' });
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(read({ WETINK_HOST: host })).toMatchObject({ mode: 'open' });
  expect(read({ WETINK_TRUSTED_PROXIES: '127.0.0.1' })).toMatchObject({ mode: 'guests' });
  expect(read({ WETINK_HOST: '0.0.0.0', WETINK_AUTH: 'open' })).toMatchObject({ mode: 'open' });
  expect(read(mongo)).toEqual({ mode: 'open', secret: null });
  expect(read({ WETINK_AUTH: 'guests' })).toEqual({ mode: 'guests', secret: null });
  expect(read({ WETINK_AUTH: 'guests', WETINK_SECRET: secret, ...mongo })).toEqual({ mode: 'guests', secret });
});

it('tokens are verified with a secret, a public key, a key set, or the address of a key set', () => {
  expect(read({ ...tokens, WETINK_JWT_SECRET: secret })).toEqual({
    mode: 'tokens',
    secret: null,
    keys: { kind: 'secret', secret },
    algorithms: ['HS256'],
    issuer: 'https://id.example',
    audience: 'boards',
    roles: null,
    tokenUrl: null,
    loginUrl: null,
    imageOrigins: [],
  });
  const origins = 'https://pictures.example, https://CDN.example:8443,https://id.example:443';
  expect(read({ ...tokens, WETINK_JWT_SECRET: secret, WETINK_IMAGE_ORIGINS: origins })).toMatchObject({
    imageOrigins: ['https://pictures.example', 'https://cdn.example:8443', 'https://id.example'],
  });
  const addresses = { WETINK_TOKEN_URL: 'https://draw.example/token', WETINK_LOGIN_URL: 'http://127.0.0.1:3000/login' };
  expect(read({ ...tokens, WETINK_JWT_SECRET: secret, ...addresses })).toMatchObject({
    tokenUrl: addresses.WETINK_TOKEN_URL,
    loginUrl: addresses.WETINK_LOGIN_URL,
  });
  const { publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const eddsa = { ...tokens, WETINK_JWT_ALGORITHMS: 'EdDSA, ES256' };
  expect(read({ ...tokens, WETINK_JWT_ALGORITHMS: 'EdDSA', WETINK_JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') })).toMatchObject({
    keys: { kind: 'public-key', pem },
  });
  const document = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a' }] });
  expect(read({ ...eddsa, WETINK_JWT_JWKS: document })).toMatchObject({ keys: { kind: 'jwks', document }, algorithms: ['ES256', 'EdDSA'] });
  expect(read({ ...eddsa, WETINK_JWT_JWKS: 'https://id.example/jwks' })).toMatchObject({ keys: { kind: 'jwks-url' } });
});

it.each<[string, Record<string, string>, string[]]>([
  ['an unknown mode', { WETINK_AUTH: 'none' }, ['WETINK_AUTH is "none": it must be one of open, guests, tokens']],
  [
    'a short secret',
    { WETINK_SECRET: 'x3'.repeat(15) + 'y' },
    ['WETINK_SECRET is shorter than 32 bytes: make one with openssl rand -hex 32'],
  ],
  ...[
    'changeme-changeme-changeme-change',
    'x'.repeat(40),
    'secret'.repeat(6),
    'please-replace-this-with-your-secret',
    '0123'.repeat(9),
  ].map((known): [string, Record<string, string>, string[]] => [
    `the secret ${known}`,
    { WETINK_AUTH: 'guests', WETINK_SECRET: known },
    ['WETINK_SECRET is easy to guess: make one with openssl rand -hex 32'],
  ]),
  [
    'guests with MongoDB and no secret',
    { WETINK_AUTH: 'guests', ...mongo },
    ['WETINK_AUTH is guests and boards are in MongoDB: set WETINK_SECRET, the same on all relays'],
  ],
  [
    'a public address with MongoDB and no secret',
    { WETINK_HOST: '0.0.0.0', ...mongo },
    [
      'WETINK_AUTH is guests, the default where other computers can connect, and boards are in MongoDB: set WETINK_SECRET, the same on all relays',
    ],
  ],
  [
    'tokens with MongoDB and no secret for links',
    { ...tokens, WETINK_JWT_SECRET: secret, ...mongo },
    ['WETINK_AUTH is tokens and boards are in MongoDB: set WETINK_SECRET, the same on all relays'],
  ],
  [
    'invalid token and login addresses',
    { ...tokens, WETINK_JWT_SECRET: secret, WETINK_TOKEN_URL: 'javascript:alert(1)', WETINK_LOGIN_URL: 'https://a:b@c/' },
    [
      'WETINK_TOKEN_URL must be an http:// or https:// address without a user',
      'WETINK_LOGIN_URL must be an http:// or https:// address without a user',
    ],
  ],
  [
    'tokens that would travel unencrypted',
    { ...tokens, WETINK_JWT_SECRET: secret, WETINK_TOKEN_URL: 'http://draw.example/token', WETINK_HOST: '0.0.0.0' },
    ['WETINK_TOKEN_URL must be https:// on a relay that other computers reach: tokens would travel unencrypted'],
  ],
  [
    'origins of pictures that are no https origins',
    {
      ...tokens,
      WETINK_JWT_SECRET: secret,
      WETINK_IMAGE_ORIGINS:
        "http://a.example, *, https://*.b.example, https://c.example/faces, https://d.example;script-src, 'unsafe-inline', data:",
    },
    [
      'http://a.example',
      '*',
      'https://*.b.example',
      'https://c.example/faces',
      'https://d.example;script-src',
      "'unsafe-inline'",
      'data:',
    ].map((part) => `WETINK_IMAGE_ORIGINS has ${JSON.stringify(part)}: it must be https, host and port, such as https://pictures.example`),
  ],
  [
    'origins of pictures where no token names a picture',
    { WETINK_IMAGE_ORIGINS: 'https://pictures.example' },
    ['WETINK_IMAGE_ORIGINS is set, but tokens are not used: set WETINK_AUTH to tokens, or leave it out'],
  ],
  [
    'token settings in another mode',
    { WETINK_JWT_SECRET: secret, WETINK_JWT_ISSUER: 'a', WETINK_TOKEN_URL: 'https://a/' },
    ['WETINK_JWT_SECRET, WETINK_JWT_ISSUER, WETINK_TOKEN_URL is set, but tokens are not used: set WETINK_AUTH to tokens, or leave it out'],
  ],
  [
    'tokens mode without any token settings',
    { WETINK_AUTH: 'tokens', WETINK_SECRET: 'short', PORT: 'x' },
    [
      'PORT is "x": it must be a whole number from 0 to 65535',
      'WETINK_JWT_ISSUER is not set: name the issuer whose tokens to accept',
      'WETINK_JWT_AUDIENCE is not set: a token for another service would open boards',
      'WETINK_AUTH is tokens: set one of WETINK_JWT_SECRET, WETINK_JWT_PUBLIC_KEY, WETINK_JWT_JWKS',
      'WETINK_SECRET is shorter than 32 bytes: make one with openssl rand -hex 32',
    ],
  ],
  [
    'two kinds of key',
    { ...tokens, WETINK_JWT_SECRET: secret, WETINK_JWT_JWKS: 'https://a/b' },
    ['WETINK_AUTH is tokens: set one of WETINK_JWT_SECRET, WETINK_JWT_PUBLIC_KEY, WETINK_JWT_JWKS'],
  ],
  [
    'a short token secret',
    { ...tokens, WETINK_JWT_SECRET: 'abc' },
    ['WETINK_JWT_SECRET has 3 bytes: HS256 needs at least 32, made with openssl rand -hex 64'],
  ],
  [
    'algorithms that do not suit the key',
    { ...tokens, WETINK_JWT_SECRET: secret, WETINK_JWT_ALGORITHMS: 'RS256' },
    ['WETINK_JWT_SECRET is a secret, which goes with HS256, HS384 and HS512 only, not with RS256'],
  ],
  [
    'a JWK set address without TLS',
    { ...tokens, WETINK_JWT_JWKS: 'http://id.example/', WETINK_JWT_ALGORITHMS: 'RS256' },
    ['WETINK_JWT_JWKS must be an https:// address: the server that answers it decides who every user is'],
  ],
  [
    "the guests' audience",
    { ...tokens, WETINK_JWT_SECRET: secret, WETINK_JWT_AUDIENCE: 'wetink:guest' },
    ['WETINK_JWT_AUDIENCE is wetink:guest, which is that of guests'],
  ],
])('%s is refused with an error text', (_, env, mistakes) => expect(read(env)).toEqual(mistakes));

it('algorithm none is refused in any spelling, and an empty list means the default', () => {
  for (const list of ['none', 'HS256,NONE', 'hs256', ','])
    expect(read({ ...tokens, WETINK_JWT_SECRET: secret, WETINK_JWT_ALGORITHMS: list }), list).toEqual(
      list === ',' ? expect.objectContaining({ algorithms: ['HS256'] }) : [expect.stringMatching(/^WETINK_JWT_ALGORITHMS is/)],
    );
});

it('no mistake contains a secret, and all secrets are masked in the log', () => {
  const env = { WETINK_AUTH: 'nonsense', WETINK_SECRET: 'hunter2', WETINK_JWT_SECRET: 'hunter2', WETINK_JWT_PUBLIC_KEY: 'hunter2' };
  expect(JSON.stringify(read(env))).not.toContain('hunter2');
  expect(identitySecrets({ mode: 'guests', secret })).toEqual([secret]);
  const config = {
    issuer: 'a',
    audience: 'b',
    roles: null,
    tokenUrl: null,
    loginUrl: null,
    imageOrigins: [],
    algorithms: ['HS256'] as const,
  };
  expect(identitySecrets({ mode: 'tokens', secret: 'mine', keys: { kind: 'secret', secret }, ...config })).toEqual(['mine', secret]);
});
