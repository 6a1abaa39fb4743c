import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';

/**
 * lib0 <= 0.2.117 hands out bytes behind the end of a message, which in Node are other people's (0.2.120 is the
 * hardened one). ws < 8.23.0 queues pongs without limit for a client that pings and never reads.
 */
const least = { lib0: [0, 2, 120], ws: [8, 23, 0] } as const;

const lockfile = readFileSync(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8');

function isAtLeast(version: string, [major, minor, patch]: readonly [number, number, number]): boolean {
  const [a = 0, b = 0, c = 0] = version.split('.').map(Number);
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}

it.each(['lib0', 'ws'] as const)('the lockfile resolves no unsafe %s', (name) => {
  const resolved = [...lockfile.matchAll(new RegExp(`^  '?${name}@(\\d+\\.\\d+\\.\\d+[^:(']*)`, 'gm'))].map((match) => match[1] ?? '');
  expect(resolved.length).toBeGreaterThan(0);
  expect(resolved.filter((version) => !isAtLeast(version, least[name]))).toEqual([]);
});

it('the lib0 in use is the one of the lockfile', () => {
  const manifest: unknown = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('lib0/package.json'), 'utf8'));
  const { name, version } = manifest as { name: string; version: string };
  expect(name).toBe('lib0');
  expect(isAtLeast(version, least.lib0)).toBe(true);
});

it('tells older from newer', () => {
  expect(['0.2.117', '0.2.9', '0.1.200'].map((version) => isAtLeast(version, least.lib0))).toEqual([false, false, false]);
  expect(['0.2.120', '0.2.121', '0.3.0', '1.0.0-rc.1'].map((version) => isAtLeast(version, least.lib0))).toEqual([true, true, true, true]);
});
