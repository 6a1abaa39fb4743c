/**
 * One open text box: edits in plain-string offsets, and undo of this user's typing inside the box.
 *
 * Undo here is a `Y.UndoManager` that tracks only this box's edits, so it never takes back another person's typing.
 */
import * as Y from 'yjs';
import type { Core } from '../core.ts';
import { Emitter } from '../emitter.ts';
import { BoardError } from '../errors.ts';
import { MAX_TEXT_LENGTH } from '../limits.ts';
import { textRoot } from '../document/roots.ts';
import { wholeCharacters } from '../text/surrogates.ts';
import { readAllText, spliceText } from '../text/text-content.ts';
import { textDelta } from '../text/text-delta.ts';
import type { ElementId, ElementText, TextDelta } from '../types.ts';

/** Typing pauses shorter than this are one undo inside the box. Milliseconds. */
const TYPING_PAUSE_MS = 500;

/** Calls from a box to its board. */
export interface TextBoxHost {
  /** @throws {BoardError} When the board may not be written to. */
  requireWritable(): void;
  /** Called before the text changes: inside the transaction of an edit, and before a redo in the box. */
  edits(box: TextBox): void;
  /** Called before an undo in the box that removes the last typing of this visit. */
  takesAllBack(box: TextBox): void;
  /** Called once, on leaving. The host takes over the manager and keeps or destroys it. */
  leaves(box: TextBox): void;
}

export class TextBox implements ElementText {
  readonly id: ElementId;
  /** Undo manager of this box's own edits only. */
  readonly manager: Y.UndoManager;
  readonly #core: Core;
  readonly #host: TextBoxHost;
  readonly #fragment: Y.XmlFragment;
  readonly #emitter = new Emitter<[readonly TextDelta[], { readonly isLocal: boolean }]>();
  readonly #origin = { editor: 'text' };
  readonly #observer: (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction) => void;
  #value: string;
  /** Time of the last typing, milliseconds by the board's wall clock. */
  #typedAt = 0;
  #isOpen = true;

  constructor(core: Core, id: ElementId, host: TextBoxHost) {
    this.id = id;
    this.#core = core;
    this.#host = host;
    this.#fragment = textRoot(core.doc, id);
    this.#value = readAllText(this.#fragment);
    this.manager = new Y.UndoManager(this.#fragment, {
      trackedOrigins: new Set([this.#origin]),
      // Pauses are measured by the board's clock instead.
      captureTimeout: Infinity,
      // The leaf made with the user's first letter also holds others' typing, so undo only deletes letters.
      deleteFilter: (item) => !(item.content instanceof Y.ContentType),
    });
    this.#observer = (_events, transaction) => this.#takeIn(transaction);
    this.#fragment.observeDeep(this.#observer as never);
  }

  get value(): string {
    return this.#value;
  }

  edit(start: number, deleteCount: number, insert: string): void {
    if (!this.#isOpen) throw new BoardError('CLOSED', 'text box');
    this.#host.requireWritable();
    const length = this.#value.length;
    const isInside =
      Number.isInteger(start) && Number.isInteger(deleteCount) && start >= 0 && deleteCount >= 0 && start + deleteCount <= length;
    if (!isInside) throw new BoardError('BAD_TEXT', `${start}, ${deleteCount} of ${length}`);
    const whole = wholeCharacters(this.#value, { start, deleteCount, insert });
    // Two people can make a text too long together; shortening it must still be possible then.
    const isGrowing = whole.insert.length > whole.deleteCount;
    if (isGrowing && length - whole.deleteCount + whole.insert.length > MAX_TEXT_LENGTH) throw new BoardError('TOO_LARGE', 'text');
    if (whole.deleteCount === 0 && whole.insert === '') return;
    this.#endRunAfterPause();
    this.#core.doc.transact(() => {
      this.#host.edits(this);
      spliceText(this.#fragment, whole.start, whole.deleteCount, whole.insert);
    }, this.#origin);
  }

  onChange(callback: (delta: readonly TextDelta[], by: { readonly isLocal: boolean }) => void): () => void {
    return this.#emitter.on(callback);
  }

  undo(): void {
    if (!this.#isOpen) return;
    this.#host.requireWritable();
    if (this.manager.undoStack.length === 1) this.#host.takesAllBack(this);
    this.manager.undo();
  }

  redo(): void {
    if (!this.#isOpen) return;
    this.#host.requireWritable();
    if (!this.manager.canRedo()) return;
    this.#host.edits(this);
    this.manager.redo();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#fragment.unobserveDeep(this.#observer as never);
    this.#emitter.clear();
    this.#host.leaves(this);
  }

  /** Starts a new undo entry after a pause: typing without a pause is one undo inside the box. */
  #endRunAfterPause(): void {
    const now = this.#core.history.clock.wall();
    if (Math.abs(now - this.#typedAt) >= TYPING_PAUSE_MS) this.manager.stopCapturing();
    this.#typedAt = now;
  }

  #takeIn(transaction: Y.Transaction): void {
    const before = this.#value;
    this.#value = readAllText(this.#fragment);
    const delta = textDelta(before, this.#value);
    if (delta.length > 0) this.#emitter.emit(delta, { isLocal: transaction.local });
  }
}
