/** Attacks on what operators alone may do: roles that no operator gave, and changes by people who may only read. */

import { createHmac } from 'node:crypto';
import type { ServiceRow } from './row.ts';
import { enterByMessage, enterStock } from './service-clients.ts';
import type { ServiceTarget } from './service-target.ts';

const SECRET = 'the secret of an operator, long enough for HS256, and nobody else has it';
const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function token(sub: string, claims: object = {}, header: object = {}, secret = SECRET): string {
  const all = { iss: 'https://id.example', aud: 'boards', sub, exp: Math.floor(Date.now() / 1_000) + 600, ...claims };
  const input = `${encode({ alg: 'HS256', ...header })}.${encode(all)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Tokens of Mallory, none of which gives the role of an admin. */
const tokensOfMallory = (): Record<string, string> => ({
  'no role': token('mallory'),
  'a role in its head': token('mallory', {}, { roles: ['admin'] }),
  'a claim of another name': token('mallory', { role: 'admin', Roles: ['admin'], groups: ['admin'] }),
  'a claim that only looks nested': token('mallory', { 'roles.roles': ['admin'], realm_access: { roles: ['admin'] } }),
  'the role in capitals': token('mallory', { roles: ['ADMIN', 'Admin'] }),
  'the role with a space': token('mallory', { roles: ['admin '] }),
  'the role with a character that nobody sees': token('mallory', { roles: ['admin\u200b'] }),
  'the role as a part of another': token('mallory', { roles: 'administrator xadmin admin,support' }),
  'the role as a key': token('mallory', { roles: { admin: true } }),
  'the role in a list of a list': token('mallory', { roles: [['admin']] }),
  'the role as a prototype': token('mallory', { roles: { __proto__: ['admin'], constructor: 'admin' } }),
  'the role, signed by herself': token('mallory', { roles: ['admin'] }, {}, 'a secret that Mallory made, of 42 bytes...'),
  'the role, with alg none': `${token('mallory', { roles: ['admin'] }, { alg: 'none' }).replace(/[^.]*$/, '')}`,
  'the role, expired': token('mallory', { roles: ['admin'], exp: Math.floor(Date.now() / 1_000) - 600 }),
  'the role, for another service': token('mallory', { roles: ['admin'], aud: 'mail' }),
});

async function boardOf(service: ServiceTarget, owner: string): Promise<string> {
  const made = await service.ask('POST', '/v1/boards', { token: owner, body: {} });
  return ((made.body['board'] ?? {}) as { id?: string }).id ?? '';
}

const env = {
  WETINK_AUTH: 'tokens',
  WETINK_JWT_ISSUER: 'https://id.example',
  WETINK_JWT_AUDIENCE: 'boards',
  WETINK_JWT_SECRET: SECRET,
  WETINK_ROLES_CLAIM: 'roles',
};

export const operatorRows: readonly ServiceRow[] = [
  {
    id: 'B19',
    title: `${Object.keys(tokensOfMallory()).length} tokens that give no role open no board of others and no admin API`,
    env,
    async attack(service) {
      const ana = token('ana');
      const board = await boardOf(service, ana);
      for (const [what, text] of Object.entries(tokensOfMallory())) {
        if ((await enterByMessage(service, board, text)).isIn) return `${what}: enters a board`;
        if ((await enterStock(service, board, { authorization: `Bearer ${text}` })).isIn) return `${what}: enters a board by header`;
        for (const path of ['/v1/users', '/v1/admin/status', '/v1/admin/boards', '/v1/admin/rooms', '/v1/admin/connections'])
          if ((await service.ask('GET', path, { token: text })).status < 400) return `${what}: reads ${path}`;
        if ((await service.ask('POST', '/v1/users/ana/suspend', { token: text })).status < 400) return `${what}: suspends`;
      }
      return (await enterStock(service, board, { authorization: `Bearer ${ana}` })).isIn ? null : 'Ana no longer gets in';
    },
  },
  {
    id: 'B19',
    title: 'a support reads, and changes nothing by any method or address',
    env,
    async attack(service) {
      const [ana, sue] = [token('ana'), token('sue', { roles: ['support'] })];
      const board = await boardOf(service, ana);
      for (const [method, path] of [
        ['DELETE', `/v1/rooms/${board}`],
        ['POST', '/v1/users/ana/suspend'],
        ['PUT', '/v1/users/ana/suspend'],
        ['GET', '/v1/users/ana/suspend'],
        ['PATCH', `/v1/boards/${board}`],
        ['DELETE', `/v1/boards/${board}`],
        ['POST', `/v1/boards/${board}/messages`],
      ] as const) {
        const { status } = await service.ask(method, path, {
          token: sue,
          ...(method === 'GET' ? {} : { body: { everyone: 'editor', text: 'x' } }),
        });
        if (status < 400) return `${method} ${path.replace(board, 'BOARD')} answers ${status}`;
      }
      return (await enterStock(service, board, { authorization: `Bearer ${ana}` })).isIn ? null : 'Ana no longer gets in';
    },
  },
];
