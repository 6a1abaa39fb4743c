/** Sentences about files that come and go: why one was not put on the board, was refused, or could not be downloaded. Pure. */
import { fileSizeText } from '@wetink/canvas';
import { quotedName } from './dropped-file.ts';

export type FileProblem =
  | { readonly kind: 'empty' | 'unreadable' | 'device-full' | 'no-files' }
  | { readonly kind: 'too-large'; readonly maxBytes: number }
  | { readonly kind: 'board-full'; readonly maxBytes: number; readonly leftBytes: number }
  | { readonly kind: 'user-full'; readonly maxBytes: number; readonly leftBytes: number };

export function fileProblemSentence(name: string, problem: FileProblem): string {
  const file = quotedName(name);
  switch (problem.kind) {
    case 'empty':
      return `${file} is empty.`;
    case 'unreadable':
      return `${file} can’t be read: it was moved or changed, or it is a folder.`;
    case 'no-files':
      return `${file} was not added: this server takes only pictures.`;
    case 'device-full':
      return `${file} was not added: this device has no room left. Free some space and try again.`;
    case 'too-large':
      return `${file} is larger than ${fileSizeText(problem.maxBytes)}, the most that this server takes.`;
    case 'board-full':
      return `${file} does not fit: the pictures and files of a board may have ${fileSizeText(problem.maxBytes)}, and ${leftWords(problem.leftBytes)} left on this one.`;
    case 'user-full':
      return `${file} does not fit: your pictures and files may have ${fileSizeText(problem.maxBytes)}, and ${leftWords(problem.leftBytes)} left.`;
  }
}

function leftWords(bytes: number): string {
  return bytes <= 0 ? 'nothing is' : `${fileSizeText(bytes)} ${bytes === 1 ? 'is' : 'are'}`;
}

/** Why the server does not take a file that is on the board. @param place.isAtRisk It ends with the tab. */
export function refusedFileSentence(name: string, code: string, place: { isAtRisk: boolean }): string {
  const file = `${quotedName(name)} ${place.isAtRisk ? 'is only in this tab' : 'stays on this device'}`;
  switch (code) {
    case 'blob_quota':
      return `${file}: this board has no room for it, so others can’t open it.`;
    case 'user_quota':
      return `${file}: your own space on this server is full, so others can’t open it.`;
    case 'read_only':
      return `${file}: you may no longer change this board, so others can’t open it.`;
    case 'blob_too_large':
    case 'body_too_large':
      return `${file}: it is larger than this server takes, so others can’t open it.`;
    case 'blob_hash':
    case 'upload_length':
      return `${file}: its bytes have changed since it was added, so others can’t open it. Add it again.`;
    default:
      return `${file}: the server did not take it, so others can’t open it.`;
  }
}

/** Prepared for nothing: meanwhile the person has left the board, or may no longer change it. */
export function filesNotPutSentence(count: number, why: 'left' | 'read-only'): string {
  const [files, they] = count === 1 ? ['1 file was', 'it was'] : [`${count} files were`, 'they were'];
  const reason = why === 'left' ? `you left while ${they} being read` : 'it can no longer be changed here';
  return `${files} not put on the board: ${reason}.`;
}

export function receivingSentence(name: string): string {
  return `${quotedName(name)} is being downloaded already. Try again once it is here.`;
}

export type DownloadProblem = 'absent' | 'network' | 'damaged' | 'not-allowed';

export function downloadSentence(name: string, problem: DownloadProblem): string {
  const file = quotedName(name);
  switch (problem) {
    case 'absent':
      return `${file} is not here yet: the person who added it has not sent all of it.`;
    case 'network':
      return `${file} could not be downloaded: the network is away. Try again.`;
    case 'damaged':
      return `${file} arrived damaged, so it was not saved. Try again.`;
    case 'not-allowed':
      return `${file} could not be downloaded: you may no longer see this board.`;
  }
}

/** A board file holds the cards of files, without their bytes. */
export function filesLeftOutSentence(count: number): string | null {
  if (count === 0) return null;
  const [files, them] = count === 1 ? ['1 file is', 'its card'] : [`${count} files are`, 'their cards'];
  return `${files} not in the saved board, only ${them}. Download ${count === 1 ? 'it' : 'them'} one by one.`;
}
