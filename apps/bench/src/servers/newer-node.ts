/** A newer Node than the one that runs this, for servers that ask for it: npm's `node` package, which npm keeps in its cache. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface NodeProgram {
  path: string;
  version: string;
}

/** @returns This Node when it is new enough; null when there is no newer one to be had, as without a network. */
export async function nodeFrom(major: number): Promise<NodeProgram | null> {
  if (Number.parseInt(process.versions.node, 10) >= major) return { path: process.execPath, version: process.version };
  const script = 'JSON.stringify({ path: process.execPath, version: process.version })';
  try {
    const { stdout } = await promisify(execFile)('npm', ['exec', '--yes', `--package=node@${major}`, '--', 'node', '-p', script]);
    return JSON.parse(stdout) as NodeProgram;
  } catch {
    return null; // The report then says on which Node the server ran.
  }
}
