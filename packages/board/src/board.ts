/**
 * A board over one Y.Doc: puts the parts together and keeps them current.
 *
 *     doc ── afterTransaction ──> History (steps, marks) ──> Elements (what is shown) ──> onChange
 *      ^                                  │
 *      └ PendingEdit, UndoStack, TextBoxes   one transaction a gesture
 *
 * Reading never writes: opening a board, also one of a newer version, leaves the document as it is.
 */
import type * as Y from 'yjs';
import { BoardChat } from './chat.ts';
import type { Core } from './core.ts';
import { OwnSession } from './document/own-session.ts';
import { Details } from './details.ts';
import { Emitter } from './emitter.ts';
import { BoardError } from './errors.ts';
import { PendingEdit } from './writing/pending-edit.ts';
import { History } from './steps/history.ts';
import { type UndoLimits, undoLimits } from './limits.ts';
import { Reconciler } from './undo/reconciler.ts';
import { openRoots } from './document/roots.ts';
import { Elements } from './elements/elements.ts';
import { StepClock } from './steps/step-clock.ts';
import { emptyTrash } from './writing/sweep.ts';
import { TextBoxes } from './typing/text-boxes.ts';
import type {
  Board,
  BoardChange,
  BoardElement,
  BoardOptions,
  Chat,
  Color,
  Edit,
  ElementId,
  ElementText,
  SessionId,
  StepKey,
  UndoOutcome,
  UserId,
} from './types.ts';
import { UndoStack } from './undo/undo.ts';

/**
 * Opens a board over `doc` and reads it once: about a second for 100,000 elements. After that the cost of a change
 * depends only on what it changed. The document may be empty and be filled later.
 */
export function createBoard(options: BoardOptions): Board {
  return createTunedBoard(options, undoLimits);
}

/** A board with its own undo limits, for tests. */
export function createTunedBoard(options: BoardOptions, limits: UndoLimits): Board {
  return new DocumentBoard(options, limits);
}

class DocumentBoard implements Board {
  readonly doc: Y.Doc;
  readonly userId: UserId;
  readonly #core: Core;
  readonly #chat: BoardChat;
  readonly #details: Details;
  readonly #texts: TextBoxes;
  readonly #undo: UndoStack;
  readonly #reconciler: Reconciler;
  readonly #mayReconcile: (origin: unknown) => boolean;
  readonly #changes = new Emitter<[BoardChange]>();
  readonly #afterTransaction = (transaction: Y.Transaction): void => this.#takeIn(transaction);
  /** The edit of the gesture in progress, which a nested `run` joins. */
  #edit: PendingEdit | null = null;
  /** Changes made by an undo in progress. */
  #collected: BoardChange[] | null = null;
  #isClosed = false;

  constructor(options: BoardOptions, limits: UndoLimits) {
    const { doc, userId, now = Date.now, random = Math.random, mayReconcile = () => true } = options;
    this.doc = doc;
    this.userId = userId;
    const roots = openRoots(doc);
    const history = new History(roots, userId, new StepClock(now));
    const elements = new Elements(doc, roots, history);
    const session = new OwnSession(
      random,
      (id) => roots.who.has(id) || history.hasSession(id),
      (id) => history.unusedCounter(id),
    );
    this.#core = { doc, roots, history, elements, session, userId, limits, origin: { board: session.id } };
    const requireWritable = (): void => this.#requireWritable();
    this.#chat = new BoardChat(this.#core, requireWritable);
    this.#details = new Details(this.#core);
    this.#texts = new TextBoxes(this.#core, requireWritable, () => this.isTooNew);
    this.#undo = new UndoStack(this.#core, this.#texts);
    this.#reconciler = new Reconciler(this.#core, this.#undo);
    this.#mayReconcile = mayReconcile;
    doc.on('afterTransaction', this.#afterTransaction);
  }

  get session(): SessionId {
    return this.#core.session.id;
  }

  get isTooNew(): boolean {
    return this.#details.isTooNew();
  }

  get count(): number {
    return this.#core.elements.order.count;
  }

  get canUndo(): boolean {
    return this.nextUndo !== null;
  }

  get nextUndo(): StepKey | null {
    return this.#undo.undoTop();
  }

  get canRedo(): boolean {
    return this.#undo.redoTop() !== null;
  }

  get title(): string {
    return this.#details.title();
  }

  get background(): Color {
    return this.#details.background();
  }

  get chat(): Chat {
    return this.#chat;
  }

  get(id: ElementId): BoardElement | undefined {
    return this.#core.elements.get(id);
  }

  elements(): readonly BoardElement[] {
    return this.#core.elements.order.elements();
  }

  placeOf(id: ElementId): string | undefined {
    return this.#core.elements.placeOf(id);
  }

  onChange(callback: (change: BoardChange) => void): () => void {
    return this.#changes.on(callback);
  }

  run<Result>(gesture: (edit: Edit) => Result): Result {
    this.#requireWritable();
    if (this.#edit !== null) return gesture(this.#edit);
    const edit = new PendingEdit(this.#core);
    this.#edit = edit;
    let result: Result;
    try {
      result = gesture(edit);
    } finally {
      this.#edit = null;
    }
    edit.commit();
    return result;
  }

  clear(): void {
    this.run(() => this.#edit?.clear());
  }

  undo(): UndoOutcome {
    this.#requireWritable();
    return this.#undo.undo((write) => this.#collect(write));
  }

  redo(): UndoOutcome {
    this.#requireWritable();
    return this.#undo.redo((write) => this.#collect(write));
  }

  text(id: ElementId): ElementText {
    if (this.#isClosed) throw new BoardError('CLOSED');
    return this.#texts.open(id);
  }

  emptyTrash(): number {
    this.#requireWritable();
    return emptyTrash(this.#core);
  }

  setTitle(title: string): void {
    this.#requireWritable();
    this.#details.setTitle(title);
  }

  setBackground(color: Color): void {
    this.#requireWritable();
    this.#details.setBackground(color);
  }

  nameOf(userId: UserId): string | null {
    return this.#details.nameOf(userId);
  }

  setName(name: string): void {
    this.#requireWritable();
    this.#details.setName(name);
  }

  onMeta(callback: () => void): () => void {
    return this.#details.onChange(callback);
  }

  nextGesture(): string {
    return this.#core.session.nextGesture();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#texts.close();
    this.#isClosed = true;
    this.doc.off('afterTransaction', this.#afterTransaction);
    this.#chat.close();
    this.#details.close();
    this.#changes.clear();
  }

  #requireWritable(): void {
    if (this.#isClosed) throw new BoardError('CLOSED');
    if (this.isTooNew) throw new BoardError('TOO_NEW');
  }

  #takeIn(transaction: Y.Transaction): void {
    const change = this.#core.elements.update(transaction);
    try {
      if (change !== null) this.#tell(change);
    } finally {
      this.#reconciler.takeIn(transaction, () => !this.isTooNew && this.#mayReconcile(transaction.origin));
    }
  }

  #tell(change: BoardChange): void {
    this.#collected?.push(change);
    this.#changes.emit(change);
  }

  #collect(write: () => void): readonly ElementId[] {
    const collected: BoardChange[] = [];
    this.#collected = collected;
    try {
      write();
    } finally {
      this.#collected = null;
    }
    const ids = collected.flatMap(({ added, changed, removed }) => [
      ...added.map(({ id }) => id),
      ...changed.map(({ after }) => after.id),
      ...removed.map(({ id }) => id),
    ]);
    return collected.length > 1 ? [...new Set(ids)] : ids;
  }
}
