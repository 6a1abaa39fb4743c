/** The `Idempotency-Key` of a call: a client that got no answer asks again with the same one, and nothing is added twice. */

import { createHash } from 'node:crypto';
import { bodyInvalid, type Call } from '@wetink/relay/http';

const VISIBLE = /^[\x21-\x7e]{1,200}$/;
/** 132 bits. */
const HASH_LENGTH = 22;

/**
 * @returns A key for the document, which does not show what the caller sent; null without the header.
 * @throws {ApiFailure} `body_invalid`
 */
export function postKey({ request }: Call, kind: 'messages' | 'elements', board: string, userId: string): string | null {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given !== 'string' || !VISIBLE.test(given)) throw bodyInvalid('Idempotency-Key must be 1 to 200 visible ASCII characters');
  const hash = createHash('sha256').update(JSON.stringify([kind, board, userId, given]));
  // Ids of a page's own messages and gestures have the page's session before their dot.
  return `k.${hash.digest('base64url').slice(0, HASH_LENGTH)}`;
}
