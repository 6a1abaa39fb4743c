/**
 * Writes by a program that has a user but no page, such as a server for its callers: messages and elements, each once for a
 * key of the caller's choice.
 *
 * Elements are one step of the user, as if drawn on another page: undo takes it back on any page of that user.
 */
import type * as Y from 'yjs';
import { createBoard } from './board.ts';
import { withEdits } from './chat/message-list.ts';
import { nameSchema, requiresNewer } from './core.ts';
import { readMessage, readMessages, writeMessage } from './document/message-record.ts';
import { isElementId } from './document/keys.ts';
import { isPlainObject } from './document/records.ts';
import { openChatRoots, openRoots } from './document/roots.ts';
import { BoardError } from './errors.ts';
import { MAX_CHAT_LENGTH, MAX_GESTURE_LENGTH, MAX_MESSAGE_ID_LENGTH } from './limits.ts';
import type { AttachedFile, ChatMessage, ElementId, NewElement, Page, UserId } from './types.ts';

export interface PostedMessage {
  /** Unique on the board; a message with this id is sent once. At most 64 characters. */
  readonly id: string;
  readonly userId: UserId;
  /** Shown beside the text. */
  readonly name: string;
  readonly text: string;
  /** The element whose conversation it belongs to. */
  readonly about?: ElementId | undefined;
  /** Id of the message that it answers. */
  readonly replyTo?: string | undefined;
  /** Users that its text mentions; at most 50 count. */
  readonly mentions?: readonly UserId[] | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The chat of a board or a conversation as a page shows it, without opening one: oldest first. */
export function chatMessages(doc: Y.Doc): readonly ChatMessage[] {
  return withEdits(doc, readMessages(openChatRoots(doc).chat.toArray(), []));
}

/** The files that messages of the chat have. Reads only those messages. */
export function chatFiles(doc: Y.Doc): AttachedFile[] {
  return openChatRoots(doc)
    .chat.toArray()
    .flatMap((item) => (isPlainObject(item) && item.f !== undefined ? (readMessage(item)?.file ?? []) : []));
}

/** The last message of the chat, as it was sent; null when there is none, or none that can be read. */
export function newestMessage(doc: Y.Doc): ChatMessage | null {
  const { chat } = openChatRoots(doc);
  return chat.length === 0 ? null : readMessage(chat.get(chat.length - 1));
}

/**
 * Sends a message, unless there is one with this id.
 *
 * @returns The message as the chat has it: of the first call with this id.
 * @throws {BoardError} `BAD_TEXT` when the text is empty or too long, `TOO_NEW`.
 */
export function postMessage(doc: Y.Doc, message: PostedMessage): { message: ChatMessage; isNew: boolean } {
  const roots = openChatRoots(doc);
  if (requiresNewer(roots)) throw new BoardError('TOO_NEW');
  const text = message.text.trim();
  if (text === '' || text.length > MAX_CHAT_LENGTH) throw new BoardError('BAD_TEXT', `${text.length} units`);
  if (message.id === '' || message.id.length > MAX_MESSAGE_ID_LENGTH) throw new RangeError('a message id has 1 to 64 characters');
  const there = readMessages(roots.chat.toArray(), []).find(({ id }) => id === message.id);
  if (there !== undefined) return { message: there, isNew: false };
  const stored = writeMessage({ ...message, text });
  const shown = readMessage(stored);
  if (shown === null) throw new BoardError('BAD_TEXT', 'user id or time');
  doc.transact(() => {
    nameSchema(roots);
    roots.chat.push([stored]);
  });
  return { message: shown, isNew: true };
}

export interface PostedElements {
  readonly userId: UserId;
  /** The user's name, for readers of the board; one that the user wrote there stays. */
  readonly name: string;
  readonly elements: readonly NewElement[];
  /** For each element the place in `elements` of the frame that it goes into; null for none. Default: none. */
  readonly frames?: readonly (number | null)[];
  /** Elements with this key are drawn once, also after they were deleted or undone. At most 40 characters; null: no key. */
  readonly key: string | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Draws elements as one step of the user, unless there are elements of this key. Reads the whole board: about a second for
 * 100,000 elements.
 *
 * @returns Ids in the order of `elements`; of the first call with this key.
 * @throws {BoardError} `BAD_ELEMENT`, also for a frame that is none, `BAD_TEXT`, `TOO_LARGE`, `TOO_NEW`. Nothing is written then.
 */
export function postElements(doc: Y.Doc, post: PostedElements): { ids: readonly ElementId[]; isNew: boolean } {
  const { userId, name, elements, frames = [], key, now, random } = post;
  if (key !== null && (key === '' || key.length > MAX_GESTURE_LENGTH)) throw new RangeError('a key has 1 to 40 characters');
  const there = key === null ? [] : idsOf(doc, key);
  if (there.length > 0) return { ids: there, isNew: false };
  const board = createBoard({ doc, userId, now, random, mayReconcile: () => false });
  try {
    const gesture = key === null ? {} : { gesture: key };
    const ids = board.run((edit) => {
      const made = elements.map((element) => edit.create({ ...element, ...gesture }));
      for (const [i, frame] of frames.entries()) {
        const [id, into] = [made[i], frame === null ? undefined : made[frame]];
        if (id !== undefined && into !== undefined) edit.setParent([id], into);
      }
      return made;
    });
    if (name.trim() !== '' && board.nameOf(userId) === null) board.setName(name);
    return { ids, isNew: true };
  } finally {
    board.close();
  }
}

export interface CountedPage extends Page {
  /** Elements that it shows. */
  readonly elements: number;
}

/** The pages of a board in order; the first has the id ''. Reads the whole board, as `postElements`, and writes nothing. */
export function boardPages(doc: Y.Doc): readonly CountedPage[] {
  const board = createBoard({ doc, userId: 'reader', mayReconcile: () => false });
  try {
    return board.pages().map(({ id, name }) => ({ id, name, elements: board.countOn(id) }));
  } finally {
    board.close();
  }
}

/** Elements that were made with this key, in the order of their making: hidden ones too. */
function idsOf(doc: Y.Doc, key: string): ElementId[] {
  const ids: ElementId[] = [];
  for (const [id, stored] of openRoots(doc).base.entries()) {
    if (isElementId(id) && isPlainObject(stored) && stored.n === key) ids.push(id);
  }
  // Counters of one session in base 36, without leading zeros.
  return ids.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}
