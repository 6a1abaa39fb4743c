// How the root scripts run other programs: the pinned pnpm, and child processes whose failure ends the script.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const quietEnvironment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' };

/** Runs a program in the project root with our output; resolves with its exit code (128 + n for signal n). */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: quietEnvironment, ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** Like {@link run}, but ends this process with the program's exit code when it is not 0. */
export async function mustRun(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) process.exit(code);
}

/** `[command, ...args]` that runs the pnpm which package.json pins: the one on PATH if it is that version, else through npx. */
export function pnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = packageManager.split('@')[1];
  const found = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8' });
  if (found.status === 0 && found.stdout.trim() === version) return ['pnpm'];
  return ['npx', '--yes', packageManager];
}

/** `[command, ...args]` that runs a program of the root package with the pinned pnpm on its PATH, which turbo needs. */
export function pnpmExec(program, args) {
  return [...pnpm(), 'exec', program, ...args];
}

/** Installs what the lockfile names; quick when nothing changed. */
export async function install() {
  const [command, ...args] = pnpm();
  await mustRun(command, [...args, 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']);
}

/** Builds the given workspace packages and all they depend on. */
export async function build(...filters) {
  const [command, ...args] = pnpmExec('turbo', [
    'run',
    'build',
    ...filters.map((name) => `--filter=${name}...`),
    '--output-logs=errors-only',
  ]);
  await mustRun(command, args);
}

/** Path of a program that a dependency of the root package installed. */
export function bin(name) {
  const path = join(root, 'node_modules', '.bin', name);
  if (!existsSync(path)) throw new Error(`${name} is not installed: run npm test or npm start first`);
  return path;
}
