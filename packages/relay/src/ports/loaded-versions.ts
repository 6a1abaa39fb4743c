/** The versions that this process really loads of packages with known security holes, whatever a lockfile says. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface LoadedVersion {
  name: 'ws' | 'lib0';
  /** Null when unknown: the package is part of a bundle, whose maker chose the version. */
  version: string | null;
}

/** lib0 twice: ours, and the one that Yjs loads. */
export function loadedVersions(): LoadedVersion[] {
  const ours = createRequire(import.meta.url);
  const yjs = resolved(ours, 'yjs');
  return [
    { name: 'ws', version: versionOf(ours, 'ws') },
    { name: 'lib0', version: versionOf(ours, 'lib0') },
    { name: 'lib0', version: yjs === null ? null : versionOf(createRequire(yjs), 'lib0') },
  ];
}

function versionOf(from: NodeJS.Require, name: string): string | null {
  const path = resolved(from, `${name}/package.json`);
  if (path === null) return null;
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : null;
}

function resolved(from: NodeJS.Require, name: string): string | null {
  try {
    return from.resolve(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}
