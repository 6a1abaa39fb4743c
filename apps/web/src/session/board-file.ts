/** Board files: import and export. This module is fetched with the first file. */
import * as m from '$words/board-file';
import {
  cleanFileName,
  BoardError,
  decodeFileInSteps,
  exportBoardInSteps,
  imagesInFile,
  importBoard,
  type Board,
  type ElementId,
  type FileImage,
  wholeBoard,
} from '@wetink/board';
import { inSlices } from '../browser/in-slices.ts';
import { filesAmong } from '../core/board-pictures.ts';
import {
  addedAsFilesSentence,
  HEAD_BYTES,
  isForBoard,
  kindOfFile,
  leftOutSentences,
  quotedName,
  type FilePlace,
} from '../core/dropped-file.ts';
import { filesLeftOutSentence } from '../core/file-sentences.ts';

/** No board of ours is larger, and reading a larger file would only fill memory. */
const FILE_MAX_BYTES = 256 * 1024 * 1024;

/** Bytes of images in a file. As base64 they leave 16 MiB of the most that a file may have for everything else. */
const FILE_IMAGE_BYTES = 84 * 1024 * 1024;

/**
 * Exports a board as it is at the call. The page can be used meanwhile.
 *
 * @param images By hash.
 * @returns `leftOut`: how many of them did not fit.
 */
export async function boardToFile(
  board: Board,
  images: ReadonlyMap<string, { readonly bytes: Uint8Array }>,
): Promise<{ file: Blob; leftOut: number }> {
  const taken = new Map<string, Uint8Array>();
  let total = 0;
  for (const [hash, { bytes }] of images) {
    if (total + bytes.length > FILE_IMAGE_BYTES) continue;
    total += bytes.length;
    taken.set(hash, bytes);
  }
  const toFile = async (of: ReadonlyMap<string, Uint8Array>): Promise<Blob> =>
    new Blob(await inSlices(exportBoardInSteps(board, undefined, of)), { type: 'application/octet-stream' });
  try {
    return { file: await toFile(taken), leftOut: images.size - taken.size };
  } catch (error) {
    if (!(error instanceof BoardError) || error.code !== 'TOO_LARGE' || taken.size === 0) throw error;
    return { file: await toFile(new Map()), leftOut: images.size };
  }
}

/**
 * Adds a file's content to a board as one step. A file that can't be read changes nothing; the answer says why.
 *
 * @param takeImages Keeps the images of the file. Answers why the file can't be opened, or null.
 */
export async function addFile(
  board: Board,
  file: File,
  takeImages: (images: readonly FileImage[]) => Promise<string | null>,
): Promise<{ ids: readonly ElementId[] } | { problem: string }> {
  const fail = (why: string): { problem: string } => ({ problem: m.couldNotBeOpened({ name: quotedName(file.name), why }) });
  if (file.size > FILE_MAX_BYTES) return fail(m.itIsLargerThanAny());
  try {
    const content = await inSlices(decodeFileInSteps(new Uint8Array(await file.arrayBuffer())));
    const images = imagesInFile(content);
    // First the bytes, then the elements: an image on the board is on the device.
    const problem = images.length === 0 ? null : await takeImages(images);
    if (problem !== null) return fail(problem);
    return { ids: importBoard(board, content) };
  } catch (error) {
    if (error instanceof BoardError) return fail(error.message);
    if (error instanceof DOMException) return fail(error.name === 'NotReadableError' ? m.theFileCannotBeRead() : error.message);
    throw error;
  }
}

/** Says that the bytes of files are not in a saved board; null when it has no files. */
export function filesLeftOut(board: Board): string | null {
  return filesLeftOutSentence(new Set(filesAmong(wholeBoard(board).elements()).map(({ hash }) => hash)).size);
}

/**
 * Picks the boards, pictures and other files, and words the reason for those left out. Only a board takes more than boards.
 *
 * @returns `asFiles`: the sentence about those of the files that were put on the board which look like pictures; null for none.
 */
export async function sortFiles(
  files: readonly File[],
  place: FilePlace,
): Promise<{
  boards: File[];
  /** Files of Excalidraw. */
  drawings: File[];
  pictures: File[];
  files: File[];
  leftOut: string[];
  asFiles(put: readonly { name: string }[]): string | null;
}> {
  const boards: File[] = [];
  const drawings: File[] = [];
  const pictures: File[] = [];
  const plain: File[] = [];
  const unshown: File[] = [];
  const others: { name: string; kind: 'picture' | 'other' | 'folder' }[] = [];
  for (const file of files) {
    const head = await readHead(file);
    const kind = head === null ? 'folder' : kindOfFile(file, head);
    if (kind === 'board') boards.push(file);
    else if (kind === 'folder' || place !== 'board') others.push({ name: file.name, kind: kind === 'excalidraw' ? 'other' : kind });
    else if (kind === 'excalidraw') drawings.push(file);
    else if (kind === 'picture' && head !== null && isForBoard(head)) pictures.push(file);
    else {
      plain.push(file);
      if (kind === 'picture') unshown.push(file);
    }
  }
  const names = new Set(unshown.map(({ name }) => cleanFileName(name)));
  return {
    boards,
    drawings,
    pictures,
    files: plain,
    leftOut: leftOutSentences(others, place),
    asFiles: (put) => addedAsFilesSentence(put.filter(({ name }) => names.has(name))),
  };
}

/** Null for a folder: browsers hand one over as a file that can't be read. */
async function readHead(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
