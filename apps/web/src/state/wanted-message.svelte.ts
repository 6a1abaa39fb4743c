/**
 * Leads to the message that an address, a notification or a quotation names. One that has left the document is looked for
 * among the older messages, page by page; of one that is gone the person reads that it is.
 */
import { untrack } from 'svelte';
import type { ChatMessage } from '@wetink/board';
import { notFoundSentence, tooFarSentence } from '../core/chat-sentence.ts';
import type { OlderChat } from './older-chat.svelte.ts';

export interface WantedPorts {
  readonly chat: { wanted: string | null };
  /** Undefined where no message leaves the document. */
  readonly older: OlderChat | undefined;
  /** All that are loaded, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** The server's messages are here, or none can come now: before, the message may have yet to arrive. */
  readonly isKnown: boolean;
  /** The list is on the page. */
  readonly isReady: boolean;
  show(id: string): void;
  /** Puts loaded messages before the others. */
  add(put: () => void): void;
  say(sentence: string): void;
}

/** While a component is being made. @param ports Their values are read as they are then. */
export function followWanted(ports: WantedPorts): void {
  let sought: string | null = null;
  let isOver = false;

  const seek = async (id: string, older: OlderChat | undefined): Promise<void> => {
    sought = id;
    const isWanted = (): boolean => !isOver && ports.chat.wanted === id;
    const outcome = await older?.seek(id, { oldestId: () => ports.messages[0]?.id ?? null, show: (put) => ports.add(put), isWanted });
    if (sought === id) sought = null;
    if (!isWanted() || outcome === 'found') return;
    ports.chat.wanted = null;
    ports.say(outcome === 'far' ? tooFarSentence() : notFoundSentence(outcome === 'failed' ? (older?.failure ?? null) : null));
  };

  $effect(() => {
    const id = ports.chat.wanted;
    if (id === null || !ports.isReady) return;
    if (ports.messages.some((message) => message.id === id)) {
      ports.chat.wanted = null;
      untrack(() => ports.show(id));
    } else if (ports.isKnown && sought !== id) untrack(() => void seek(id, ports.older));
  });
  $effect(() => () => {
    isOver = true;
    if (sought !== null && sought === ports.chat.wanted) ports.chat.wanted = null;
  });
}
