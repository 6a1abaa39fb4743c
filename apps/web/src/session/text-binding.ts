/**
 * Binds a plain textarea to a text that others may be typing into at the same time.
 *
 * My typing becomes one edit at the caret; others' typing appears around my caret and selection, which stay where I look.
 * While an input method composes, others' edits wait: a value set from outside would break the composition. An edit that
 * the document refuses is taken out of the box again, and `onRefused` is called: the box shows only what is in the text.
 *
 * A textarea has no carriage returns. A text with some is shown without them, and the first edit made here deletes each one
 * by itself, so that others' typing between two lines stays.
 */
import { BoardError, type ElementText, type TextDelta } from '@wetink/board';
import { diffText, moveOffset } from '../core/text-diff.ts';

/** The part of a textarea that the binding needs. */
export type TextBox = Pick<
  HTMLTextAreaElement,
  'value' | 'selectionStart' | 'selectionEnd' | 'selectionDirection' | 'setSelectionRange' | 'addEventListener' | 'removeEventListener'
>;

export interface TextBindingOptions {
  /** Called after the box shows a new value, by me or by others: time to measure it. */
  onShown(): void;
  /** Called when an edit could not be made; the box then shows the text as it is without it. */
  onRefused(error: BoardError): void;
}

/** @returns How to unbind. Does not close the text. */
export function bindText(box: TextBox, text: ElementText, options: TextBindingOptions): () => void {
  const binding = new TextBinding(box, text, options);
  const listeners = {
    input: () => binding.input(),
    compositionstart: () => binding.beginComposition(),
    compositionend: () => binding.endComposition(),
  } as const;
  const names = Object.keys(listeners) as (keyof typeof listeners)[];
  for (const name of names) box.addEventListener(name, listeners[name]);
  const stop = text.onChange((delta, by) => binding.changed(delta, by));
  return () => {
    binding.settle();
    stop();
    for (const name of names) box.removeEventListener(name, listeners[name]);
  };
}

class TextBinding {
  readonly #box: TextBox;
  readonly #text: ElementText;
  readonly #options: TextBindingOptions;
  /** The box's value when both sides last agreed. */
  #agreed: string;
  #isComposing = false;
  #isTidying = false;

  constructor(box: TextBox, text: ElementText, options: TextBindingOptions) {
    this.#box = box;
    this.#text = text;
    this.#options = options;
    this.#agreed = withLineFeeds(text.value);
    box.value = this.#agreed;
  }
  input(): void {
    if (!this.#isComposing) this.#push();
    this.#options.onShown();
  }
  beginComposition(): void {
    this.#isComposing = true;
  }
  endComposition(): void {
    this.#isComposing = false;
    this.#pushComposed();
    this.#options.onShown();
  }
  /** Keeps what a composition under way has typed so far. */
  settle(): void {
    if (this.#isComposing) this.endComposition();
  }
  changed(delta: readonly TextDelta[], { isLocal }: { isLocal: boolean }): void {
    if (this.#isComposing || this.#isTidying) return;
    // The box already has my own typing, but not my own undo.
    if (isLocal && withLineFeeds(this.#text.value) === this.#box.value) this.#agreed = this.#box.value;
    else this.#pull(delta);
    this.#options.onShown();
  }

  #push(): void {
    const edit = diffText(this.#agreed, this.#box.value, this.#box.selectionEnd);
    if (edit === null) return;
    this.#tidy();
    if (this.#write(edit.start, edit.deleteCount, edit.insert)) this.#agreed = this.#box.value;
    else this.#show(edit.start + edit.deleteCount);
  }
  /** The composed text is compared with what the box showed; the document then merges others' edits. */
  #pushComposed(): void {
    const mine = diffText(this.#agreed, this.#box.value, this.#box.selectionEnd);
    if (mine === null) {
      if (this.#agreed !== withLineFeeds(this.#text.value)) this.#pull(toDelta(this.#agreed, this.#text.value));
      return;
    }
    this.#tidy();
    const { value } = this.#text;
    const others = toDelta(this.#agreed, value);
    const start = Math.min(moveOffset(mine.start, others), value.length);
    const end = Math.max(start, Math.min(moveOffset(mine.start + mine.deleteCount, others), value.length));
    this.#show(this.#write(start, end - start, mine.insert) ? start + mine.insert.length : end);
  }
  /** Shows the text as it is now, after edits that are not mine. */
  #pull(edits: readonly TextDelta[]): void {
    const next = withLineFeeds(this.#text.value);
    const delta = next === this.#text.value ? edits : toDelta(this.#agreed, next);
    const { selectionStart, selectionEnd, selectionDirection } = this.#box;
    this.#agreed = next;
    this.#box.value = next;
    this.#box.setSelectionRange(moveOffset(selectionStart, delta), moveOffset(selectionEnd, delta), selectionDirection);
  }
  /** Shows the text as it is, with the caret at an offset of it. */
  #show(caret: number): void {
    this.#agreed = withLineFeeds(this.#text.value);
    this.#box.value = this.#agreed;
    this.#box.setSelectionRange(caret, caret, 'none');
  }
  #write(start: number, deleteCount: number, insert: string): boolean {
    try {
      this.#text.edit(start, deleteCount, insert);
      return true;
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      this.#options.onRefused(error);
      return false;
    }
  }
  /** Replaces each carriage return by itself. */
  #tidy(): void {
    this.#isTidying = true;
    const returns = [...this.#text.value.matchAll(/\r\n?/g)].reverse();
    for (const { index, 0: end } of returns) this.#write(index, 1, end === '\r' ? '\n' : '');
    this.#isTidying = false;
  }
}

function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function toDelta(before: string, after: string): TextDelta[] {
  const edit = diffText(before, after, after.length);
  return edit === null ? [] : [{ index: edit.start, deleted: edit.deleteCount, inserted: edit.insert }];
}
