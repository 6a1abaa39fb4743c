// Runs the pinned pnpm with the given arguments, on PATH or not. turbo asks for a pnpm on PATH, so it is started
// through `pnpm exec`, which brings its own.
import { pnpm, run } from './tools.mjs';

const [command, ...args] = pnpm();
process.exit(await run(command, [...args, ...process.argv.slice(2)]));
