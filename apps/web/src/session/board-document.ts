/**
 * The board over one document of the room, until the room replaces that document.
 *
 * Writes the person's name into the document with their own changes: looking at a board writes nothing. In the same
 * transaction as the first change, so that both are sent and counted as one change.
 */
import { createBoard, PageView, type PageId } from '@wetink/board';
import { RemoteOrigin, type Room } from '@wetink/sync';
import type * as Y from 'yjs';

export interface BoardDocumentOptions {
  me(): { readonly id: string; readonly name: string };
  /** The page in view. */
  readonly page: PageId;
  /** Something was changed on this page. */
  onEdit(): void;
  /** @param change.isRestoring The change comes from this device's storage. */
  onChange(change: { isRestoring: boolean }): void;
}

export class BoardDocument {
  #board: PageView;
  readonly #options: BoardDocumentOptions;
  readonly #stops: readonly (() => void)[];
  #isSigning = false;
  /** The transaction under way comes from this device's storage. */
  #isRestoring = false;

  constructor(room: Pick<Room, 'doc' | 'role'>, options: BoardDocumentOptions) {
    this.#options = options;
    // Repairs are written only after the relay has said that I may draw, and never for rows that this device only reads again.
    const mayReconcile = (from: unknown): boolean => room.role !== null && room.role !== 'viewer' && !isFromDevice(from);
    const board = createBoard({ doc: room.doc, userId: options.me().id, mayReconcile });
    this.#board = new PageView(board, options.page);
    const { doc } = board;
    const begin = ({ origin, local }: Y.Transaction): void => {
      this.#isRestoring = isFromDevice(origin);
      if (local && !(origin instanceof RemoteOrigin)) this.sign();
    };
    // Not `update`: Yjs would encode all content of a large board again just for this.
    const end = ({ origin, changed }: Y.Transaction): void => {
      if (!(origin instanceof RemoteOrigin) && changed.size > 0) options.onEdit();
    };
    const tell = (): void => options.onChange({ isRestoring: this.#isRestoring });
    doc.on('beforeTransaction', begin);
    doc.on('afterTransaction', end);
    this.#stops = [
      () => doc.off('beforeTransaction', begin),
      () => doc.off('afterTransaction', end),
      board.onChange(tell),
      board.onMeta(tell),
      board.onPages(tell),
      () => board.close(),
    ];
  }
  /** The page in view; another object for another page. */
  get board(): PageView {
    return this.#board;
  }
  show(page: PageId): void {
    this.#board = new PageView(this.#board.whole, page);
  }
  /** My name was written into it, by this page or an earlier one. */
  get hasMyName(): boolean {
    return this.board.nameOf(this.#options.me().id) !== null;
  }
  /** Writes my name as it is now. */
  sign(): void {
    const { board } = this;
    const { id, name } = this.#options.me();
    if (this.#isSigning || board.isTooNew || board.nameOf(id) === name) return;
    this.#isSigning = true;
    try {
      board.setName(name);
    } finally {
      this.#isSigning = false;
    }
  }
  close(): void {
    for (const stop of this.#stops) stop();
  }
}

function isFromDevice(origin: unknown): boolean {
  return origin instanceof RemoteOrigin && origin.source === 'device';
}
