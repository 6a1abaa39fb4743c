/**
 * One open board: the room that syncs it, the board over the room's document, and what I announce about myself.
 *
 * When the relay refuses changes, the room goes on in a new document. Then `board` is a new object too, `onReplaced` tells
 * everything that holds the old one, and the old document stays as a kept copy.
 *
 *   openRoom ── doc ──> createBoard          onChange: anything the board shows, its title, names, undo
 *      │  └─ awareness <── presence          onPresence: the people here
 *      └─ replaced ──> new doc ──> new board onReplaced
 */
import { createBoard, type Board } from '@wetink/board';
import { openRoom, RemoteOrigin, type Room, type RoomOptions, type RoomStatus } from '@wetink/sync';
import * as Y from 'yjs';
import type { BoardId } from '../core/board-id.ts';
import type { PresenceState } from '../core/participants.ts';
import { standingOf } from '../core/status-sentence.ts';

export type KeptCopy = Awaited<ReturnType<Room['keptCopies']>>[number];

export interface BoardSession {
  readonly boardId: BoardId;
  readonly room: Room;
  /** The current one: ask again after `onReplaced`. */
  readonly board: Board;
  /** The board has all that this device keeps. Before, it has only a part, and `onChange` is called once, at the end. */
  readonly isLoaded: boolean;
  /**
   * The board has all that is known of it: `isLoaded`, and after a refused change also the relay's content, since the new
   * document begins empty. Before, an empty board proves nothing.
   */
  readonly isWhole: boolean;
  /** Nothing was ever written here, as far as this device knows. */
  readonly isUntouched: boolean;
  /** Something was changed on this page that no server has confirmed. */
  readonly hasUnsavedEdits: boolean;
  readonly me: { readonly id: string; readonly name: string };
  /** Changes my presence. */
  announce(change: Partial<Pick<PresenceState, 'cursor' | 'tool' | 'isTyping'>>): void;
  rename(name: string): void;
  /** @throws {BoardError} `BAD_TEXT` when the message is empty or too long. */
  send(text: string): void;
  onChange(callback: () => void): () => void;
  onPresence(callback: (changed: readonly number[]) => void): () => void;
  onReplaced(callback: (kept: KeptCopy) => void): () => void;
  /** Tries to reach the server now instead of after the wait; a wait that the server asked for is not cut short. */
  tryNow(): void;
  /** A kept copy opened as a board of its own, to look at or export. Close it when done. */
  openKept(copy: KeptCopy): Promise<{ board: Board; close(): void }>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface SessionOptions {
  boardId: BoardId;
  relayUrl: string;
  me: { id: string; name: string };
  getToken?: RoomOptions['getToken'];
  /** For tests; the real thing by default. */
  open?: typeof openRoom;
}

export function openSession({
  boardId,
  relayUrl,
  me,
  getToken = () => Promise.resolve(''),
  open = openRoom,
}: SessionOptions): BoardSession {
  const wakers = new Set<() => void>();
  // Wakes the room when the browser is back online, and when the person asks for a try.
  const onOnline = (wake: () => void): (() => void) => {
    wakers.add(wake);
    globalThis.window?.addEventListener('online', wake);
    return () => {
      wakers.delete(wake);
      globalThis.window?.removeEventListener('online', wake);
    };
  };
  const room = open({ url: relayUrl, room: boardId, createDoc: () => new Y.Doc(), getToken, environment: { onOnline } });
  const changeCallbacks = new Set<() => void>();
  const presenceCallbacks = new Set<(changed: readonly number[]) => void>();
  const replacedCallbacks = new Set<(kept: KeptCopy) => void>();
  let person = { ...me };
  /** The part of my presence that outlives a replaced document; the rest belongs to one document. */
  let doing: Pick<PresenceState, 'cursor' | 'tool' | 'isTyping'> = { cursor: null, tool: 'select', isTyping: false };
  let presence: PresenceState;
  let isClosed = false;
  let isLoaded = false;
  /** False while a document that replaced another is empty: until the relay has sent its content. */
  let isFilled = true;
  let isSigning = false;
  let hasUnsavedEdits = false;
  /** The transaction under way comes from this device's storage. */
  let isRestoring = false;
  const tell = (): void => changeCallbacks.forEach((callback) => callback());
  let held = hold();

  /** Everything that hangs on the current document. */
  function hold() {
    // Repairs are written only after the relay has said that I may draw, and never for rows that this device only reads again.
    const mayReconcile = (from: unknown): boolean =>
      room.role !== null && room.role !== 'viewer' && !(from instanceof RemoteOrigin && from.source === 'device');
    const board = createBoard({ doc: room.doc, userId: me.id, mayReconcile });
    const awareness = room.awareness;
    presence = { session: board.session, user: { ...person }, ...doing, ...ofRole(room) };
    awareness.setLocalState(presence);
    const tellUnlessLoading = (): void => {
      if (isLoaded || !isRestoring) tell();
    };
    const tellPresence = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }): void => {
      const changed = [...added, ...updated, ...removed];
      presenceCallbacks.forEach((callback) => callback(changed));
    };
    awareness.on('change', tellPresence);
    const { doc } = board;
    // Not `update`: Yjs would encode all content of a large board again just for this.
    const noteEdit = ({ origin, changed }: Y.Transaction): void => {
      if (!(origin instanceof RemoteOrigin) && changed.size > 0) hasUnsavedEdits = true;
    };
    doc.on('beforeTransaction', signWith);
    doc.on('afterTransaction', noteEdit);
    const stops = [
      () => doc.off('beforeTransaction', signWith),
      () => doc.off('afterTransaction', noteEdit),
      board.onChange(tellUnlessLoading),
      board.onMeta(tellUnlessLoading),
      () => awareness.off('change', tellPresence),
      () => board.close(),
    ];
    return { board, awareness, release: () => stops.forEach((stop) => stop()) };
  }

  /**
   * Writes my name into the document with my own changes: looking at a board writes nothing.
   *
   * In the same transaction as the first change, so that both are sent and counted as one change.
   */
  function signWith(transaction: Y.Transaction): void {
    isRestoring = transaction.origin instanceof RemoteOrigin && transaction.origin.source === 'device';
    if (transaction.local && !(transaction.origin instanceof RemoteOrigin)) sign();
  }

  function sign(): void {
    const { board } = held;
    if (isClosed || isSigning || board.isTooNew || board.nameOf(person.id) === person.name) return;
    isSigning = true;
    try {
      board.setName(person.name);
    } finally {
      isSigning = false;
    }
  }

  void room.whenLoaded.then(() => {
    isLoaded = true;
    tell();
  });
  const stopStatus = room.onStatus((status) => {
    if (isConfirmed(status)) hasUnsavedEdits = false;
    const { isViewer, ...others } = presence;
    if ((isViewer === true) === (room.role === 'viewer')) return;
    presence = { ...others, ...ofRole(room) };
    held.awareness.setLocalState(presence);
  });
  const stopSynced = room.onSynced(() => {
    isFilled = true;
  });
  const stopReplaced = room.onReplaced(({ kept }) => {
    isFilled = false;
    held.release();
    held = hold();
    replacedCallbacks.forEach((callback) => callback(kept));
    changeCallbacks.forEach((callback) => callback());
    presenceCallbacks.forEach((callback) => callback([]));
  });

  return {
    boardId,
    room,
    get board() {
      return held.board;
    },
    get isUntouched() {
      return held.board.doc.store.clients.size === 0;
    },
    get isLoaded() {
      return isLoaded;
    },
    get isWhole() {
      return isLoaded && isFilled;
    },
    get hasUnsavedEdits() {
      return hasUnsavedEdits;
    },
    get me() {
      return person;
    },
    announce(change) {
      if (isClosed) return;
      doing = { ...doing, ...change };
      presence = { ...presence, ...doing };
      held.awareness.setLocalState(presence);
    },
    rename(name) {
      if (name === person.name) return;
      person = { ...person, name };
      presence = { ...presence, user: { ...person } };
      if (isClosed) return;
      held.awareness.setLocalState(presence);
      room.refreshToken(); // Others see the name in the token.
      if (room.role !== 'viewer' && held.board.nameOf(person.id) !== null) sign();
    },
    send(text) {
      held.board.chat.send(text, person.name);
    },
    onChange: (callback) => listen(changeCallbacks, callback),
    onPresence: (callback) => listen(presenceCallbacks, callback),
    onReplaced: (callback) => listen(replacedCallbacks, callback),
    tryNow: () => wakers.forEach((wake) => wake()),
    async openKept(copy) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, await copy.load());
      const board = createBoard({ doc, userId: me.id });
      return {
        board,
        close() {
          board.close();
          doc.destroy();
        },
      };
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      stopReplaced();
      stopSynced();
      stopStatus();
      held.release();
      await room.close();
    },
  };
}

/** The part of my presence that shows my role, for the others' list of people. */
function ofRole({ role }: Pick<Room, 'role'>): Pick<PresenceState, 'isViewer'> {
  return role === 'viewer' ? { isViewer: true } : {};
}

/** True when no change of this device waits for the server. */
function isConfirmed(status: RoomStatus): boolean {
  return status.kind !== 'loading' && standingOf(status).waiting === 0;
}

function listen<Callback>(callbacks: Set<Callback>, callback: Callback): () => void {
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}
