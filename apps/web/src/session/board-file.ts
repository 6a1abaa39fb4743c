/** Board files: import and export. This module is fetched with the first file. */
import { BoardError, decodeFile, exportBoard, imagesInFile, importBoard, type Board, type ElementId, type FileImage } from '@wetink/board';
import { HEAD_BYTES, kindOfFile, leftOutSentences, quotedName, type FilePlace } from '../core/dropped-file.ts';

/** No board of ours is larger, and reading a larger file would only fill memory. */
const FILE_MAX_BYTES = 256 * 1024 * 1024;

/** Bytes of images in a file. As base64 they leave 16 MiB of the most that a file may have for everything else. */
const FILE_IMAGE_BYTES = 84 * 1024 * 1024;

/**
 * Exports a board.
 *
 * @param images By hash.
 * @returns `leftOut`: how many of them did not fit.
 */
export function boardToFile(board: Board, images: ReadonlyMap<string, { readonly bytes: Uint8Array }>): { file: Blob; leftOut: number } {
  const taken = new Map<string, Uint8Array>();
  let total = 0;
  for (const [hash, { bytes }] of images) {
    if (total + bytes.length > FILE_IMAGE_BYTES) continue;
    total += bytes.length;
    taken.set(hash, bytes);
  }
  const toFile = (of: ReadonlyMap<string, Uint8Array>): Blob =>
    new Blob([new Uint8Array(exportBoard(board, undefined, of))], { type: 'application/octet-stream' });
  try {
    return { file: toFile(taken), leftOut: images.size - taken.size };
  } catch (error) {
    if (!(error instanceof BoardError) || error.code !== 'TOO_LARGE' || taken.size === 0) throw error;
    return { file: toFile(new Map()), leftOut: images.size };
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
  const fail = (why: string): { problem: string } => ({ problem: `${quotedName(file.name)} could not be opened: ${why}` });
  if (file.size > FILE_MAX_BYTES) return fail('it is larger than any board.');
  try {
    const content = decodeFile(new Uint8Array(await file.arrayBuffer()));
    const images = imagesInFile(content);
    // First the bytes, then the elements: an image on the board is on the device.
    const problem = images.length === 0 ? null : await takeImages(images);
    if (problem !== null) return fail(problem);
    return { ids: importBoard(board, content) };
  } catch (error) {
    if (error instanceof BoardError) return fail(error.message);
    if (error instanceof DOMException) return fail(error.name === 'NotReadableError' ? 'the file cannot be read.' : error.message);
    throw error;
  }
}

/** Picks the boards and pictures among files, and words the reason for the others. Only a board takes pictures. */
export async function sortFiles(
  files: readonly File[],
  place: FilePlace,
): Promise<{ boards: File[]; pictures: File[]; leftOut: string[] }> {
  const boards: File[] = [];
  const pictures: File[] = [];
  const others: { name: string; kind: 'picture' | 'other' | 'folder' }[] = [];
  for (const file of files) {
    const head = await readHead(file);
    const kind = head === null ? 'folder' : kindOfFile(file, head);
    if (kind === 'board') boards.push(file);
    else if (kind === 'picture' && place === 'board') pictures.push(file);
    else others.push({ name: file.name, kind });
  }
  return { boards, pictures, leftOut: leftOutSentences(others, place) };
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
