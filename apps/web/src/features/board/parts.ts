/**
 * The parts of the board page that nobody needs for the first stroke. They are fetched after it is painted, so that
 * the page opens within its budget and they still open at once, without a network too.
 */
import { fileParts } from '../../state/files.svelte.ts';

export const parts = {
  chat: () => import('../chat/ChatDrawer.svelte'),
  clear: () => import('./ClearDialog.svelte'),
  delete: () => import('./DeleteBoard.svelte'),
  error: () => import('./ErrorNotice.svelte'),
  help: () => import('./HelpDialog.svelte'),
  incoming: () => import('./Incoming.svelte'),
  kept: () => import('./KeptNotice.svelte'),
  menu: () => import('./Menu.svelte'),
  share: () => import('../share/ShareDialog.svelte'),
  status: () => import('./StatusDetail.svelte'),
} as const;

/** Fetches all of them while the page is idle. */
export async function fetchParts(): Promise<void> {
  // A part that can't be fetched now is reported when it is opened.
  await Promise.allSettled([...Object.values(parts), ...Object.values(fileParts)].map((load) => load()));
}
