/** How far the bytes of a file are, as this page knows, and the line on its card. Pure. */
import * as m from '$words/file-state';
import { fileProgressText, fileSizeText } from '@wetink/canvas';

export type FileState =
  /** On the server, or not asked yet. */
  | { readonly kind: 'there' }
  /** Another person's, of which the server has not all bytes. */
  | { readonly kind: 'absent' }
  /** This person's, on its way to the server. */
  | { readonly kind: 'sending'; readonly sent: number }
  /** The next try comes by itself. `why`: '' for a turn that has not come. */
  | { readonly kind: 'waiting'; readonly sent: number; readonly why: '' | 'network' | 'server' | 'server-full' | 'server-busy' }
  | { readonly kind: 'paused'; readonly sent: number }
  | { readonly kind: 'refused'; readonly code: string }
  /** On its way to this device. */
  | { readonly kind: 'receiving'; readonly got: number };

export interface FileLine {
  /** Null for the file's size. */
  readonly line: string | null;
  /** 0..1, null for no bar. */
  readonly progress: number | null;
  readonly isBad: boolean;
}

const waits = {
  '': m.waiting(),
  network: m.waitingForTheNetwork(),
  server: m.theServerDidNotTake(),
  'server-full': m.theServerIsFullTrying(),
  'server-busy': m.theServerIsBusyTrying(),
} as const;

export function fileLine(bytes: number, state: FileState): FileLine {
  const of = (done: number): Pick<FileLine, 'progress' | 'isBad'> => ({ progress: done / bytes, isBad: false });
  switch (state.kind) {
    case 'there':
      return { line: null, progress: null, isBad: false };
    case 'absent':
      return { line: m.notHereYet({ bytes: fileSizeText(bytes) }), progress: null, isBad: false };
    case 'sending':
      return { line: fileProgressText(state.sent, bytes), ...of(state.sent) };
    case 'receiving':
      return { line: fileProgressText(state.got, bytes), ...of(state.got) };
    case 'paused':
      return { line: m.paused({ done: doneText(state.sent, bytes) }), ...of(state.sent) };
    case 'waiting':
      return { line: m.waits({ done: doneText(state.sent, bytes), why: waits[state.why] }), ...of(state.sent) };
    case 'refused':
      return { line: m.notShared({ code: refusedWords(state.code) }), progress: null, isBad: true };
  }
}

function doneText(done: number, bytes: number): string {
  return done === 0 ? fileSizeText(bytes) : fileProgressText(done, bytes);
}

function refusedWords(code: string): string {
  switch (code) {
    case 'blob_quota':
      return m.theBoardIsFull();
    case 'user_quota':
      return m.yourSpaceIsFull();
    case 'read_only':
      return m.viewOnly();
    case 'blob_too_large':
    case 'body_too_large':
      return m.tooLarge();
    case 'blob_hash':
    case 'upload_length':
      return m.itWasChanged();
    case 'board_erased':
      return m.boardDeleted();
    default:
      return m.refused();
  }
}
