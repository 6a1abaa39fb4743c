import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { baseGolden, extensionGolden, toHex } from './fixtures/golden.ts';
import { oneOfEach } from './fixtures/random-message.ts';
import { randomSource } from './fixtures/random.ts';
import { wireHashes } from './fixtures/wire-hashes.ts';
import { encodeFrames, encodeMessage, EXTENSION_QUERY, PROTOCOL_VERSION, splitIntoChunks } from './index.ts';
import { roles } from './messages.ts';
import * as syncNumbers from './sync-numbers.ts';
import * as typeNumbers from './type-numbers.ts';

const ascending = (numbers: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).sort(([, a], [, b]) => a - b));

/** Everything that a peer of this version relies on. Error numbers are pinned one by one elsewhere, since adding one breaks nobody. */
function wireHash(): string {
  const hash = createHash('sha256');
  const line = (text: string): void => void hash.update(`${text}\n`);
  line(EXTENSION_QUERY);
  line(JSON.stringify({ typeNumbers: ascending(typeNumbers), syncNumbers: ascending(syncNumbers), roles }));
  for (const { name, hex, messages, isExtension, isWritten } of [...baseGolden, ...extensionGolden]) {
    line(`${name} ${hex} ${isExtension}`);
    if (isWritten) for (const frame of encodeFrames(messages, { isExtension: true })) line(toHex(frame));
  }
  const random = randomSource(1);
  for (let round = 0; round < 20; round++) {
    for (const message of oneOfEach(random)) {
      // Which error codes exist may grow, so drawn ones must not reach the hash.
      line(toHex(encodeMessage('code' in message ? { ...message, code: 'OVERLOADED' } : message)));
    }
  }
  for (const frame of splitIntoChunks(random.bytes(100), 9, 30)) line(toHex(frame));
  return hash.digest('hex');
}

describe('[P21] the wire of a version never changes', () => {
  it(`version ${PROTOCOL_VERSION} is what it was: else raise PROTOCOL_VERSION and add a line to wire-hashes.ts`, () => {
    expect(wireHash()).toBe(wireHashes[PROTOCOL_VERSION]);
  });

  it('versions follow each other, each with its own wire', () => {
    const versions = Object.keys(wireHashes).map(Number);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
    expect(versions.at(-1)).toBe(PROTOCOL_VERSION);
    expect(new Set(Object.values(wireHashes)).size).toBe(versions.length);
  });
});
