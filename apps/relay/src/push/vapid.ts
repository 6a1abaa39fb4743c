/**
 * The key pair with which push services recognise this relay (VAPID, RFC 8292): the public key as a point of P-256, the
 * private key as a number, both base64url.
 */

import { createECDH } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';

export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

export interface VapidConfig extends VapidKeys {
  /** `mailto:` or https: where a push service reaches the operator. */
  subject: string;
}

const CURVE = 'prime256v1';
/** At most 24 hours, says the RFC. */
const TOKEN_SECONDS = 12 * 60 * 60;
const MAX_ORIGINS = 200;

export function makeVapidKeys(): VapidKeys {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  return { publicKey: pair.getPublicKey('base64url'), privateKey: pair.getPrivateKey('base64url') };
}

/** Whether both keys can be read and belong together. */
export function isVapidPair({ publicKey, privateKey }: VapidKeys): boolean {
  if (!/^[A-Za-z0-9_-]{43}$/.test(privateKey)) return false;
  try {
    const pair = createECDH(CURVE);
    pair.setPrivateKey(privateKey, 'base64url');
    return pair.getPublicKey('base64url') === publicKey;
  } catch {
    return false; // no number of the curve
  }
}

/** Signs the header that a push service asks for. A token is made once for each service and hour. @param now ms since 1970. */
export function createVapidSigner(
  { publicKey, privateKey, subject }: VapidConfig,
  now: () => number,
): (endpoint: string) => Promise<string> {
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const key = importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '', d: privateKey }, 'ES256');
  const tokens = new Map<string, { header: Promise<string>; untilMs: number }>();
  const sign = async (audience: string, nowMs: number): Promise<string> => {
    const token = await new SignJWT({ sub: subject })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setAudience(audience)
      .setExpirationTime(Math.floor(nowMs / 1_000) + TOKEN_SECONDS)
      .sign(await key);
    return `vapid t=${token}, k=${publicKey}`;
  };
  return (endpoint) => {
    const { origin } = new URL(endpoint);
    const nowMs = now();
    const known = tokens.get(origin);
    if (known !== undefined && nowMs < known.untilMs) return known.header;
    if (tokens.size >= MAX_ORIGINS) tokens.clear();
    const header = sign(origin, nowMs);
    tokens.set(origin, { header, untilMs: nowMs + (TOKEN_SECONDS * 1_000) / 2 });
    return header;
  };
}
