/** The relay bundled from the sources of all packages, so that tests which start processes need no build. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, mainModule } from '../../scripts/bundle.mjs';

export interface BundledRelay {
  /** To be run with `process.execPath`. */
  script: string;
  dispose(): Promise<void>;
}

export async function bundleRelay(): Promise<BundledRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-relay-bundle-'));
  const outdir = join(folder, 'dist');
  const entry = join(folder, 'entry.ts');
  const main = JSON.stringify(mainModule);
  await writeFile(entry, `import { run } from ${main}; process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });`);
  await build(bundleOptions(entry, outdir));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '0.0.0-test' }));
  return { script: join(outdir, 'relay.js'), dispose: () => rm(folder, { recursive: true, force: true }) };
}
