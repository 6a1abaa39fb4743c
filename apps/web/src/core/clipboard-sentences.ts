/** The sentences about copying, cutting and pasting, for what a person can't see on the board. Pure. */
import * as m from '$words/clipboard-sentences';
import { MAX_TEXT_LENGTH } from '@wetink/board';
import type { LeftOut } from './foreign-drawing.ts';

export const nothingSelectedSentence = m.nothingIsSelected();
export const damagedSentence = m.whatWasCopiedIsDamaged();
/** A large copy, or one whose pictures are needed, is only on the device where it was made. */
export const elsewhereSentence = m.thisCopyIsNoLonger();
export const notWrittenSentence = m.thisBrowserDoesNotLet();
export const notReadSentence = m.thisBrowserDoesNotLet2();

export function copyingSentence(count: number): string {
  return m.copying({ count });
}

export const pastingSentence = m.whatWasCopiedIsBeing();
export const tooMuchSentence = m.thisIsTooMuchTo();
export const cutShortSentence = m.onlyAPartWasPasted();

export const noPictureSentence = m.copiedWithoutPicture();

/** Said where a copy was asked for with a button: a key says nothing. */
export function copiedSentence(count: number): string {
  return count === 1 ? m.copied() : m.elementsCopied({ count });
}

/** Pictures whose bytes are neither in the clipboard nor on this device. */
export function picturesLackingSentence(count: number): string {
  return m.picturesLacking({ count });
}

/** The part of another program's drawing that was not put on the board, a sentence for each reason; null for nothing. */
export function notOfHereSentence({ kind, damaged, long, many }: LeftOut, put: number): string | null {
  const sentences = [
    kind > 0 && m.leftOut({ count: kind }),
    damaged > 0 && m.leftDamaged({ count: damaged }),
    long > 0 && m.leftLong({ count: long, most: MAX_TEXT_LENGTH }),
    many > 0 && m.leftMany({ count: many }),
  ].filter((sentence) => sentence !== false);
  if (sentences.length > 0) return sentences.join(' ');
  return put === 0 ? m.thisDrawingIsEmpty() : null;
}

/** Elements that were to be cut and stay: they are locked, or were changed while the copy was being written. */
export function stayedSentence(count: number): string {
  return m.stayed({ count });
}

/** Cards of files whose content belongs to the board that they were copied from; null for none. */
export function filesLackingSentence(count: number): string | null {
  return count === 0 ? null : m.filesLacking({ count });
}
