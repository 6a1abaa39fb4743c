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
import { type Core, introduce } from './core.ts';
import { fields } from './document/fields.ts';
import { OwnSession } from './document/own-session.ts';
import { Details } from './details.ts';
import { Emitter } from './emitter.ts';
import { BoardError } from './errors.ts';
import { PendingEdit } from './writing/pending-edit.ts';
import { History } from './steps/history.ts';
import { lastAuthor } from './steps/last-author.ts';
import { type UndoLimits, undoLimits } from './limits.ts';
import { Reconciler } from './undo/reconciler.ts';
import { openRoots } from './document/roots.ts';
import { Elements } from './elements/elements.ts';
import { StepClock } from './steps/step-clock.ts';
import { deletedInSteps } from './elements/trash.ts';
import { emptyTrash } from './writing/sweep.ts';
import { TextBoxes } from './typing/text-boxes.ts';
import type {
  Board,
  BoardChange,
  BoardElement,
  BoardOptions,
  ChatHost,
  Color,
  Deleted,
  Edit,
  ElementId,
  ElementText,
  Look,
  Page,
  PageId,
  Paper,
  RunOptions,
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
  readonly #details: Details;
  readonly #texts: TextBoxes;
  readonly #undo: UndoStack;
  readonly #reconciler: Reconciler;
  readonly #mayReconcile: (origin: unknown) => boolean;
  readonly #changes = new Emitter<[BoardChange]>();
  readonly #pagesChanged = new Emitter<[]>();
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

  get paper(): Paper {
    return this.#core.elements.pages.paper;
  }

  get background(): Color {
    return this.#details.background();
  }

  chatHost(): ChatHost {
    const core = this.#core;
    return {
      doc: core.doc,
      userId: core.userId,
      origin: core.origin,
      now: () => core.history.clock.wall(),
      requireWritable: () => this.#requireWritable(),
      introduce: () => introduce(core),
      nextMessage: () => core.session.nextMessage(),
    };
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

  pages(): readonly Page[] {
    return this.#core.elements.pages.list();
  }

  countOn(page: PageId): number {
    return this.#core.elements.pages.count(page);
  }

  onPages(callback: () => void): () => void {
    return this.#pagesChanged.on(callback);
  }

  parentOf(id: ElementId): ElementId | null {
    return this.#core.elements.groups.groupOf(id);
  }

  membersOf(id: ElementId): readonly ElementId[] {
    return this.#core.elements.groups.membersOf(id);
  }

  changedBy(id: ElementId, prop: keyof Look | 'crop'): UserId | null {
    if (this.get(id) === undefined) return null;
    const { history } = this.#core;
    return history.userOf(history.effective(fields[prop], id)?.tag ?? '') ?? null;
  }

  lastAuthorOf(id: ElementId): UserId | null {
    const base = this.#core.elements.base(id);
    return base === null ? null : lastAuthor(this.#core.history, id, base.step);
  }

  onChange(callback: (change: BoardChange) => void): () => void {
    return this.#changes.on(callback);
  }

  run<Result>(gesture: (edit: Edit) => Result, options: RunOptions = {}): Result {
    this.#requireWritable();
    if (this.#edit !== null) return gesture(this.#edit);
    const edit = new PendingEdit(this.#core, options.page);
    this.#edit = edit;
    let result: Result;
    try {
      result = gesture(edit);
    } finally {
      this.#edit = null;
    }
    edit.commit(options.step);
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

  deletedInSteps(): Generator<undefined, readonly Deleted[]> {
    return deletedInSteps(this.#core.elements, this.#core.history);
  }

  deleted(id: ElementId): BoardElement | null {
    return this.#core.elements.deleted(id);
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
    this.#details.close();
    this.#changes.clear();
    this.#pagesChanged.clear();
  }

  #requireWritable(): void {
    if (this.#isClosed) throw new BoardError('CLOSED');
    if (this.isTooNew) throw new BoardError('TOO_NEW');
  }

  #takeIn(transaction: Y.Transaction): void {
    const { elements } = this.#core;
    const pages = elements.pages.list();
    const { paper } = elements.pages;
    const change = elements.update(transaction);
    try {
      if (change !== null) this.#tell(change);
      if (elements.pages.list() !== pages) this.#pagesChanged.emit();
      if (elements.pages.paper !== paper) this.#details.tell();
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
