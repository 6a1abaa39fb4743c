// `npm run check`: format, lint (with the arrows), types, and the rules of scripts/rules. `npm test` counts each of the listed checks.
import { pathToFileURL } from 'node:url';
import { bin, run } from './tools.mjs';

export const checks = [
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'lint and arrows', command: 'eslint', args: ['--max-warnings=0', '.'] },
  { name: 'types', command: 'turbo', args: ['run', 'check', '--output-logs=errors-only'] },
];

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let failed = 0;
  const rules = { name: 'rules', command: 'vitest', args: ['run', '--project', 'rules'] };
  for (const check of [...checks, rules]) {
    console.log(`== ${check.name}`);
    if ((await run(bin(check.command), check.args)) !== 0) failed += 1;
  }
  process.exit(failed > 0 ? 1 : 0);
}
