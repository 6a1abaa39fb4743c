/** Attacks on identity, and on what the answers reveal about boards without access. */

import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { ServiceRow } from './row.ts';
import { enterByMessage, enterStock } from './service-clients.ts';
import type { ServiceTarget } from './service-target.ts';

const SECRET = 'the secret of an operator, long enough for HS256, and nobody else has it';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const PEM = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const ISSUER = 'https://id.example';
const AUDIENCE = 'boards';

const encode = (part: unknown): string => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

type Signer = (input: string) => Buffer;
const hmac =
  (key: string, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, key).update(input).digest();
const byKey =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), key);

function token(header: object, claims: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

const soon = (): number => Math.floor(Date.now() / 1_000) + 600;
const claims = (): { iss: string; aud: string; sub: string; exp: number } => ({ iss: ISSUER, aud: AUDIENCE, sub: 'ana', exp: soon() });
const without = (name: string): object => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));
const hs = (body: unknown = claims(), header: object = {}): string => token({ alg: 'HS256', ...header }, body, hmac(SECRET));
const rs = (body: unknown = claims(), header: object = {}): string => token({ alg: 'RS256', ...header }, body, byKey(rsa.privateKey));

/** Tokens that must not be accepted as Ana's. */
const forgedOfSecret = (): Record<string, string> => ({
  'alg none': `${encode({ alg: 'none' })}.${encode(claims())}.`,
  'alg nOnE, and a signature': hs(claims(), { alg: 'nOnE' }),
  'another algorithm than is configured': token({ alg: 'HS512' }, claims(), hmac(SECRET, 'sha512')),
  'no signature': hs().replace(/[^.]*$/, ''),
  'an empty secret': token({ alg: 'HS256' }, claims(), hmac('')),
  'a space before it': ` ${hs()}`,
  'padding behind it': `${hs()}=`,
  'expired an hour ago': hs({ ...claims(), exp: soon() - 4_200 }),
  'no exp': hs(without('exp')),
  'exp as a text': hs({ ...claims(), exp: String(soon()) }),
  'exp without end': hs(JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999')),
  'not valid yet': hs({ ...claims(), nbf: soon() }),
  'for another service': hs({ ...claims(), aud: 'mail' }),
  'for nobody in particular': hs(without('aud')),
  'of another issuer': hs({ ...claims(), iss: `${ISSUER}.evil.example` }),
  'of no issuer': hs(without('iss')),
  'crit that nobody understands': hs(claims(), { crit: ['x'], x: 1 }),
  'another kind of token': hs(claims(), { typ: 'logout+jwt' }),
  'a user like another': hs({ ...claims(), sub: 'ana\u200b' }),
  'no user': hs(without('sub')),
  'the id of a guest': hs({ ...claims(), sub: `guest:${'A'.repeat(22)}` }),
  'a user of 200 characters': hs({ ...claims(), sub: 'x'.repeat(200) }),
});

const forgedOfKey = (): Record<string, string> => ({
  'HS256 with the public key as its secret': token({ alg: 'HS256' }, claims(), hmac(PEM)),
  'the same without the last line break': token({ alg: 'HS256' }, claims(), hmac(PEM.trim())),
  'its own key in its head': token(
    { alg: 'RS256', jwk: stranger.publicKey.export({ format: 'jwk' }) },
    claims(),
    byKey(stranger.privateKey),
  ),
  'an address of keys in its head': token({ alg: 'RS256', jku: 'https://evil.example/keys' }, claims(), byKey(stranger.privateKey)),
  'a key id that is a path': token({ alg: 'RS256', kid: '../../../dev/null' }, claims(), byKey(stranger.privateKey)),
  'a key id that is SQL': token({ alg: 'RS256', kid: "x' UNION SELECT 'key' --" }, claims(), byKey(stranger.privateKey)),
  'alg none': `${encode({ alg: 'none' })}.${encode(claims())}.`,
  'expired an hour ago': rs({ ...claims(), exp: soon() - 4_200 }),
  'for another service': rs({ ...claims(), aud: 'mail' }),
});

/** Tries each token on a board of Ana's. @returns Where one was accepted, or what went wrong. */
async function harmOfTokens(service: ServiceTarget, good: string, forged: Record<string, string>): Promise<string | null> {
  const made = await service.ask('POST', '/v1/boards', { token: good, body: {} });
  const { id = '' } = (made.body['board'] ?? {}) as { id?: string };
  if (!(await enterStock(service, id, { authorization: `Bearer ${good}` })).isIn) return 'Ana does not get in';
  for (const [what, text] of Object.entries(forged)) {
    // Some of them cannot be sent in a header.
    const isHeader = /^[!-~][ -~]*$/.test(text);
    if ((await enterByMessage(service, id, text)).isIn) return `${what}: accepted as first message`;
    if (isHeader && (await enterStock(service, id, { authorization: `Bearer ${text}` })).isIn) return `${what}: accepted as header`;
    const ticket = isHeader ? await service.ask('POST', '/v1/tickets', { token: text, body: { room: id } }) : { status: 401 };
    if (ticket.status < 400) return `${what}: gets a ticket`;
  }
  return null;
}

const tokens = { WETINK_AUTH: 'tokens', WETINK_JWT_ISSUER: ISSUER, WETINK_JWT_AUDIENCE: AUDIENCE };

export const identityRows: readonly ServiceRow[] = [
  {
    id: 'B12',
    title: `${Object.keys(forgedOfSecret()).length} forged tokens are refused with a secret as key, over WebSocket and HTTP`,
    env: { ...tokens, WETINK_JWT_SECRET: SECRET },
    attack: (service) => harmOfTokens(service, hs(), forgedOfSecret()),
  },
  {
    id: 'B12',
    title: `${Object.keys(forgedOfKey()).length} forged tokens are refused with a public key, over WebSocket and HTTP`,
    env: { ...tokens, WETINK_JWT_PUBLIC_KEY: PEM.replaceAll('\n', '\\n'), WETINK_JWT_ALGORITHMS: 'RS256' },
    attack: (service) => harmOfTokens(service, rs(), forgedOfKey()),
  },
  {
    id: 'B10',
    title: 'a board without access and a missing board get the same answers, and ids cannot be guessed',
    env: { WETINK_LIMIT_API_MISSES: '100' },
    async attack(service) {
      const [ana, mallory] = [await service.guest('Ana'), await service.guest('Mallory')];
      const ids: string[] = [];
      for (let i = 0; i < 8; i++) {
        const { body } = await service.ask('POST', '/v1/boards', { token: ana.token, body: {} });
        ids.push(((body['board'] ?? {}) as { id?: string }).id ?? '');
      }
      const [board = ''] = ids;
      const missing = Buffer.alloc(16, 7).toString('base64url');
      const link = `${'A'.repeat(11)}.${'B'.repeat(22)}`;
      const { token } = mallory;
      const ways: Record<string, (id: string) => Promise<string>> = {
        'reading it': async (id) => said(await service.ask('GET', `/v1/boards/${id}`, { token })),
        'joining it': async (id) => said(await service.ask('POST', `/v1/boards/${id}/join`, { token, body: { link } })),
        'opening it to everyone': async (id) =>
          said(await service.ask('PATCH', `/v1/boards/${id}`, { token, body: { everyone: 'editor' } })),
        'erasing it': async (id) => said(await service.ask('DELETE', `/v1/boards/${id}`, { token })),
        'a ticket for it': async (id) => said(await service.ask('POST', '/v1/tickets', { token, body: { room: id } })),
        'entering it': async (id) => (await enterByMessage(service, id, token)).answer,
        'entering it as a stock client': async (id) => (await enterStock(service, id, { authorization: `Bearer ${token}` })).answer,
        'entering it without a token': async (id) => (await enterStock(service, id)).answer,
        'reading a picture of it': async (id) => said(await service.ask('GET', `/v1/boards/${id}/blobs/${'A'.repeat(43)}`, { token })),
      };
      for (const [how, look] of Object.entries(ways)) {
        const [forbidden, none] = [await look(board), await look(missing)];
        if (forbidden !== none) return `${how} tells them apart: ${forbidden} and ${none}`;
      }
      const random = ids.map((id) => Buffer.from(id, 'base64url'));
      if (ids.some((id) => !/^[A-Za-z0-9_-]{22}$/.test(id)) || new Set(random.map((bytes) => bytes[0])).size < 3)
        return `ids such as ${board}`;
      let status = 404;
      for (let i = 0; i < 120 && status !== 429; i++) ({ status } = await service.ask('GET', `/v1/boards/${missing}`, { token }));
      return status === 429 ? null : 'guessing has no limit';
    },
  },
];

/** Everything in an answer that could reveal something, without the requested id. */
function said({ status, text }: { status: number; text: string }): string {
  return `${status} ${text.trim()}`;
}
