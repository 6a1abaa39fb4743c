/** The example in README.md is this package's own code, and it runs. */
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { example } from './fixtures/example.ts';
import { NodeSocket } from './fixtures/rooms.ts';
import { startStockServer } from './fixtures/stock-server.ts';

it('[E5] the example in the README runs', async () => {
  const source = readFileSync(new URL('./fixtures/example.ts', import.meta.url), 'utf8').trim();
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(source);
  const shown: string[] = [];
  vi.stubGlobal('WebSocket', NodeSocket);
  vi.stubGlobal('document', {
    body: { append: (text: string) => shown.push(text) },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
  const server = await startStockServer();
  try {
    expect(await example(server.url)).toBe('milk');
    expect(shown).toContain('connecting');
  } finally {
    await server.close();
    vi.unstubAllGlobals();
  }
});

it('[E1] importing the package touches nothing of a browser', async () => {
  vi.resetModules();
  const touched: string[] = [];
  for (const name of ['window', 'document', 'indexedDB', 'navigator', 'BroadcastChannel']) {
    vi.stubGlobal(name, new Proxy({}, { get: (_target, key) => touched.push(`${name}.${String(key)}`) }));
  }
  await import('./index.ts');
  vi.unstubAllGlobals();
  expect(touched.filter((use) => !use.startsWith('navigator.'))).toEqual([]); // lib0 asks the navigator for the platform.
});
