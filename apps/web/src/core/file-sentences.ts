/** Sentences about files that come and go: why one was not put on the board, was refused, or could not be downloaded. Pure. */
import * as m from '$words/file-sentences';
import { fileSizeText } from '@wetink/canvas';
import { quotedName } from './dropped-file.ts';

export type FileProblem =
  | { readonly kind: 'empty' | 'unreadable' | 'device-full' | 'no-files' }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'board-full'; readonly maxBytes: number; readonly leftBytes: number }
  | { readonly kind: 'user-full'; readonly maxBytes: number; readonly leftBytes: number };

export function fileProblemSentence(name: string, problem: FileProblem): string {
  const file = quotedName(name);
  const max = 'maxBytes' in problem ? fileSizeText(problem.maxBytes) : '';
  switch (problem.kind) {
    case 'empty':
      return m.isEmpty({ file });
    case 'unreadable':
      return m.cantBeReadItWas({ file });
    case 'no-files':
      return m.wasNotAddedThisServer({ file });
    case 'device-full':
      return m.wasNotAddedThisDevice({ file });
    case 'too-large':
      return m.isLargerThanTheMost({ file, maxBytes: max });
    case 'board-full':
      return problem.leftBytes <= 0 ? m.boardFullNothing({ file, max }) : m.boardFull({ file, max, left: leftWords(problem.leftBytes) });
    case 'user-full':
      return problem.leftBytes <= 0 ? m.userFullNothing({ file, max }) : m.userFull({ file, max, left: leftWords(problem.leftBytes) });
  }
}

function leftWords(bytes: number): string {
  return m.room({ size: fileSizeText(bytes), count: bytes });
}

/** Why the server does not take a file that is on the board. @param place.isAtRisk It ends with the tab. */
export function refusedFileSentence(name: string, code: string, place: { isAtRisk: boolean }): string {
  const file = (place.isAtRisk ? m.inTab : m.onDevice)({ file: quotedName(name) });
  switch (code) {
    case 'blob_quota':
      return m.thisBoardHasNoRoom({ file });
    case 'user_quota':
      return m.yourOwnSpaceOnThis({ file });
    case 'read_only':
      return m.youMayNoLongerChange({ file });
    case 'blob_too_large':
    case 'body_too_large':
      return m.itIsLargerThanThis({ file });
    case 'blob_hash':
    case 'upload_length':
      return m.itsBytesHaveChangedSince({ file });
    default:
      return m.theServerDidNotTake({ file });
  }
}

/** Prepared for nothing: meanwhile the person has left the board, or may no longer change it. */
export function filesNotPutSentence(count: number, why: 'left' | 'read-only'): string {
  return why === 'left' ? m.filesLeft({ count }) : m.filesReadOnly({ count });
}

export function receivingSentence(name: string): string {
  return m.isBeingDownloadedAlreadyTry({ name: quotedName(name) });
}

export type DownloadProblem = 'absent' | 'network' | 'damaged' | 'not-allowed';

export function downloadSentence(name: string, problem: DownloadProblem): string {
  const file = quotedName(name);
  switch (problem) {
    case 'absent':
      return m.isNotHereYetThe({ file });
    case 'network':
      return m.couldNotBeDownloadedThe({ file });
    case 'damaged':
      return m.arrivedDamagedSoItWas({ file });
    case 'not-allowed':
      return m.couldNotBeDownloadedYou({ file });
  }
}

/** A board file holds the cards of files, without their bytes. */
export function filesLeftOutSentence(count: number): string | null {
  return count === 0 ? null : m.leftOut({ count });
}
