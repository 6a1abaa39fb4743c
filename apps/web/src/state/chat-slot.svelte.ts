/** The place of the chat on the open board: its code comes after the first paint. */
import type { ChatState } from './chat.svelte.ts';

export class ChatSlot {
  /** Null until it is there. */
  current = $state.raw<ChatState | null>(null);
}
