/**
 * The part of a record that names a file: of a `file` element under `m`, and of a chat message under `f`. The bytes lie
 * outside the document, under their hash.
 *
 *     m   { sha: 32 bytes, size: bytes, type?: 'application/pdf' | …, name?: text }
 *
 * Name and type come from another person's device and are only claims: what a file is named says nothing of its bytes.
 */
import { MAX_FILE_BYTES, MAX_MEDIA_TYPE_LENGTH } from '../limits.ts';
import { cleanFileName } from '../text/file-name.ts';
import { wellFormed } from '../text/surrogates.ts';
import type { AttachedFile } from '../types.ts';
import { isHash, readHash, writeHash } from './content-hash.ts';

/** RFC 6838, in lower case and without parameters. */
const typeShape = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;

/** @returns Null for a value that is no file of this version. */
export function readFile(stored: unknown): AttachedFile | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { sha, size, type = '', name = '' } = stored as Partial<Record<string, unknown>>;
  const hash = readHash(sha);
  if (hash === null || typeof type !== 'string' || typeof name !== 'string') return null;
  const file = { hash, type: cleanType(type), bytes: size, name: cleanFileName(name) };
  return isFile(file) ? file : null;
}

/** @param file Must satisfy `isFile`. */
export function writeFile({ hash, type, bytes, name }: AttachedFile): Record<string, unknown> {
  const [kind, line] = [cleanType(type), cleanFileName(wellFormed(name))];
  return { sha: writeHash(hash), size: bytes, ...(kind !== '' && { type: kind }), ...(line !== '' && { name: line }) };
}

/** Checks an argument, or a stored value with its keys renamed. */
export function isFile(value: { readonly [Key in keyof AttachedFile]: unknown }): value is AttachedFile {
  const { hash, type, bytes, name } = value;
  if (!isHash(hash) || typeof type !== 'string' || typeof name !== 'string') return false;
  return Number.isSafeInteger(bytes) && (bytes as number) >= 1 && (bytes as number) <= MAX_FILE_BYTES;
}

export function isSameFile(a: AttachedFile | null, b: AttachedFile | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.hash === b.hash && a.type === b.type && a.bytes === b.bytes && a.name === b.name;
}

/** '' for a type that is malformed. */
function cleanType(type: string): string {
  const [plain = ''] = type.slice(0, 4 * MAX_MEDIA_TYPE_LENGTH).split(';');
  const lower = plain.trim().toLowerCase();
  return lower.length <= MAX_MEDIA_TYPE_LENGTH && typeShape.test(lower) ? lower : '';
}
