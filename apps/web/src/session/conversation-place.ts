/**
 * A conversation as a place of a chat: the room with its messages, and the people who are writing now. Kept on the device like a
 * board, so it can be read and written to without a network.
 */
import { openChat } from '@wetink/board';
import { openRoom, type Room, type RoomOptions, type RoomStatus } from '@wetink/sync';
import * as Y from 'yjs';
import type { Person } from '../core/board-info.ts';
import type { ConversationInfo } from '../core/conversation-info.ts';
import { refusedOf, statusNow } from '../core/status-facts.ts';
import { progressOf } from './room-progress.ts';

export interface ConversationPlaceOptions {
  conversation: ConversationInfo;
  me: { readonly id: string; readonly name: string };
  relayUrl: string;
  getToken: NonNullable<RoomOptions['getToken']>;
  /** For tests; the real thing by default. */
  open?: typeof openRoom;
}

export type ConversationPlace = ReturnType<typeof openConversationPlace>;

/** People who are named as writing; more are noise. */
const WRITERS_MAX = 10;

export function openConversationPlace({ conversation, me, relayUrl, getToken, open = openRoom }: ConversationPlaceOptions) {
  const room = open({ url: relayUrl, room: conversation.id, createDoc: () => new Y.Doc(), getToken });
  let people = conversation.people;
  let others = people.filter(({ id }) => id !== me.id);
  const find = (userId: string): Person | undefined => others.find(({ id }) => id === userId);
  const nameOf = (userId: string): string | null => find(userId)?.name ?? null;
  let isTyping = false;
  const announce = (): void => room.awareness.setLocalState({ user: { id: me.id, name: me.name }, isTyping, people: people.length });
  announce();
  const stop = room.onReplaced(announce);

  return {
    key: conversation.id,
    me,
    open: () => openChat({ doc: room.doc, userId: me.id }),
    doc: () => room.doc,
    onReplaced: (callback: () => void) => room.onReplaced(callback),
    whenSynced: room.whenSynced,
    announce(change: { isTyping: boolean }) {
      ({ isTyping } = change);
      announce();
    },
    mayMark: () => room.isSynced,
    isKnown(): boolean {
      const now = statusNow(room.status);
      return room.isSynced || now.kind === 'offline' || now.kind === 'error' || (now.kind === 'trouble' && !now.isConnected);
    },
    progress: () => progressOf(room),
    onProgress: (callback: () => void) => room.onStatus(callback),
    people: () => others,
    /** The server has named other people of the conversation. */
    setPeople(now: readonly Person[]): void {
      people = now;
      others = people.filter(({ id }) => id !== me.id);
      announce();
    },
    /**
     * Signs that its people have changed: somebody here whom this device does not know, or who knows of more people or fewer.
     * Anybody can write them: they are a reason to ask the server, and no more. '' for none.
     */
    strangers: () => strangersIn(room.awareness, { myId: me.id, people }),
    nameOf,
    find,
    views: null,
    get status(): RoomStatus {
      return room.status;
    },
    onStatus: (callback: () => void) => room.onStatus(callback),
    isSynced: () => room.isSynced,
    onSynced: (callback: () => void) => room.onSynced(callback),
    /** Documents that the server refused, and changes in them. */
    keptCopies: () => room.keptCopies(),
    refusedCount: () => refusedOf(room.status)?.count ?? 0,
    /** Names of the people who are writing. */
    writers(): readonly string[] {
      return [...writersIn(room.awareness, me.id)].flatMap((id) => nameOf(id) ?? []).slice(0, WRITERS_MAX);
    },
    onWriters(callback: () => void): () => void {
      let { awareness } = room;
      awareness.on('change', callback);
      const stopReplaced = room.onReplaced(() => {
        awareness.off('change', callback);
        ({ awareness } = room);
        awareness.on('change', callback);
      });
      return () => {
        awareness.off('change', callback);
        stopReplaced();
      };
    },
    async close(): Promise<void> {
      stop();
      await room.close();
    },
  };
}

/** User ids of others who are writing, as their clients say. */
function writersIn(awareness: Room['awareness'], myId: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const { user, isTyping } = state as { user?: { id?: unknown } | null; isTyping?: unknown };
    if (isTyping === true && typeof user?.id === 'string' && user.id !== myId) ids.add(user.id);
  }
  return ids;
}

function strangersIn(awareness: Room['awareness'], { myId, people }: { myId: string; people: readonly Person[] }): string {
  const signs: string[] = [];
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue;
    const { user, people: count } = state as { user?: { id?: unknown } | null; people?: unknown };
    const userId = user?.id;
    if (typeof userId === 'string' && userId !== myId && !people.some(({ id }) => id === userId)) signs.push(`${clientId} ${userId}`);
    else if (typeof count === 'number' && count !== people.length) signs.push(`${clientId} ${count}`);
  }
  return signs.join('\n');
}
