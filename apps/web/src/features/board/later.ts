/**
 * The late parts of the board page by name, without their addresses: those are a late part themselves (parts.ts), fetched while
 * the page is being made, so that no part waits for them.
 */
import type { parts } from './parts.ts';

const fetchList = () => import('./parts.ts');
/** The bars at the top: the page shows them at once, so their addresses are here. */
export const topBars = {
  start: () => import('./TopStart.svelte'),
  end: () => import('./TopEnd.svelte'),
} as const;
// Fetched again when they are needed, if they can't be fetched now.
for (const load of [topBars.start, topBars.end, fetchList]) load().catch(() => undefined);

/** `later.menu` fetches the menu. */
export const later = new Proxy({} as typeof parts, {
  get: (_, name: keyof typeof parts) => () => fetchList().then((list): Promise<unknown> => list.parts[name]()),
});

/** Fetches those that the page shows at once. */
export async function fetchShown(): Promise<void> {
  await Promise.allSettled([topBars.start(), topBars.end(), later.style(), later.typing()]);
}

/** Fetches all of them while the page is idle. */
export async function fetchParts(): Promise<void> {
  // A part that can't be fetched now is reported when it is opened.
  await fetchList().then(
    (list) => list.fetchAll(),
    () => undefined,
  );
}
