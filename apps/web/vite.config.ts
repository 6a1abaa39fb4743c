/**
 * Builds the single-page app and its service worker.
 *
 * Workspace packages are bundled from their TypeScript sources (the `@wetink/source` condition), in dev and in the
 * build alike, so the app never runs against a stale `dist`. The service worker precaches the whole shell, fonts
 * included: a reload of `/b/<id>` without a network starts from it.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { createLogger, defaultClientConditions, defineConfig, type Logger, type Plugin, type ProxyOptions } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { firstLoad } from './first-load.ts';
import { plainIcons } from './icon-markup.ts';
import { pdfFiles } from './pdf-files.ts';
import { words } from './words.ts';

/**
 * Fails the build when files with modules of several parts import each other: the one that runs first then sees the constants
 * of the other as undefined, and which one that is depends on all else in the build.
 */
function noCircles(): Plugin {
  return {
    name: 'no-circles',
    apply: 'build',
    generateBundle(_, bundle) {
      const importsOf = (fileName: string): string[] => {
        const chunk = bundle[fileName];
        return chunk?.type === 'chunk' ? chunk.imports : [];
      };
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !/^assets\/(board|shared)-/.test(chunk.fileName)) continue;
        const reached = new Set<string>();
        const reach = (fileName: string): void => {
          if (reached.has(fileName)) return;
          reached.add(fileName);
          importsOf(fileName).forEach(reach);
        };
        // Svelte's file imports a function of its own that lies beside it.
        importsOf(chunk.fileName).forEach(reach);
        const through = [...reached].find((fileName) => importsOf(fileName).includes(chunk.fileName) && !/\/svelte-/.test(fileName));
        if (through !== undefined) this.error(`${chunk.fileName} and ${through} import each other: see the groups in vite.config.ts`);
      }
    },
  };
}

/** Lets the browser fetch the app while the entry waits for nothing but words: the page names the files of `start.ts`, too. */
function preloadStart(): Plugin {
  return {
    name: 'preload-start',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const files = Object.values(bundle).flatMap((chunk) =>
          chunk.type === 'chunk' && chunk.facadeModuleId?.endsWith('/src/start.ts') === true ? [chunk.fileName, ...chunk.imports] : [],
        );
        return files.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` } }));
      },
    },
  };
}

/** Modules of an open board that its late parts need, too. A page that shows no board needs none of them. */
const board =
  /packages\/(board\/src\/(errors|limits|page-view|color\/|text\/(surrogates|file-name|text-content)|document\/(content-hash|fields|file-record|heads|image-record|keys|line-points|look|order-key|records)|ink\/ink(-bytes|-geometry)?\.ts)|canvas\/src\/(bounds|camera|painter\/paper|frame\.|geometry|tools\/(highlighter|moved-item)|editor\/(homes|style-fields)|grouping|images\/pixel-filter|files\/(card-size|file-size|shown-files)|draw\/))|apps\/web\/src\/(core\/(board-pictures|own-presence)|state\/(board-context|file-actions|open-session))|node_modules\/perfect-freehand\//;

/** Small modules that several parts share; the home page needs most of them. */
const shared =
  /apps\/web\/src\/(browser\/(download|fetch-part|field|pick-files|platform|timers|worker-address)|core\/(action-needs|board-access|board-id|board-info|fragment|identity|input-method|key-readings|lacking\.|last-lacking-counts|offline-sentence|opening-picture|router|shortcuts|status-facts)|session\/(listeners|picture-store)|state\/context|ui\/(IconButton|LazyMenu|lazy-menu|media))|packages\/(board\/src\/(people\/(person-color|suggest-name)|text\/shown-line)|canvas\/src\/peers\/ring-dash|sync\/src\/database)\.ts|node_modules\/(idb-keyval|lib0\/(binary|hash\/sha256)|@lucide\/svelte\/dist\/icons\/(ellipsis|frame|hand|pencil|plus)\.)/;

/** Svelte, without what only late parts use of it. */
const framework =
  /node_modules\/(clsx\/|svelte\/src\/(?!transition|motion|animate|easing|store|reactivity\/(map|set)\.|internal\/client\/dom\/(elements\/bindings\/input|blocks\/(await|svelte-element|svelte-head))\.))/;

/** Whether a module is in a group; the messages of a file are where the file is. */
const within =
  (group: RegExp) =>
  (id: string): boolean => {
    const name = /^\0?\$words\/([\w-]+)$/.exec(id)?.[1];
    if (name === undefined) return group.test(id);
    return ['core', 'ui', 'browser', 'state', 'session'].some((folder) => {
      const file = name.replace(`${folder}-`, '');
      return group.test(`apps/web/src/${folder}/${file}.ts`) || group.test(`apps/web/src/${folder}/${file}.svelte`);
    });
  };

/** Files of the parts that a page shows at once, or that a press waits for. */
const shownAtOnce = /assets\/(BoardPage|Home|TopStart|TopEnd|StylePanel|Typing|editing|people-part)-/;

/**
 * Files that are fetched beside a late part instead of after it. Their names, which nothing compresses, are in the file that
 * fetches the part; so a part that nobody waits for has its style sheets alone there.
 */
function neededWith(part: string, files: string[], { hostType }: { hostType: 'html' | 'js' }): string[] {
  return hostType === 'html' || shownAtOnce.test(part) ? files : files.filter((file) => file.endsWith('.css'));
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
  resolve: {
    conditions: ['@wetink/source', ...defaultClientConditions],
    dedupe: ['yjs', 'lib0'],
    alias: { 'lib0/logging': fileURLToPath(new URL('src/browser/yjs-log.ts', import.meta.url)) },
  },
  build: {
    target: 'es2023',
    sourcemap: true,
    modulePreload: { polyfill: false, resolveDependencies: neededWith },
    // Each file that several parts share is compressed by itself: seven small ones of the first load are one.
    rolldownOptions: {
      // Svelte's package does not say so, and without it every module that its entries name would be in the first load.
      treeshake: { moduleSideEffects: [{ test: /svelte\/src\/(?!internal\/(disclose-version|flags))/, sideEffects: false }] },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // Before all others: some make their texts when they are loaded.
            { name: 'words', test: /apps\/web\/src\/words\// },
            { name: 'board', test: within(board) },
            { name: 'shared', test: within(shared) },
            { name: 'svelte', test: framework },
          ],
        },
      },
    },
  },
  plugins: [
    words(),
    plainIcons(),
    svelte(),
    preloadStart(),
    firstLoad(),
    noCircles(),
    pdfFiles(),
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
      strategies: 'injectManifest',
      srcDir: 'src/service-worker',
      filename: 'sw.ts',
      injectManifest: {
        buildPlugins: { vite: [words()] },
        rollupFormat: 'iife', // Firefox has no modules in service workers.
        globPatterns: ['**/*.{html,js,css,woff2,svg,png}'],
        // Half a megabyte that most people never need: the worker keeps it from the first PDF on.
        globIgnores: ['assets/pdf-worker-*', 'assets/pdfjs-*/**'],
      },
    }),
  ],
});
