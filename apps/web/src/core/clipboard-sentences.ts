/** The sentences about copying, cutting and pasting, for what a person can't see on the board. Pure. */

export const nothingSelectedSentence = 'Nothing is selected.';
export const damagedSentence = 'What was copied is damaged and can’t be pasted. Copy it again.';
/** A large copy, or one whose pictures are needed, is only on the device where it was made. */
export const elsewhereSentence =
  'This copy is no longer on this device, or was made in another browser. Copy it again here, or save the board as a file there.';
export const notWrittenSentence = 'This browser does not let the page write to the clipboard. Press Ctrl+C, or on a Mac Command+C.';
export const notReadSentence = 'This browser does not let the page read the clipboard. Press Ctrl+V, or on a Mac Command+V.';

export function copyingSentence(count: number): string {
  return `${count.toLocaleString('en')} elements are being copied…`;
}

export const pastingSentence = 'What was copied is being put on the board…';
export const tooMuchSentence = 'This is too much to copy. Select less, or save the board as a file.';
export const cutShortSentence = 'Only a part was pasted: this board can no longer be changed here.';

export const noPictureSentence =
  'Copied without a picture for other programs: there are more than 20,000 elements. Select less, or export a PNG.';

/** Said where a copy was asked for with a button: a key says nothing. */
export function copiedSentence(count: number): string {
  return count === 1 ? 'Copied.' : `${count.toLocaleString('en')} elements copied.`;
}

/** Pictures whose bytes are neither in the clipboard nor on this device. */
export function picturesLackingSentence(count: number): string {
  return count === 1
    ? '1 of the pictures is not on this device: the board shows its frame unless the server has it.'
    : `${count} of the pictures are not on this device: the board shows their frames unless the server has them.`;
}

/** The part of another program's drawing that was not put on the board; null for nothing. */
export function notOfHereSentence(left: number, put: number): string | null {
  if (left === 0) return put === 0 ? 'This drawing is empty.' : null;
  return left === 1
    ? '1 element was left out: this board has nothing of its kind.'
    : `${left.toLocaleString('en')} elements were left out: this board has nothing of their kinds.`;
}

/** Elements that were to be cut and stay: they are locked, or were changed while the copy was being written. */
export function stayedSentence(count: number): string {
  return count === 1
    ? '1 element was copied and stays: it is locked, or was changed meanwhile.'
    : `${count.toLocaleString('en')} elements were copied and stay: they are locked, or were changed meanwhile.`;
}

/** Cards of files whose content belongs to the board that they were copied from; null for none. */
export function filesLackingSentence(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? 'The file is on the board that it was copied from. Add it here to open it here.'
    : `The ${count} files are on the board that they were copied from. Add them here to open them here.`;
}
