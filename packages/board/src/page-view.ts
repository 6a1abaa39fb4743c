/**
 * One page of a board, as a board: a canvas or a clipboard that is handed it sees and changes that page alone.
 *
 * What belongs to the board as a whole (undo, title, people, other pages) is passed on. `show` turns to another page and
 * reports nothing: every element is another one then, so the page has to be read again.
 */
import type {
  Board,
  BoardChange,
  BoardElement,
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
import type * as Y from 'yjs';

export class PageView implements Board {
  /** The board with all of its pages. */
  readonly whole: Board;
  #page: PageId;
  /** Elements of the page, read from this array of the board's. */
  #read: { readonly of: readonly BoardElement[]; readonly page: PageId; readonly elements: readonly BoardElement[] } | null = null;

  /** @param page Default: the first of the shown pages. */
  constructor(whole: Board, page: PageId = whole.pages()[0]?.id ?? '') {
    this.whole = whole;
    this.#page = page;
  }

  get page(): PageId {
    return this.#page;
  }

  show(page: PageId): void {
    this.#page = page;
  }

  get count(): number {
    return this.whole.countOn(this.#page);
  }

  get(id: ElementId): BoardElement | undefined {
    const element = this.whole.get(id);
    return element?.page === this.#page ? element : undefined;
  }

  elements(): readonly BoardElement[] {
    const all = this.whole.elements();
    if (this.#isAll) return all;
    if (this.#read?.of !== all || this.#read.page !== this.#page) {
      this.#read = { of: all, page: this.#page, elements: all.filter(({ page }) => page === this.#page) };
    }
    return this.#read.elements;
  }

  placeOf(id: ElementId): string | undefined {
    return this.get(id) === undefined ? undefined : this.whole.placeOf(id);
  }

  parentOf(id: ElementId): ElementId | null {
    return this.whole.parentOf(id);
  }

  membersOf(id: ElementId): readonly ElementId[] {
    const members = this.whole.membersOf(id);
    return this.#isAll || members.every((member) => this.#isHere(member)) ? members : members.filter((member) => this.#isHere(member));
  }

  onChange(callback: (change: BoardChange) => void): () => void {
    return this.whole.onChange((change) => {
      const here = this.#changeHere(change);
      if (here !== null) callback(here);
    });
  }

  run<Result>(gesture: (edit: Edit) => Result, options: RunOptions = {}): Result {
    return this.whole.run(gesture, { page: this.#page, ...options });
  }

  /** Clears the page. */
  clear(): void {
    if (this.#isAll) this.whole.clear();
    else this.run((edit) => edit.remove(this.elements().map(({ id }) => id)));
  }

  /** All of the board is on this page, as on most boards: nothing needs to be left out then. */
  get #isAll(): boolean {
    return this.whole.countOn(this.#page) === this.whole.count;
  }

  #isHere(id: ElementId): boolean {
    const element = this.whole.get(id);
    if (element !== undefined) return element.page === this.#page;
    return this.whole.membersOf(id).some((member) => this.#isHere(member));
  }

  /** Null when nothing of it is on this page. */
  #changeHere(change: BoardChange): BoardChange | null {
    const isHere = ({ page }: BoardElement): boolean => page === this.#page;
    const touched = [...change.added, ...change.removed, ...change.changed.flatMap(({ before, after }) => [before, after])];
    if (touched.every(isHere)) return change;
    if (!touched.some(isHere)) return null;
    const { changed } = change;
    return {
      added: [...change.added, ...changed.filter(({ before }) => !isHere(before)).map(({ after }) => after)].filter(isHere),
      changed: changed.filter(({ before, after }) => isHere(before) && isHere(after)),
      removed: [...change.removed, ...changed.filter(({ after }) => !isHere(after)).map(({ before }) => before)].filter(isHere),
      isReordered: change.isReordered,
      isLocal: change.isLocal,
    };
  }

  // ---- passed on -------------------------------------------------------------------------------------------

  get doc(): Y.Doc {
    return this.whole.doc;
  }
  get session(): SessionId {
    return this.whole.session;
  }
  get userId(): UserId {
    return this.whole.userId;
  }
  get isTooNew(): boolean {
    return this.whole.isTooNew;
  }
  get canUndo(): boolean {
    return this.whole.canUndo;
  }
  get canRedo(): boolean {
    return this.whole.canRedo;
  }
  get nextUndo(): StepKey | null {
    return this.whole.nextUndo;
  }
  get title(): string {
    return this.whole.title;
  }
  get paper(): Paper {
    return this.whole.paper;
  }
  get background(): Color {
    return this.whole.background;
  }
  chatHost(): ChatHost {
    return this.whole.chatHost();
  }
  pages(): readonly Page[] {
    return this.whole.pages();
  }
  countOn(page: PageId): number {
    return this.whole.countOn(page);
  }
  onPages(callback: () => void): () => void {
    return this.whole.onPages(callback);
  }
  changedBy(id: ElementId, prop: keyof Look | 'crop'): UserId | null {
    return this.whole.changedBy(id, prop);
  }
  lastAuthorOf(id: ElementId): UserId | null {
    return this.whole.lastAuthorOf(id);
  }
  undo(): UndoOutcome {
    return this.whole.undo();
  }
  redo(): UndoOutcome {
    return this.whole.redo();
  }
  text(id: ElementId): ElementText {
    return this.whole.text(id);
  }
  deletedInSteps(): Generator<undefined, readonly Deleted[]> {
    return this.whole.deletedInSteps();
  }
  deleted(id: ElementId): BoardElement | null {
    return this.whole.deleted(id);
  }
  setTitle(title: string): void {
    this.whole.setTitle(title);
  }
  setBackground(color: Color): void {
    this.whole.setBackground(color);
  }
  nameOf(userId: UserId): string | null {
    return this.whole.nameOf(userId);
  }
  setName(name: string): void {
    this.whole.setName(name);
  }
  onMeta(callback: () => void): () => void {
    return this.whole.onMeta(callback);
  }
  nextGesture(): string {
    return this.whole.nextGesture();
  }
  emptyTrash(): number {
    return this.whole.emptyTrash();
  }
  /** Closes the whole board. */
  close(): void {
    this.whole.close();
  }
}

/** The board behind a view of a page, or the board itself. */
export function wholeBoard(board: Board): Board {
  return board instanceof PageView ? board.whole : board;
}
