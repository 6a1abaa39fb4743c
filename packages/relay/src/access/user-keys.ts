import { createHash } from 'node:crypto';

/** 132 bits. */
const HASH_LENGTH = 22;

/** A part of a record's key that stands for texts such as user ids, which may be long and hold slashes. */
export function hashedKey(kind: string, ...texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, ...texts]))
    .digest('base64url')
    .slice(0, HASH_LENGTH);
}
