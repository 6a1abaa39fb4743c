/**
 * Builds the single-page app and its service worker.
 *
 * Workspace packages are bundled from their TypeScript sources (the `@wetink/source` condition), in dev and in the
 * build alike, so the app never runs against a stale `dist`. The service worker precaches the whole shell, fonts
 * included: a reload of `/b/<id>` without a network starts from it.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

export default defineConfig({
  publicDir: 'static',
  resolve: { conditions: ['@wetink/source', ...defaultClientConditions], dedupe: ['yjs', 'lib0'] },
  build: { target: 'es2023', sourcemap: true, modulePreload: { polyfill: false } },
  plugins: [
    svelte(),
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
        globPatterns: ['**/*.{html,js,css,woff2,svg,png}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/(healthz|readyz|metrics)/],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
});
