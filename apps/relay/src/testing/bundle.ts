/** The relay bundled from the sources of all packages, so that tests which start processes need no build. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../scripts/bundle.mjs';

export interface BundledRelay {
  /** Path to run with `process.execPath`. */
  script: string;
  dispose(): Promise<void>;
}

export async function bundleRelay(): Promise<BundledRelay> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-relay-bundle-'));
  await build(bundleOptions(folder, '0.0.0-test'));
  return { script: join(folder, 'dist', 'relay.js'), dispose: () => rm(folder, { recursive: true, force: true }) };
}
