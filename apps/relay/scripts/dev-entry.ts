import { run } from '../src/main.ts';

process.exitCode = await run({ argv: process.argv.slice(2), env: process.env });
