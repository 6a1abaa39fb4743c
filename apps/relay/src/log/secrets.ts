/** Keeps passwords and tokens out of what is printed and logged, and compares tokens. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** `scheme://user:password@host` with the password starred out, wherever it stands in the text. */
export function maskAddresses(text: string): string {
  // Greedy up to the last @, because a password that was not encoded may contain one.
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^:@/\s]*):\S*@/gi, '$1:***@');
}

/** @returns A function that replaces these secrets, and passwords in addresses, with stars. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const all = [...new Set(secrets.flatMap(formsOf))].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => all.reduce((masked, secret) => masked.replaceAll(secret, '***'), maskAddresses(text));
}

/** The password of an address, if it has one. */
export function passwordsOf(address: string): string[] {
  return address.split(',').flatMap((part) => /:\/\/[^:@/\s]*:(\S*)@/.exec(part)?.[1] ?? []);
}

function formsOf(secret: string): string[] {
  if (secret === '') return [];
  // As written, and as a driver decodes and shows it.
  try {
    return [secret, decodeURIComponent(secret)];
  } catch (error) {
    if (error instanceof URIError) return [secret];
    throw error;
  }
}

/** Compares in constant time, so that a guess with the right beginning takes no longer. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * A room's name in the log: a hash, because on an open relay the name alone lets anyone in. The hash is the same on every
 * node, so that the lines of one room can be found together; `GET /v1/rooms/:room` returns it as `logName`.
 */
export function hashedRoom(room: string): string {
  return `#${createHash('sha256').update(room).digest('hex').slice(0, 16)}`;
}
