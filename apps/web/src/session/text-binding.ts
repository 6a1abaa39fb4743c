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
import { BoardError, type ElementText } from '@wetink/board';
import { diffText, moveOffset } from '../core/text-diff.ts';

/** The part of a textarea that the binding needs. */
export type TextBox = Pick<
  HTMLTextAreaElement,
  'value' | 'selectionStart' | 'selectionEnd' | 'selectionDirection' | 'setSelectionRange' | 'addEventListener' | 'removeEventListener'
>;

/**
 * @param onShown Called after the box shows a new value, by me or by others: time to measure it.
 * @param onRefused Called when an edit could not be made; the box then shows the text as it is without it.
 * @returns How to unbind. Does not close the text.
 */
export function bindText(box: TextBox, text: ElementText, onShown: () => void, onRefused: (error: BoardError) => void): () => void {
  let isComposing = false;
  /** The box's value when both sides last agreed. */
  let agreed = withLineFeeds(text.value);
  let isTidying = false;

  const push = (): void => {
    const edit = diffText(agreed, box.value, box.selectionEnd);
    if (edit === null) return;
    tidy();
    if (write(edit.start, edit.deleteCount, edit.insert)) agreed = box.value;
    else show(edit.start + edit.deleteCount);
  };
  const write = (start: number, deleteCount: number, insert: string): boolean => {
    try {
      text.edit(start, deleteCount, insert);
      return true;
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      onRefused(error);
      return false;
    }
  };
  const tidy = (): void => {
    isTidying = true;
    for (const { index, 0: end } of [...text.value.matchAll(/\r\n?/g)].reverse()) write(index, 1, end === '\r' ? '\n' : '');
    isTidying = false;
  };
  /** Shows the text as it is, with the caret at an offset of it. */
  const show = (caret: number): void => {
    agreed = withLineFeeds(text.value);
    box.value = agreed;
    box.setSelectionRange(caret, caret, 'none');
  };
  /** Shows the text as it is now, after edits that are not mine. */
  const pull = (edits: readonly { index: number; deleted: number; inserted: string }[]): void => {
    const next = withLineFeeds(text.value);
    const delta = next === text.value ? edits : toDelta(agreed, next);
    const start = moveOffset(box.selectionStart, delta);
    const end = moveOffset(box.selectionEnd, delta);
    const direction = box.selectionDirection;
    agreed = next;
    box.value = agreed;
    box.setSelectionRange(start, end, direction);
  };
  const onInput = (): void => {
    if (!isComposing) push();
    onShown();
  };
  const onCompositionStart = (): void => {
    isComposing = true;
  };
  const onCompositionEnd = (): void => {
    isComposing = false;
    // The composed text is compared with what the box showed; the document then merges others' edits.
    const mine = diffText(agreed, box.value, box.selectionEnd);
    if (mine === null) {
      if (agreed !== withLineFeeds(text.value)) pull(toDelta(agreed, text.value));
    } else {
      tidy();
      const others = toDelta(agreed, text.value);
      const start = Math.min(moveOffset(mine.start, others), text.value.length);
      const end = Math.max(start, Math.min(moveOffset(mine.start + mine.deleteCount, others), text.value.length));
      show(write(start, end - start, mine.insert) ? start + mine.insert.length : end);
    }
    onShown();
  };

  box.value = agreed;
  box.addEventListener('input', onInput);
  box.addEventListener('compositionstart', onCompositionStart);
  box.addEventListener('compositionend', onCompositionEnd);
  const stop = text.onChange((delta, { isLocal }) => {
    if (isComposing || isTidying) return;
    // The box already has my own typing, but not my own undo.
    if (isLocal && withLineFeeds(text.value) === box.value) agreed = box.value;
    else pull(delta);
    onShown();
  });
  return () => {
    if (isComposing) onCompositionEnd();
    stop();
    box.removeEventListener('input', onInput);
    box.removeEventListener('compositionstart', onCompositionStart);
    box.removeEventListener('compositionend', onCompositionEnd);
  };
}

function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function toDelta(before: string, after: string): { index: number; deleted: number; inserted: string }[] {
  const edit = diffText(before, after, after.length);
  return edit === null ? [] : [{ index: edit.start, deleted: edit.deleteCount, inserted: edit.insert }];
}
