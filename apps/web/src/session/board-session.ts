/**
 * One open board: the room that syncs it, the board over the room's document, and what I announce about myself.
 *
 * When the relay refuses changes, the room goes on in a new document. Then `board` is a new object too, `onReplaced` tells
 * everything that holds the old one, and the old document stays as a kept copy.
 *
 *   openRoom ── doc ──> BoardDocument             onChange: anything the board shows, its title, names, undo
 *      │  └─ awareness <── SessionPresence        onPresence: the people here
 *      └─ replaced ──> new doc ──> new document   onReplaced
 */
import { createBoard, type Board, type PageId, type PageView } from '@wetink/board';
import { openRoom, type Room, type RoomOptions, type RoomStatus } from '@wetink/sync';
import * as Y from 'yjs';
import type { BoardId } from '../core/board-id.ts';
import { statusNow } from '../core/status-facts.ts';
import { OnlineWake } from '../browser/online-wake.ts';
import { BoardDocument } from './board-document.ts';
import { Listeners } from './listeners.ts';
import { SessionPresence, type Doing } from './session-presence.ts';

export type KeptCopy = Awaited<ReturnType<Room['keptCopies']>>[number];

export interface BoardSession {
  readonly boardId: BoardId;
  readonly room: Room;
  /** The page in view, as a board; `whole` is all of it. Ask again after `onReplaced` and `onPage`. */
  readonly board: PageView;
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
  announce(change: Partial<Doing>): void;
  rename(name: string): void;
  onChange(callback: () => void): () => void;
  onPresence(callback: (changed: readonly number[]) => void): () => void;
  onReplaced(callback: (kept: KeptCopy) => void): () => void;
  /** Shows another page. `onPage` and `onChange` are called, unless it is the page in view. */
  showPage(page: PageId): void;
  onPage(callback: (from: PageId) => void): () => void;
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

export function openSession(options: SessionOptions): BoardSession {
  return new RoomSession(options);
}

class RoomSession implements BoardSession {
  readonly boardId: BoardId;
  readonly room: Room;
  readonly #wake = new OnlineWake();
  readonly #changed = new Listeners<[]>();
  readonly #replaced = new Listeners<[kept: KeptCopy]>();
  readonly #turned = new Listeners<[from: PageId]>();
  readonly #presence: SessionPresence;
  readonly #stops: readonly (() => void)[];
  #document: BoardDocument;
  #isClosed = false;
  #isLoaded = false;
  /** False while a document that replaced another is empty: until the relay has sent its content. */
  #isFilled = true;
  #hasUnsavedEdits = false;

  constructor({ boardId, relayUrl, me, getToken = () => Promise.resolve(''), open = openRoom }: SessionOptions) {
    this.boardId = boardId;
    const environment = { onOnline: (wake: () => void) => this.#wake.onOnline(wake) };
    const room = open({ url: relayUrl, room: boardId, createDoc: () => new Y.Doc(), getToken, environment });
    this.room = room;
    this.#presence = new SessionPresence(me);
    this.#document = this.#enterDocument('');
    void room.whenLoaded.then(() => {
      this.#isLoaded = true;
      this.#changed.tell();
    });
    this.#stops = [
      room.onReplaced(({ kept }) => this.#replace(kept)),
      room.onSynced(() => {
        this.#isFilled = true;
      }),
      room.onStatus((status) => {
        if (isConfirmed(status)) this.#hasUnsavedEdits = false;
        this.#presence.showRole(room.role);
      }),
    ];
  }
  get board(): PageView {
    return this.#document.board;
  }
  get isUntouched(): boolean {
    return this.board.doc.store.clients.size === 0;
  }
  get isLoaded(): boolean {
    return this.#isLoaded;
  }
  get isWhole(): boolean {
    return this.#isLoaded && this.#isFilled;
  }
  get hasUnsavedEdits(): boolean {
    return this.#hasUnsavedEdits;
  }
  get me(): BoardSession['me'] {
    return this.#presence.me;
  }
  announce(change: Parameters<BoardSession['announce']>[0]): void {
    this.#presence.announce(change);
  }
  rename(name: string): void {
    if (name === this.me.name) return;
    this.#presence.rename(name);
    if (this.#isClosed) return;
    this.room.refreshToken(); // Others see the name in the token.
    if (this.room.role !== 'viewer' && this.#document.hasMyName) this.#document.sign();
  }
  onChange(callback: () => void): () => void {
    return this.#changed.add(callback);
  }
  onPresence(callback: (changed: readonly number[]) => void): () => void {
    return this.#presence.onChange(callback);
  }
  onReplaced(callback: (kept: KeptCopy) => void): () => void {
    return this.#replaced.add(callback);
  }
  showPage(page: PageId): void {
    const from = this.board.page;
    if (page === from || this.#isClosed) return;
    this.#document.show(page);
    this.#turned.tell(from);
    this.#changed.tell();
  }
  onPage(callback: (from: PageId) => void): () => void {
    return this.#turned.add(callback);
  }
  tryNow(): void {
    this.#wake.now();
  }
  async openKept(copy: KeptCopy): Promise<{ board: Board; close(): void }> {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, await copy.load());
    const board = createBoard({ doc, userId: this.me.id });
    return {
      board,
      close() {
        board.close();
        doc.destroy();
      },
    };
  }
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#leaveDocument();
    await this.room.close();
  }

  #replace(kept: KeptCopy): void {
    this.#isFilled = false;
    const { page } = this.board;
    this.#leaveDocument();
    this.#document = this.#enterDocument(page);
    this.#replaced.tell(kept);
    this.#changed.tell();
    this.#presence.tell([]);
  }
  #enterDocument(page: PageId): BoardDocument {
    const entered = new BoardDocument(this.room, {
      me: () => this.me,
      page,
      onEdit: () => {
        this.#hasUnsavedEdits = true;
      },
      onChange: ({ isRestoring }) => {
        if (this.#isLoaded || !isRestoring) this.#changed.tell();
      },
    });
    this.#presence.enter(this.room, entered.board.session);
    return entered;
  }
  #leaveDocument(): void {
    this.#document.close();
    this.#presence.leave();
  }
}

/** True when no change of this device waits for the server. */
function isConfirmed(status: RoomStatus): boolean {
  return status.kind !== 'loading' && statusNow(status).waiting === 0;
}
