/** The SHA-256 by which a record names bytes that lie outside the document: 32 bytes there, 64 hex digits in code. */
const HASH_BYTES = 32;
const hashShape = /^[0-9a-f]{64}$/;

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && hashShape.test(value);
}

/** @returns Null for a value that is no hash. */
export function readHash(stored: unknown): string | null {
  if (!(stored instanceof Uint8Array) || stored.length !== HASH_BYTES) return null;
  let hex = '';
  for (const byte of stored) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** @param hash Must satisfy `isHash`. */
export function writeHash(hash: string): Uint8Array {
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) => parseInt(hash.slice(2 * i, 2 * i + 2), 16));
}
