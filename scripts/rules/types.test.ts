// `npm test` type-checks all packages in two programs; a package that neither includes would go unchecked.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const included = (file: string): string[] => (JSON.parse(readFileSync(file, 'utf8')) as { include: string[] }).include;

it('every package is in exactly one of the type-checked programs, the web app in its own', () => {
  const sources = ['packages', 'apps']
    .flatMap((parent) => readdirSync(parent).map((name) => `${parent}/${name}/src`))
    .filter((folder) => existsSync(folder) && folder !== 'apps/web/src');
  const checked = [...included('tsconfig.json'), ...included('tsconfig.dom.json')];
  expect(checked.filter((path) => path.endsWith('/src')).toSorted()).toEqual(sources.toSorted());
});
