/**
 * Bundles the relay with esbuild from the sources of all packages into one folder: `relay.js`, and the workers that it
 * starts by file name. For development and for tests that start processes; releases ship the `dist` of each package.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
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
const usesEntry = fileURLToPath(new URL('../src/store/blob-uses-entry.ts', import.meta.url));
const pageFolder = fileURLToPath(new URL('../page', import.meta.url));
const workerEntry = fileURLToPath(new URL('../../../packages/relay/src/document/document-worker-entry.ts', import.meta.url));

/** @param folder Gets `dist/relay.js`, the entry it is built from, the operator page, and a package.json with this version. */
export function bundleOptions(folder, version) {
  const entry = join(folder, 'entry.ts');
  const run = `import { run } from ${JSON.stringify(mainModule)};`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(entry, `${run} process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });`);
  cpSync(pageFolder, join(folder, 'page'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', version }));
  return {
    entryPoints: [
      { in: entry, out: 'relay' },
      // The relay starts the workers by these file names, in its own folder.
      { in: workerEntry, out: 'document-worker-entry' },
      { in: usesEntry, out: 'blob-uses-entry' },
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
