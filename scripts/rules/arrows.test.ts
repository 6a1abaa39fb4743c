// The layers of ARCHITECTURE.md hold in every package.json, and dependencies with known holes are above their floors.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arrows } from './arrows.mjs';

interface Manifest {
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

describe('dependencies', () => {
  for (const [folder, { workspace, external }] of Object.entries(arrows)) {
    it(`${folder} depends only along the arrows`, () => {
      const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
      const allowed = new Set([...external, ...workspace.map((name) => `@wetink/${name}`)]);
      const optionalPeers = ['packages/relay', 'packages/storage'].includes(folder) ? ['vitest'] : [];
      const used = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
      expect(used.filter((name) => !allowed.has(name) && !optionalPeers.includes(name))).toEqual([]);
    });
  }

  const lock = readFileSync('pnpm-lock.yaml', 'utf8');
  const resolved = (name: string): string[] => [
    ...new Set([...lock.matchAll(new RegExp(`^  ${name}@(\\d[^:(]*):`, 'gm'))].map((match) => match[1] ?? '')),
  ];

  it('there is one copy of yjs, lib0 and ws, at versions without known holes', () => {
    expect(resolved('yjs')).toEqual(['13.6.33']);
    expect(resolved('lib0')).toEqual(['0.2.120']);
    expect(resolved('ws')).toEqual(['8.23.0']);
  });
});
