/** The language of this browser's pages, for the service worker: it has neither their storage nor their `lang`. */

const CACHE = 'wetink-language';
const ADDRESS = '/language';

export async function keepLanguage(caches: CacheStorage, language: string): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(ADDRESS, new Response(language));
}

/** 'en' when no page has kept one, or the browser gives nothing. */
export async function keptLanguage(caches: CacheStorage): Promise<string> {
  try {
    return (await (await caches.match(ADDRESS, { cacheName: CACHE }))?.text()) ?? 'en';
  } catch {
    return 'en'; // Blocked or full storage: a push must still show something.
  }
}
