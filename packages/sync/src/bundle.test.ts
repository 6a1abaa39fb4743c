/** What an app pays for this package, as bundlers make it: esbuild, minified, gzip -9. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const BUDGET_BYTES = 21_600;

/** @param entries What the app takes, all of each. */
async function bundle(...entries: string[]): Promise<{ gzipBytes: number; modules: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: entries.map((entry) => `export * from '${entry}';`).join('\n'),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@wetink/source'],
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
  it(`the package costs at most ${BUDGET_BYTES} bytes, and needs no module of lib0 that Yjs does not bring`, async () => {
    const [yjs, both] = await Promise.all([bundle('yjs'), bundle('yjs', './index.ts')]);
    expect(both.modules.filter((path) => isLib0(path) && !yjs.modules.includes(path))).toEqual([]);
    expect(yjs.modules.filter(isLib0).length).toBeGreaterThan(2);
    expect(both.modules).toContain('sync/src/room.ts');
    const addedBytes = both.gzipBytes - yjs.gzipBytes;
    expect(addedBytes).toBeGreaterThan(10_000); // Less is a bundle with something missing.
    expect(addedBytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  it('nothing is in it that only relays need, and no sentences', async () => {
    const { modules } = await bundle('./index.ts');
    const relayOnly = ['frame', 'update', 'reader', 'sync-error', 'errors', 'room-name'].map((name) => `protocol/src/${name}.ts`);
    expect(modules.filter((path) => relayOnly.includes(path))).toEqual(['protocol/src/room-name.ts']); // Its one constant.
  });
});
