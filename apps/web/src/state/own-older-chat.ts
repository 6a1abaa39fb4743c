/** Older messages of a chat, for as long as the component that asks for them. */
import { movedMessages, withEdits, type ChatMessage } from '@wetink/board';
import { onDestroy } from 'svelte';
import { askHistory } from './ask-history.ts';
import { getApp } from './context.ts';
import type { OpenConversation } from './conversations.svelte.ts';
import { OlderChat, type OlderChatPorts } from './older-chat.svelte.ts';
import { getSession } from './open-session.ts';
import { keepChat } from './own-chat.svelte.ts';

/** Where the chat is: the room, and its document at this moment. */
interface Source {
  readonly roomId: string;
  /** Its messages change with the number of those that moved, so components that ask for that hear of it. */
  readonly chat: { readonly messages: readonly ChatMessage[] };
  doc(): Parameters<typeof withEdits>[0];
  onReplaced(callback: () => void): () => void;
}

/** Those of the open board. While a component is being made. */
export function ownOlderChat(): OlderChat {
  const session = getSession();
  return olderChatOf({
    roomId: session.boardId,
    chat: keepChat(),
    doc: () => session.board.doc,
    onReplaced: (callback) => session.onReplaced(callback),
  });
}

/** Those of a conversation. While a component is being made. */
export function olderTalk({ info, chat, doc, onReplaced }: Pick<OpenConversation, 'info' | 'chat' | 'doc' | 'onReplaced'>): OlderChat {
  return olderChatOf({ roomId: info.id, chat, doc, onReplaced });
}

function olderChatOf(source: Source): OlderChat {
  const older = olderChatOver(source, askHistory(getApp(), source.roomId));
  onDestroy(source.onReplaced(() => older.forget()));
  return older;
}

/** Outside of components: `forget` is the caller's. */
export function olderChatOver({ chat, doc }: Pick<Source, 'chat' | 'doc'>, load: OlderChatPorts['load']): OlderChat {
  return new OlderChat({
    load,
    edited: (messages) => withEdits(doc(), messages),
    movedCount() {
      void chat.messages;
      return movedMessages(doc());
    },
  });
}
