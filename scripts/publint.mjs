// Checks the published files of each package: every entry of its package.json is there and what it says it is. Part of `npm run check`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { mustRun, pnpmExec, root } from './tools.mjs';

const [command, ...args] = pnpmExec('turbo', ['run', 'build', '--filter=./packages/*', '--output-logs=errors-only']);
await mustRun(command, args);

let count = 0;
for (const name of readdirSync(join(root, 'packages'))) {
  const pkgDir = join(root, 'packages', name);
  const { messages } = await publint({ pkgDir, strict: true, pack: false });
  const manifest = JSON.parse(readFileSync(join(pkgDir, 'package.json'), 'utf8'));
  for (const message of messages) console.error(`${name}: ${formatMessage(message, manifest)}`);
  count += messages.length;
}
process.exit(count === 0 ? 0 : 1);
