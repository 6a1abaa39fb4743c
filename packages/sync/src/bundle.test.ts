/** What an app pays for this package, as bundlers make it: esbuild, minified, gzip -9. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const BUDGET_BYTES = 15_000;

async function bundle(entry: string, external: string[] = []): Promise<{ gzipBytes: number; modules: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@wetink/source'],
    external,
    write: false,
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    gzipBytes: gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length,
    modules: used.map(([path]) => path.replace(/^.*node_modules\//, '').replace(/^.*packages\//, '')),
  };
}

const isLib0 = (path: string): boolean => path.startsWith('lib0/');

describe('[Z1] in an app that has Yjs', () => {
  test(`the package is at most ${BUDGET_BYTES} bytes, and needs nothing of lib0 that Yjs does not bring`, async () => {
    const [yjs, whole, added] = await Promise.all([bundle('yjs'), bundle('./index.ts', ['yjs']), bundle('./index.ts', ['yjs', 'lib0/*'])]);
    expect(whole.modules.filter((path) => isLib0(path) && !yjs.modules.includes(path))).toEqual([]);
    expect(whole.modules.filter(isLib0).length).toBeGreaterThan(2);
    expect(added.modules).toContain('sync/src/room.ts');
    expect(added.gzipBytes).toBeGreaterThan(10_000); // Less is a bundle with something missing.
    expect(added.gzipBytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('nothing is in it that only relays need', async () => {
    const { modules } = await bundle('./index.ts', ['yjs']);
    const relayOnly = ['frame', 'update', 'reader', 'sync-error', 'room-name'].map((name) => `protocol/src/${name}.ts`);
    expect(modules.filter((path) => relayOnly.includes(path))).toEqual(['protocol/src/room-name.ts']); // Its one constant.
  });
});
