/**
 * Bundles the relay with esbuild from the sources of all packages into one folder: `relay.js`, and the worker that it
 * starts by file name. For development and for tests that start processes; releases ship the `dist` of each package.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Workspace packages are bundled. npm packages are imported by absolute path instead, because lmdb has a native part. */
const npmPackagesOutside = {
  name: 'npm-packages-outside',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async (args) => {
      if (args.path.startsWith('@wetink/') || args.path.startsWith('node:') || args.pluginData === 'seen') return undefined;
      const found = await resolve(args.path, { resolveDir: args.resolveDir, kind: args.kind, importer: args.importer, pluginData: 'seen' });
      return found.errors.length > 0 ? found : { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

const mainModule = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const workerEntry = fileURLToPath(new URL('../../../packages/relay/src/document/document-worker-entry.ts', import.meta.url));

/** @param folder Gets `dist/relay.js`, the entry it is built from, and a package.json with this version. */
export function bundleOptions(folder, version) {
  const entry = join(folder, 'entry.ts');
  const run = `import { run } from ${JSON.stringify(mainModule)};`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(entry, `${run} process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', version }));
  return {
    entryPoints: [
      { in: entry, out: 'relay' },
      // The relay starts the worker by this file name, in its own folder.
      { in: workerEntry, out: 'document-worker-entry' },
    ],
    outdir: join(folder, 'dist'),
    bundle: true,
    // Keeps dynamic imports dynamic, so that unused database drivers are not loaded.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@wetink/source'],
    plugins: [npmPackagesOutside],
    logLevel: 'silent',
  };
}
