/** Names of encoded messages, from their first bytes, for counting. */

const syncNames = ['sync-step-1', 'sync-step-2', 'update'] as const;
/** The other messages that a relay passes on as they came. */
const namesByNumber: Readonly<Record<number, string>> = { 1: 'awareness', 106: 'wet', 107: 'app' };

/** @returns The name on the wire; 'other' for messages that are never sent ready-made. Total. */
export function nameOfEncoded(message: Uint8Array): string {
  const [number = -1, kind = -1] = message;
  return (number === 0 ? syncNames[kind] : namesByNumber[number]) ?? 'other';
}
