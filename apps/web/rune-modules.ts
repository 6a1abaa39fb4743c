/** A Vite plugin that compiles state modules (`*.svelte.ts`) for tests in Node, with Svelte's client runtime: the server's has no effects. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileModule } from 'svelte/compiler';
import type { Plugin } from 'vite';

const runtime = realpathSync(fileURLToPath(new URL('node_modules/svelte/src', import.meta.url)));
const clients: Readonly<Record<string, string>> = {
  svelte: `${runtime}/index-client.js`,
  'svelte/reactivity': `${runtime}/reactivity/index-client.js`,
};

export function runeModules(): Plugin {
  return {
    name: 'rune-modules',
    resolveId: { order: 'pre', handler: (id) => clients[id] },
    // Vite has removed the types by then.
    transform: (code, id) => (/\.svelte(\.test)?\.ts$/.test(id) ? compileModule(code, { filename: id, generate: 'client' }).js : null),
  };
}
