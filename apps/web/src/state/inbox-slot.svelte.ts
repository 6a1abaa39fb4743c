/** The place of the person's inbox: its code comes after the first paint. */
import type { InboxState } from './inbox.svelte.ts';

export class InboxSlot {
  /** Null until it is there, and where a relay identifies nobody. */
  current = $state.raw<InboxState | null>(null);
}
