import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { between, circlesOf, importsOf } from './circles.mjs';

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.svelte'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => /^(packages|apps)\/[^/]+\/src\//.test(file) && !/\.test\.ts$/.test(file));
const imports = importsOf(sources);

describe('imports, those of types included', () => {
  it('no file imports itself by a detour', () => expect(circlesOf(imports)).toEqual([]));

  it.each([
    ['packages/relay', 15],
    ['packages/board', 15],
    ['packages/storage', 15],
    ['packages/sync', 15],
    ['packages/canvas', 15],
    ['apps/relay', 8],
  ])('%s: its folders have an order, none imports another that imports it', (folder, least) => {
    const src = `${folder}/src/`;
    const files = new Map([...imports].filter(([file]) => file.startsWith(src) && !file.startsWith(`${src}testing/`)));
    const rooms = between(files, (file) => file.slice(src.length).split('/')[0] ?? '');
    expect(rooms.size).toBeGreaterThan(least);
    expect(circlesOf(rooms)).toEqual([]);
  });

  it('the folders of the web app have an order: components above state, state above the session', () => {
    const src = 'apps/web/src/';
    const web = new Map([...imports].filter(([file]) => file.startsWith(src)));
    const rooms = between(web, (file) => (file.includes('/', src.length) ? (file.slice(src.length).split('/')[0] ?? '') : 'app'));
    expect(rooms.size).toBeGreaterThan(6);
    expect(circlesOf(rooms)).toEqual([]);
  });

  it('a circle is found', () => {
    const arrows = new Map(Object.entries({ a: 'b', b: 'c', c: 'ad', d: '' }).map(([from, to]) => [from, new Set(to)]));
    expect(circlesOf(arrows)).toEqual([['a', 'b', 'c']]);
  });
});
