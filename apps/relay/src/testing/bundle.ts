/**
 * The relay in one folder, made from the sources of all packages, so that tests which start processes need no build.
 * Packages from npm stay outside, imported by absolute path: lmdb brings a native part.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

export interface BundledRelay {
  /** To be run with `process.execPath`. */
  script: string;
  dispose(): Promise<void>;
}

const sourceFolder = fileURLToPath(new URL('..', import.meta.url));
const relaySourceFolder = fileURLToPath(new URL('../../../../packages/relay/src', import.meta.url));

export async function bundleRelay(): Promise<BundledRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-relay-bundle-'));
  const script = join(folder, 'dist', 'relay.js');
  const entry = join(folder, 'entry.ts');
  const main = JSON.stringify(join(sourceFolder, 'main.ts'));
  await writeFile(entry, `import { run } from ${main}; process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });`);
  await build({
    entryPoints: [
      { in: entry, out: 'relay' },
      // Started by its file name, beside the code that starts it.
      { in: join(relaySourceFolder, 'document/document-worker-entry.ts'), out: 'document-worker-entry' },
    ],
    outdir: join(folder, 'dist'),
    bundle: true,
    // What is imported on demand must stay so: a driver that is not asked for is not loaded.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@wetink/source'],
    plugins: [npmPackagesOutside],
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '0.0.0-test' }));
  return { script, dispose: () => rm(folder, { recursive: true, force: true }) };
}

const npmPackagesOutside: Plugin = {
  name: 'npm-packages-outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async (args) => {
      if (args.path.startsWith('@wetink/') || args.path.startsWith('node:') || args.pluginData === 'seen') return undefined;
      const found = await resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
      return found.errors.length > 0 ? found : { path: pathToFileURL(found.path).href, external: true };
    });
  },
};
