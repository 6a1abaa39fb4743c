/** Fetches the code of editing.ts, which a page with a small first load has in a file of its own. */
import type { Editing } from './stage-types.ts';

export function fetchEditing(): Promise<Editing> {
  return import('./editing.ts');
}
