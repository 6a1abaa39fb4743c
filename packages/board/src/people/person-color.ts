/**
 * The fixed hue of each person, and a ring to distinguish people with the same hue.
 *
 * A hue is a pure function of the user id, so every screen agrees without a message. With twelve hues, some people share
 * one: within a room the first person with a hue has no ring, the second a whole ring, the third a ring in two pieces.
 * Ranks follow the order of user ids, which is the same on every screen, not the order of arrival, which is not.
 */
import type { UserId } from '../types.ts';

/** Twelve hues, 30 degrees apart, all of one luminance: white text on each has 4.7:1, and each has 3.8:1 on dark paper. */
export const personColors: readonly string[] = [
  '#c5475a',
  '#c05008',
  '#9c6800',
  '#7d7500',
  '#428200',
  '#00835e',
  '#008081',
  '#007d9f',
  '#2473cf',
  '#7064d0',
  '#9b56b8',
  '#b84b8e',
];

/** 0..11, the same for ever for one id. '' is a person too. */
export function personHue(userId: UserId): number {
  // FNV-1a over UTF-16 units, then the finalizer of MurmurHash3: without it, ids that differ in the last digit cluster.
  let hash = 0x811c9dc5;
  for (let i = 0; i < userId.length; i++) hash = Math.imul(hash ^ userId.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % personColors.length;
}

/** `#rrggbb` of a person, the same in both themes; white text on it passes 4.5:1. */
export function personColor(userId: UserId): string {
  return personColors[personHue(userId)] as string;
}

/**
 * Number of pieces in the ring of each person in a room: 0 (no ring) for the first with a hue, 1 for the second, and so on.
 *
 * @param userIds Everyone in the room, including this user. Repeats (one person, several tabs) count once.
 * @returns One entry per distinct id.
 */
export function ringsByUser(userIds: Iterable<UserId>): Map<UserId, number> {
  const rings = new Map<UserId, number>();
  const takenByHue = new Map<number, number>();
  for (const userId of [...new Set(userIds)].sort()) {
    const hue = personHue(userId);
    const taken = takenByHue.get(hue) ?? 0;
    rings.set(userId, taken);
    takenByHue.set(hue, taken + 1);
  }
  return rings;
}
