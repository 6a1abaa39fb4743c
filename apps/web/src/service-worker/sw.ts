/**
 * The service worker: keeps the app's files, so that it opens without a network, and shows notifications that the relay
 * pushes to this device.
 *
 *     push ──> a tab is looked at? nothing, the bell shows it : a notification of the system
 *     press ──> a tab is open? it comes to the front and opens the place : a new tab opens it
 *
 * A new version waits until a page sends SKIP_WAITING: browser/app-update.ts.
 */
import { clientsClaim, type WorkboxPlugin } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import tables from '$words/worker';
import { notificationHash } from '../core/fragment.ts';
import { choose } from '../words/chosen.ts';
import { keptLanguage } from '../words/kept-language.ts';
import { readPress, readPush, type PressedNotification } from '../core/pushed-notification.ts';

/** The parts of `ServiceWorkerGlobalScope` that are used; TypeScript's DOM library has no workers. */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly WindowClient[]>;
    openWindow(address: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  addEventListener(type: 'push', listener: (event: WorkerEvent & { readonly data: { text(): string } | null }) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: WorkerEvent & { readonly notification: Notification }) => void): void;
}
interface WorkerEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface WindowClient {
  readonly visibilityState: DocumentVisibilityState;
  readonly focused: boolean;
  focus(): Promise<unknown>;
  postMessage(message: PressedNotification): void;
}

// The build puts the list of files in place of this name.
declare const self: WorkerScope & { __WB_MANIFEST: PrecacheEntry[] };

const MAX_PDF_FILES = 60;

cleanupOutdatedCaches();
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/(healthz|readyz|metrics)/] }));
// Half a megabyte that most people never need: kept from the first PDF on, for days offline.
// The plugin's types do not allow for exactOptionalPropertyTypes.
const fewFiles = new ExpirationPlugin({ maxEntries: MAX_PDF_FILES }) as WorkboxPlugin;
registerRoute(/\/assets\/(pdf-worker-|pdfjs-)/, new CacheFirst({ cacheName: 'wetink-pdf', plugins: [fewFiles] }));
// The worker controls the first visit too: a new version would take over unasked if no page had a worker.
clientsClaim();

self.addEventListener('message', ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.text() ?? '')));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(readPress(event.notification.data)));
});

async function show(payload: string): Promise<void> {
  // A page that is looked at has the bell. Browsers ask for a notification only when no page is in front.
  if ((await pages()).some(({ visibilityState, focused }) => visibilityState === 'visible' && focused)) return;
  choose(tables[await keptLanguage(caches)] ?? []);
  const { title, ...options } = readPush(payload);
  await self.registration.showNotification(title, { ...options, icon: '/icon-192.png', badge: '/icon-192.png' });
}

async function open(pressed: PressedNotification): Promise<void> {
  if (pressed.link !== '') return void (await self.clients.openWindow(pressed.link));
  const [page] = [...(await pages())].sort((one, other) => rank(other) - rank(one));
  if (page === undefined) return void (await self.clients.openWindow(`/${notificationHash(pressed.id)}`));
  page.postMessage(pressed);
  await page.focus();
}

function pages(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

/** The tab in front before others, a visible one before a hidden one. */
function rank({ focused, visibilityState }: WindowClient): number {
  return Number(focused) + Number(visibilityState === 'visible');
}
