/** Board files: import and export. This module is fetched with the first file. */
import { BoardError, exportBoard, importBoard, type Board, type ElementId } from '@wetink/board';
import { HEAD_BYTES, kindOfFile, leftOutSentences, quotedName } from '../core/dropped-file.ts';

/** No board of ours is larger, and reading a larger file would only fill memory. */
const FILE_MAX_BYTES = 256 * 1024 * 1024;

export function boardToFile(board: Board): Blob {
  return new Blob([new Uint8Array(exportBoard(board))], { type: 'application/octet-stream' });
}

/** Adds a file's content to a board as one step. A file that can't be read changes nothing; the answer says why. */
export async function addFile(board: Board, file: File): Promise<{ ids: readonly ElementId[] } | { problem: string }> {
  const fail = (why: string): { problem: string } => ({ problem: `${quotedName(file.name)} could not be opened: ${why}` });
  if (file.size > FILE_MAX_BYTES) return fail('it is larger than any board.');
  try {
    return { ids: importBoard(board, new Uint8Array(await file.arrayBuffer())) };
  } catch (error) {
    if (error instanceof BoardError) return fail(error.message);
    if (error instanceof DOMException) return fail(error.name === 'NotReadableError' ? 'the file cannot be read.' : error.message);
    throw error;
  }
}

/** Picks the files that are boards, and words the reason for the others. */
export async function sortFiles(files: readonly File[]): Promise<{ boards: File[]; leftOut: string[] }> {
  const boards: File[] = [];
  const others: { name: string; kind: 'picture' | 'other' | 'folder' }[] = [];
  for (const file of files) {
    const head = await readHead(file);
    const kind = head === null ? 'folder' : kindOfFile(file, head);
    if (kind === 'board') boards.push(file);
    else others.push({ name: file.name, kind });
  }
  return { boards, leftOut: leftOutSentences(others) };
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
