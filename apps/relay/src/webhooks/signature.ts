/**
 * Signs deliveries as Standard Webhooks 1.0 says (standardwebhooks.com), so that receivers can use its libraries:
 *
 *     webhook-signature: v1,base64(HMAC-SHA256(secret, webhook-id . webhook-timestamp . body))
 *
 * The timestamp is that of the attempt; the id and the body are the same at every attempt.
 */

import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** As many as SHA-256 gives; the standard asks for 24 to 64. */
const SECRET_BYTES = 32;

export interface SignedHeaders extends Record<string, string> {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/** @param randomBytes Unguessable bytes. */
export function makeWebhookSecret(randomBytes: (count: number) => Uint8Array): string {
  return PREFIX + Buffer.from(randomBytes(SECRET_BYTES)).toString('base64');
}

/** @param atMs ms since 1970. */
export function signedHeaders(secret: string, id: string, atMs: number, body: string): SignedHeaders {
  const timestamp = String(Math.floor(atMs / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
