// Every numbered rule of a SPEC.md has a test that cites it in its title, and every cited rule exists in that package's SPEC.md.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const packages = ['packages', 'apps'].flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));

/** Rules are list items or paragraphs that begin with a bold id: `- **[P1]** …`. */
const rulePattern = /^\s*(?:[-*]\s+)?\*\*\[([A-Z]{1,4}\d+[a-z]?)\]\*\*/gm;
/** Titles cite rules at their start, several if need be: `it('[P1] [P2] …'`. */
const citedTitlePattern = /\b(?:it|describe)(?:\.\w+)*\s*(?:\([^'"`]*\)\s*)?\(\s*['"`]((?:\[[A-Z]{1,4}\d+[a-z]?\]\s*)+)/g;

function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules') && !entry.parentPath.includes('dist'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.endsWith('.test.ts') || path.includes(join('src', 'testing')));
}

describe.each(packages.filter((folder) => existsSync(join(folder, 'SPEC.md'))))('%s/SPEC.md', (folder) => {
  const rules = [...readFileSync(join(folder, 'SPEC.md'), 'utf8').matchAll(rulePattern)].map((match) => match[1] ?? '');
  const cited = new Set(
    testFiles(join(folder, 'src'))
      .map((path) => readFileSync(path, 'utf8'))
      .flatMap((source) => [...source.matchAll(citedTitlePattern)])
      .flatMap((match) => [...(match[1] ?? '').matchAll(/\[([^\]]+)\]/g)].map((id) => id[1] ?? '')),
  );

  it('has rules, none of them twice', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  it('every rule has a test', () => {
    expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  });

  it('every cited rule exists', () => {
    expect([...cited].filter((id) => !rules.includes(id))).toEqual([]);
  });
});
