import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as protocol from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('the example of the README runs', () => {
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const code = example.replace(/^import (\{.*\}) from '@wetink\/protocol';$/m, 'const $1 = protocol;');
  expect(code).not.toBe(example);
  const printed: unknown[] = [];
  new Function('protocol', 'console', code)(protocol, { log: (...values: unknown[]) => printed.push(...values) });
  expect(printed).toEqual(['3 changes are safe']);
});

it('the README names every export', () => {
  const table = readme.slice(readme.indexOf('## Exports'), readme.indexOf('## Guarantees'));
  expect(Object.keys(protocol).filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
