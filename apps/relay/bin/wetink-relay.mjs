#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });
} else {
  console.error('wetink-relay: not built yet. Run `npm start` in the project folder, or `pnpm --filter @wetink/relay-app... build`.');
  process.exitCode = 1;
}
