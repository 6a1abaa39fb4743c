/**
 * Builds the single-page app and its service worker.
 *
 * Workspace packages are bundled from their TypeScript sources (the `@wetink/source` condition), in dev and in the
 * build alike, so the app never runs against a stale `dist`. The service worker precaches the whole shell, fonts
 * included: a reload of `/b/<id>` without a network starts from it.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { gzipSync } from 'node:zlib';
import { createLogger, defaultClientConditions, defineConfig, type Logger, type Plugin, type ProxyOptions } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Bytes, gzip, of everything that a board needs before its first paint. */
const FIRST_LOAD_MAX_BYTES = 200_000;

/** Fails the build when opening a board needs more than the budget: its page, the page's imports, and the style sheets. */
function firstLoadBudget(): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const needed = new Set<string>();
      const need = (fileName: string): void => {
        const chunk = bundle[fileName];
        if (chunk?.type !== 'chunk' || needed.has(fileName)) return;
        needed.add(fileName);
        chunk.imports.forEach(need);
        chunk.viteMetadata?.importedCss.forEach((css) => needed.add(css));
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && (chunk.isEntry || chunk.facadeModuleId?.endsWith('BoardPage.svelte') === true)) need(chunk.fileName);
      }
      const bytes = [...needed].reduce((sum, fileName) => {
        const file = bundle[fileName];
        return sum + (file === undefined ? 0 : gzipSync(file.type === 'chunk' ? file.code : file.source).length);
      }, 0);
      this.info(
        `first load of a board: ${(bytes / 1000).toFixed(1)} kB gzip in ${needed.size} files, at most ${FIRST_LOAD_MAX_BYTES / 1000}`,
      );
      if (bytes > FIRST_LOAD_MAX_BYTES) this.error(`the first load of a board is ${bytes} bytes gzip, more than ${FIRST_LOAD_MAX_BYTES}`);
    },
  };
}

/** In development, where the relay is: 'http://127.0.0.1:…'. Set by `npm run dev`, which starts both. */
const relay = process.env['WETINK_DEV_RELAY'];

/** One address for both, as when a relay serves the app: requests of the API, and the sockets of boards by their query. */
const proxy: Record<string, ProxyOptions> =
  relay === undefined
    ? {}
    : {
        '^/(v1/|healthz|readyz|metrics)': { target: relay },
        '^/[^?]*[?](.*&)?wetink=': { target: relay, ws: true },
      };

/** A relay that restarts breaks its sockets and refuses new ones, which is no error: `npm run dev` says when it has started. */
function withoutRestarts(): Logger {
  const logger = createLogger();
  const isRestart = (error: unknown): boolean =>
    error instanceof Error && 'code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code));
  return {
    ...logger,
    error(message, options) {
      if (!(/proxy (socket )?error/.test(message) && isRestart(options?.error))) logger.error(message, options);
    },
  };
}

export default defineConfig({
  publicDir: 'static',
  ...(relay === undefined ? {} : { customLogger: withoutRestarts() }),
  server: { proxy },
  // Scanned before the first page is served: each dependency found later would reload it.
  optimizeDeps: { entries: ['index.html', 'src/**/*.{ts,svelte}', '!src/**/*.test.ts'] },
  resolve: { conditions: ['@wetink/source', ...defaultClientConditions], dedupe: ['yjs', 'lib0'] },
  build: { target: 'es2023', sourcemap: true, modulePreload: { polyfill: false } },
  plugins: [
    svelte(),
    firstLoadBudget(),
    VitePWA({
      registerType: 'prompt', // A new version waits until nothing is unsaved: see src/state/updates.svelte.ts.
      injectRegister: false,
      manifest: {
        id: '/',
        name: 'Wetink',
        short_name: 'Wetink',
        description: 'A shared sheet of paper: draw together, also offline.',
        start_url: '/',
        display: 'standalone',
        background_color: '#fbfaf6',
        theme_color: '#fbfaf6',
        categories: ['productivity', 'education'],
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        // One file: a worker under a policy with trusted types can't import a script by a string.
        inlineWorkboxRuntime: true,
        globPatterns: ['**/*.{html,js,css,woff2,svg,png}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/(healthz|readyz|metrics)/],
        cleanupOutdatedCaches: true,
        // The worker controls the first visit too: a new version would take over unasked if no page had a worker.
        clientsClaim: true,
      },
    }),
  ],
});
