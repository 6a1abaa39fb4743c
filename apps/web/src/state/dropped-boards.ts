/** The boards among files that were dropped on the home page. The code that reads files is fetched with the first ones. */
import { fetchPart } from '../browser/fetch-part.ts';
import type { Toasts } from './toasts.svelte.ts';

/** A toast says why a file is left out; another one, that the code could not be fetched. */
export async function boardsAmong(files: readonly File[], toasts: Toasts): Promise<readonly File[]> {
  const part = await fetchPart(() => import('../session/board-file.ts'), toasts);
  if (part === null) return [];
  const { boards, leftOut } = await part.sortFiles(files, 'home');
  for (const sentence of leftOut) toasts.fail(sentence);
  return boards;
}
