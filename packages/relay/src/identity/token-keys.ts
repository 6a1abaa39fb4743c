/**
 * The keys that verify an operator's tokens, and the mistakes that their configuration can have. Each algorithm goes
 * with one type of key, and a key is never used with an algorithm of another type: a public key is no HMAC secret.
 */

import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors } from 'jose';
import { IdentityUnavailableError } from './answer.ts';
import type { FindKey } from './jwt.ts';

export type TokenKeys =
  | { kind: 'secret'; secret: string }
  /** SPKI or PKCS #1, in PEM. */
  | { kind: 'public-key'; pem: string }
  /** A JWK set as JSON, each key with a `kid`. */
  | { kind: 'jwks'; document: string }
  /** Fetched when first needed, kept for 10 minutes, and fetched again at most every 30 s for a `kid` it lacks. */
  | { kind: 'jwks-url'; url: string };

type KeyType = { secretBytes: number } | { type: 'rsa' | 'ed25519' } | { type: 'ec'; curve: string };

const rsa: KeyType = { type: 'rsa' };
/** Minimum for HMAC: the length of the hash (RFC 7518, 3.2). */
const keyTypes = {
  HS256: { secretBytes: 32 },
  HS384: { secretBytes: 48 },
  HS512: { secretBytes: 64 },
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: { type: 'ec', curve: 'prime256v1' },
  ES384: { type: 'ec', curve: 'secp384r1' },
  ES512: { type: 'ec', curve: 'secp521r1' },
  EdDSA: { type: 'ed25519' },
  Ed25519: { type: 'ed25519' },
} as const satisfies Readonly<Record<string, KeyType>>;

export type TokenAlgorithm = keyof typeof keyTypes;
export const tokenAlgorithms = Object.keys(keyTypes) as TokenAlgorithm[];

const MIN_RSA_BITS = 2_048;
/** Difference between wall clock and elapsed time that means the clock was set and did not just drift. */
const CLOCK_SET_MS = 10_000;
const JWKS_TIMEOUT_MS = 5_000;

export type ReadKeys = { ok: true; find: FindKey } | { ok: false; mistakes: string[] };

/** @returns Mistakes as ends of a sentence that begins with the name of the setting; they contain no part of a key. */
export function readKeys(keys: TokenKeys, algorithms: readonly TokenAlgorithm[]): ReadKeys {
  const mistakes: string[] = [];
  if (algorithms.length === 0) mistakes.push(`needs at least one algorithm of ${tokenAlgorithms.join(', ')}`);
  const misfits = algorithms.filter((algorithm) => 'secretBytes' in keyTypes[algorithm] !== (keys.kind === 'secret'));
  if (misfits.length > 0)
    mistakes.push(
      keys.kind === 'secret'
        ? `is a secret, which goes with HS256, HS384 and HS512 only, not with ${misfits.join(', ')}`
        : `has public keys, which never go with ${misfits.join(', ')}: anyone could sign with them`,
    );
  if (mistakes.length > 0) return { ok: false, mistakes };
  switch (keys.kind) {
    case 'secret':
      return secretKey(keys.secret, algorithms);
    case 'public-key':
      return publicKey(keys.pem, algorithms);
    case 'jwks':
      return keySet(keys.document, algorithms);
    case 'jwks-url':
      return remoteKeySet(keys.url);
  }
}

function secretKey(secret: string, algorithms: readonly TokenAlgorithm[]): ReadKeys {
  const bytes = Buffer.byteLength(secret);
  const short = algorithms.find((algorithm) => bytes < secretBytesOf(algorithm));
  if (short !== undefined)
    return { ok: false, mistakes: [`has ${bytes} bytes: ${short} needs at least ${secretBytesOf(short)}, made with openssl rand -hex 64`] };
  const key = createSecretKey(Buffer.from(secret));
  return { ok: true, find: () => Promise.resolve(key) };
}

function secretBytesOf(algorithm: TokenAlgorithm): number {
  const needs: KeyType = keyTypes[algorithm];
  return 'secretBytes' in needs ? needs.secretBytes : 0;
}

function publicKey(pem: string, algorithms: readonly TokenAlgorithm[]): ReadKeys {
  // createPublicKey would accept a private key, which has no business on a relay.
  if (!/^\s*-----BEGIN (RSA )?PUBLIC KEY-----/.test(pem))
    return { ok: false, mistakes: ['must be a public key in PEM, beginning with -----BEGIN PUBLIC KEY-----'] };
  const key = keyFrom(() => createPublicKey({ key: pem, format: 'pem' }));
  if (key === null) return { ok: false, mistakes: ['is not a readable public key in PEM'] };
  const mistake = keyMistake(key, algorithms);
  const misfit = algorithms.find((algorithm) => !suits(key, algorithm));
  if (mistake !== null) return { ok: false, mistakes: [mistake] };
  if (misfit !== undefined) return { ok: false, mistakes: [`is a key of another type than ${misfit} needs`] };
  return { ok: true, find: () => Promise.resolve(key) };
}

function keySet(document: string, algorithms: readonly TokenAlgorithm[]): ReadKeys {
  const listed = keysIn(document);
  if (listed === null || listed.length === 0) return { ok: false, mistakes: ['must be a JWK set: {"keys":[…]} with at least one key'] };
  const mistakes: string[] = [];
  const keysByKid = new Map<string, { key: KeyObject; algorithms: readonly string[] }>();
  for (const [index, jwk] of listed.entries()) {
    const { kid, use, alg } = jwk;
    const which = `has a key (number ${index + 1})`;
    const key = jwk['d'] !== undefined || jwk.kty === 'oct' ? null : keyFrom(() => createPublicKey({ key: jwk, format: 'jwk' }));
    const suited = key === null ? [] : algorithms.filter((algorithm) => suits(key, algorithm) && (alg === undefined || alg === algorithm));
    const mistake = key === null ? null : keyMistake(key, algorithms);
    if (typeof kid !== 'string' || kid === '') mistakes.push(`${which} without a kid`);
    else if (keysByKid.has(kid)) mistakes.push(`${which} with the kid of another key`);
    else if (key === null) mistakes.push(`${which} that is not a readable public key`);
    else if (use !== undefined && use !== 'sig') mistakes.push(`${which} that is not for signatures`);
    else if (mistake !== null) mistakes.push(`${which} that ${mistake}`);
    else if (suited.length === 0) mistakes.push(`${which} that suits none of ${algorithms.join(', ')}`);
    else keysByKid.set(kid, { key, algorithms: suited });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return {
    ok: true,
    find: ({ alg, kid }) => {
      const found = kid === null ? undefined : keysByKid.get(kid);
      return Promise.resolve(found?.algorithms.includes(alg) === true ? found.key : null);
    },
  };
}

function remoteKeySet(address: string): ReadKeys {
  if (!URL.canParse(address)) return { ok: false, mistakes: ['is not an address'] };
  const url = new URL(address);
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    return { ok: false, mistakes: ['must be an https:// address: the server that answers it decides who every user is'] };
  const fetched = (): ReturnType<typeof createRemoteJWKSet> => createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT_MS });
  const ahead = (): number => Date.now() - performance.now();
  let [set, wallAheadMs] = [fetched(), ahead()];
  return {
    ok: true,
    async find({ alg, kid }) {
      if (kid === null) return null;
      // jose measures by the wall clock: set back by an hour, it would fetch no new key for an hour.
      if (Math.abs(ahead() - wallAheadMs) > CLOCK_SET_MS) [set, wallAheadMs] = [fetched(), ahead()];
      try {
        return await set({ alg, kid });
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return null;
        throw new IdentityUnavailableError('the keys that verify tokens could not be fetched', { cause: error });
      }
    },
  };
}

function suits(key: KeyObject, algorithm: TokenAlgorithm): boolean {
  const needs: KeyType = keyTypes[algorithm];
  if ('secretBytes' in needs || key.asymmetricKeyType !== needs.type) return false;
  return needs.type !== 'ec' || key.asymmetricKeyDetails?.namedCurve === needs.curve;
}

function keyMistake(key: KeyObject, algorithms: readonly TokenAlgorithm[]): string | null {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType === 'rsa' && bits !== undefined && bits < MIN_RSA_BITS)
    return `has ${bits} bits: ${algorithms.join(', ')} needs at least ${MIN_RSA_BITS}`;
  return null;
}

function keyFrom(read: () => KeyObject): KeyObject | null {
  try {
    return read();
  } catch (error) {
    // OpenSSL and Node have several errors for this; each means: not a key.
    if (error instanceof Error) return null;
    throw error;
  }
}

function keysIn(document: string): (JsonWebKey & { kid?: unknown; use?: unknown; alg?: unknown })[] | null {
  let set: unknown;
  try {
    set = JSON.parse(document);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof set !== 'object' || set === null || !('keys' in set) || !Array.isArray(set.keys)) return null;
  const keys: unknown[] = set.keys;
  return keys.every((key): key is JsonWebKey => typeof key === 'object' && key !== null && !Array.isArray(key)) ? keys : null;
}
