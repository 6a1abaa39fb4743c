/**
 * Open text boxes, and what this page remembers of closed ones.
 *
 * Inside an open box typing is undone by `Y.UndoManager`, which follows only this box's own edits. Leaving it makes one
 * step of the whole edit: a touch in the root `txt`, so that others' undo spares the element, and the manager is kept,
 * so that undoing the step takes back exactly what was typed here. Another page of the same person has no such manager:
 * there the step pops and the text stays, since text restored from a stored copy would appear twice when two devices do it.
 */
import * as Y from 'yjs';
import type { Core } from './core.ts';
import { BoardError } from './errors.ts';
import { Gesture } from './gesture.ts';
import { MAX_KEPT_TEXTS, MAX_TEXT_LENGTH } from './limits.ts';
import { writeMark } from './records.ts';
import { stepTime } from './keys.ts';
import { textRoot } from './roots.ts';
import { Emitter } from './emitter.ts';
import { readAllText, spliceText } from './text-content.ts';
import { textDelta } from './text-delta.ts';
import type { ElementId, ElementText, StepKey, TextDelta } from './types.ts';

/** Typing pauses shorter than this are one undo inside the box. Milliseconds. */
const TYPING_PAUSE_MS = 500;

export class TextBoxes {
  readonly #core: Core;
  readonly #requireWritable: () => void;
  readonly #open = new Set<TextBox>();
  readonly #kept = new Map<StepKey, Y.UndoManager>();

  /** @param requireWritable Throws when the board may not be written to. */
  constructor(core: Core, requireWritable: () => void) {
    this.#core = core;
    this.#requireWritable = requireWritable;
  }

  /** @throws {BoardError} `NO_ELEMENT` when no text element of this id is shown. */
  open(id: ElementId): ElementText {
    if (this.#core.scene.get(id)?.kind !== 'text') throw new BoardError('NO_ELEMENT', id);
    const box = new TextBox(this.#core, id, this.#requireWritable, (manager) => {
      this.#open.delete(box);
      this.#leave(id, manager, isFirstVisit);
    });
    const isFirstVisit = box.value === '';
    this.#open.add(box);
    return box;
  }

  /** Takes back what was typed in `step`. False when the step typed something that only another page can take back. */
  undo(step: StepKey): boolean {
    const manager = this.#kept.get(step);
    if (manager === undefined) return !this.#isTyping(step);
    while (manager.canUndo() && manager.undo() !== null);
    return true;
  }

  redo(step: StepKey): boolean {
    const manager = this.#kept.get(step);
    if (manager === undefined) return !this.#isTyping(step);
    while (manager.canRedo() && manager.redo() !== null);
    return true;
  }

  close(): void {
    for (const box of [...this.#open]) box.close();
    for (const manager of this.#kept.values()) manager.destroy();
    this.#kept.clear();
  }

  #isTyping(step: StepKey): boolean {
    return this.#core.history.log(step).entries.some(({ field }) => field.root === 'txt');
  }

  #leave(id: ElementId, manager: Y.UndoManager, isFirstVisit: boolean): void {
    const { scene } = this.#core;
    const shown = scene.get(id);
    const hasTyped = manager.canUndo();
    const isEmpty = readAllText(textRoot(this.#core.doc, id)) === '';
    if (shown === undefined || (!hasTyped && !isEmpty)) return manager.destroy();
    if (isFirstVisit && this.#isJustMade(id, shown.step)) {
      // Making the box and typing in it is one step: undoing it takes both.
      manager.destroy();
      if (isEmpty) this.#unmake(shown.step);
      return;
    }
    const gesture = new Gesture(this.#core);
    if (hasTyped) gesture.touchText(id);
    if (isEmpty) gesture.remove([id]);
    const step = gesture.commit();
    if (step !== null && hasTyped) this.#keep(step, manager);
    else manager.destroy();
  }

  /** Whether making this one element is the last thing this page did, and nobody else has worked on it. */
  #isJustMade(id: ElementId, step: StepKey): boolean {
    const { history, roots, session } = this.#core;
    const made = history.made(step);
    return (
      history.mine.sorted().at(-1) === step &&
      step.endsWith(session.id) &&
      made.size === 1 &&
      made.has(id) &&
      !roots.undo.has(step) &&
      history.deletion(step) === undefined &&
      !roots.txt.has(id)
    );
  }

  /** A box left empty right after it was made was never there: marked undone as of its making, which no redo offers. */
  #unmake(step: StepKey): void {
    const { doc, roots, origin } = this.#core;
    const mark = writeMark({ at: stepTime(step), spared: new Set() });
    doc.transact(() => roots.undone.set(step, mark), origin);
  }

  #keep(step: StepKey, manager: Y.UndoManager): void {
    this.#kept.set(step, manager);
    for (const [oldest, forgotten] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT_TEXTS) break;
      forgotten.destroy();
      this.#kept.delete(oldest);
    }
  }
}

class TextBox implements ElementText {
  readonly #core: Core;
  readonly #fragment: Y.XmlFragment;
  readonly #manager: Y.UndoManager;
  readonly #requireWritable: () => void;
  readonly #leave: (manager: Y.UndoManager) => void;
  readonly #emitter = new Emitter<[readonly TextDelta[], boolean]>();
  /** Of this box's own edits alone, so that nobody else's typing is undone here. */
  readonly #origin = { editor: 'text' };
  readonly #observer: (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction) => void;
  #value: string;
  #isOpen = true;

  constructor(core: Core, id: ElementId, requireWritable: () => void, leave: (manager: Y.UndoManager) => void) {
    this.#core = core;
    this.#fragment = textRoot(core.doc, id);
    this.#requireWritable = requireWritable;
    this.#leave = leave;
    this.#value = readAllText(this.#fragment);
    this.#manager = new Y.UndoManager(this.#fragment, {
      trackedOrigins: new Set([this.#origin]),
      captureTimeout: TYPING_PAUSE_MS,
    });
    this.#observer = (_events, transaction) => this.#takeIn(transaction.local);
    this.#fragment.observeDeep(this.#observer as never);
  }

  get value(): string {
    return this.#value;
  }

  edit(start: number, deleteCount: number, insert: string): void {
    if (!this.#isOpen) throw new BoardError('CLOSED', 'text box');
    this.#requireWritable();
    const length = this.#value.length;
    const isInside =
      Number.isInteger(start) && Number.isInteger(deleteCount) && start >= 0 && deleteCount >= 0 && start + deleteCount <= length;
    if (!isInside) throw new BoardError('BAD_TEXT', `${start}, ${deleteCount} of ${length}`);
    if (length - deleteCount + insert.length > MAX_TEXT_LENGTH) throw new BoardError('BAD_TEXT', 'too long');
    if (deleteCount === 0 && insert === '') return;
    this.#core.doc.transact(() => spliceText(this.#fragment, start, deleteCount, insert), this.#origin);
  }

  onChange(callback: (delta: readonly TextDelta[], isLocal: boolean) => void): () => void {
    return this.#emitter.on(callback);
  }

  undo(): void {
    if (this.#isOpen) this.#manager.undo();
  }

  redo(): void {
    if (this.#isOpen) this.#manager.redo();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#fragment.unobserveDeep(this.#observer as never);
    this.#emitter.clear();
    this.#leave(this.#manager);
  }

  #takeIn(isLocal: boolean): void {
    const before = this.#value;
    this.#value = readAllText(this.#fragment);
    const delta = textDelta(before, this.#value);
    if (delta.length > 0) this.#emitter.emit(delta, isLocal);
  }
}
