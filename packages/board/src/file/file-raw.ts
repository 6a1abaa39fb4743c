/**
 * Converts document values to JSON and back without loss, for the record of an element of an unknown kind.
 *
 * A document can hold values that JSON can't, so an object whose first key begins with `$` is one of these:
 *
 *     { "$bytes": "base64" }   { "$bigint": "-12" }   { "$value": "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0" }
 *
 * A stored key that itself begins with `$` gets another `$` in front.
 */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { fileLimits } from './file-limits.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const special = new Map<string, unknown>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/** Values that our documents never hold (functions, odd prototypes, nesting beyond `fileLimits.maxDepth`) become null. */
export function rawToJson(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (typeof value === 'bigint') return { $bigint: String(value) };
  for (const [name, meant] of special) if (Object.is(value, meant)) return { $value: name };
  if (value instanceof Uint8Array) return { $bytes: encodeBase64(value) };
  if (typeof value !== 'object' || depth >= fileLimits.maxDepth) return null;
  if (Array.isArray(value)) return value.map((item) => rawToJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  const json: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key !== '__proto__') json[key.startsWith('$') ? `$${key}` : key] = rawToJson(item, depth + 1);
  }
  return json;
}

/**
 * The reverse of `rawToJson`.
 *
 * @param json From `JSON.parse`.
 * @param refuse Makes the error for JSON that `rawToJson` never writes.
 */
export function jsonToRaw(json: unknown, refuse: (detail: string) => Error, depth = 0): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > fileLimits.maxDepth) throw refuse('nested too deep');
  if (Array.isArray(json)) return json.map((item) => jsonToRaw(item, refuse, depth + 1));
  const keys = Object.keys(json);
  const first = keys[0];
  if (keys.length === 1 && first !== undefined && /^\$[^$]/.test(first))
    return taggedToRaw(first, (json as Record<string, unknown>)[first], refuse);
  const raw: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(json)) {
    if (key === '__proto__' || /^\$([^$]|$)/.test(key)) throw refuse(`key ${key}`);
    raw[key.startsWith('$') ? key.slice(1) : key] = jsonToRaw(item, refuse, depth + 1);
  }
  return raw;
}

/** Decodes strict base64: no characters outside the alphabet, padded, unused bits zero. */
export function base64ToBytes(text: unknown, refuse: (detail: string) => Error): Uint8Array {
  const bytes = typeof text === 'string' ? decodeBase64(text) : null;
  if (bytes === null) throw refuse('base64');
  return bytes;
}

function taggedToRaw(tag: string, value: unknown, refuse: (detail: string) => Error): unknown {
  if (tag === '$bytes') return base64ToBytes(value, refuse);
  if (tag === '$bigint' && typeof value === 'string' && /^-?\d{1,19}$/.test(value)) {
    // A document holds 64-bit integers only.
    if (BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) throw refuse('$bigint');
    return BigInt(value);
  }
  if (tag === '$value' && typeof value === 'string' && special.has(value)) return special.get(value);
  throw refuse(`key ${tag}`);
}
