import type { Deletion } from './records.ts';
import type { ElementId } from './types.ts';

/** The deletion, changed so that it no longer covers the elements in `spared`. */
export function without(deletion: Deletion, spared: ReadonlySet<ElementId>): Deletion {
  if (deletion.type === 'list') return { type: 'list', ids: new Set([...deletion.ids].filter((id) => !spared.has(id))) };
  return { ...deletion, spared: new Set([...deletion.spared, ...spared]) };
}
