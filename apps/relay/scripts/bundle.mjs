/**
 * How esbuild makes the relay from the sources of all packages, into one folder: `relay.js` and the worker that it starts by
 * file name. For development and for tests that start processes; what is shipped is the `dist` of each package.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Node's own and ours are bundled; packages from npm stay outside, imported by absolute path: lmdb brings a native part. */
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

/** The module whose `run({ argv, env })` is the relay. */
export const mainModule = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const workerEntry = fileURLToPath(new URL('../../../packages/relay/src/document/document-worker-entry.ts', import.meta.url));

/**
 * @param entry A module that calls `run` of {@link mainModule}.
 * @param outdir Where `relay.js` and its chunks go.
 */
export function bundleOptions(entry, outdir) {
  return {
    entryPoints: [
      { in: entry, out: 'relay' },
      // Started by its file name, beside the code that starts it.
      { in: workerEntry, out: 'document-worker-entry' },
    ],
    outdir,
    bundle: true,
    // What is imported on demand must stay so: a driver that is not asked for is not loaded.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@wetink/source'],
    plugins: [npmPackagesOutside],
    logLevel: 'silent',
  };
}
