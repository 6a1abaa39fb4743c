/** Signs an operator's tokens by hand, with node:crypto, and the settings of a relay that accepts them. For tests only. */

import { createHmac } from 'node:crypto';

const SECRET = 'the operator signs tokens with this, 42 bytes';

export const tokenSettings = {
  WETINK_AUTH: 'tokens',
  WETINK_SECRET: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb',
  WETINK_JWT_SECRET: SECRET,
  WETINK_JWT_ISSUER: 'https://id.example',
  WETINK_JWT_AUDIENCE: 'boards',
};

/** @param claims Added to those of every token, which lasts an hour. */
export function tokenOf(sub: string, claims: object = {}): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const all = { iss: 'https://id.example', aud: 'boards', sub, exp: Math.round(Date.now() / 1_000) + 3_600, ...claims };
  const input = `${encode({ alg: 'HS256' })}.${encode(all)}`;
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}
