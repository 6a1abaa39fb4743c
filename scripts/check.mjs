// `npm run check`: format, lint (with the arrows), types, what packages publish, what nothing uses, changesets, and the rules of scripts/rules. `npm test` counts each of the listed checks.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { bin, pnpmExec, root, run } from './tools.mjs';

/** Longest first. The two type checks share one program each for all packages: one for code that may not use the DOM, one for the rest. */
const checks = [
  { name: 'lint and arrows', command: 'eslint', args: ['--max-warnings=0', '.'] },
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json', '--pretty'] },
  { name: 'types with the DOM', command: 'tsc', args: ['-p', 'tsconfig.dom.json', '--pretty'] },
  { name: 'types of the web app', command: 'turbo', args: ['run', 'check', '--output-logs=errors-only'] },
  { name: 'what packages publish', command: 'node', args: ['scripts/publint.mjs'] },
  { name: 'unused files, exports and dependencies', command: 'knip', args: [] },
  { name: 'changesets', command: 'node', args: ['scripts/changesets.mjs'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
];

/** Runs all checks, two at a time, each one's output in one piece. Gives the names of those that failed. */
export async function runChecks() {
  const failed = [];
  const waiting = [...checks];
  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { code, output } = await runQuietly(check);
      console.log(`${code === 0 ? 'ok' : 'FAILED'}: ${check.name}`);
      if (code === 0) continue;
      console.error(output);
      failed.push(check.name);
    }
  };
  await Promise.all([lane(), lane()]);
  return { passed: checks.length - failed.length, failed };
}

function runQuietly({ command, args }) {
  return new Promise((resolve) => {
    const [program, ...rest] =
      command === 'turbo' ? pnpmExec(command, args) : [command === 'node' ? process.execPath : bin(command), ...args];
    const child = spawn(program, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { failed } = await runChecks();
  const rules = await run(bin('vitest'), ['run', '--project', 'rules']);
  process.exit(failed.length > 0 || rules !== 0 ? 1 : 0);
}
