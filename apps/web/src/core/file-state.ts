/** How far the bytes of a file are, as this page knows, and the line on its card. Pure. */
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
  '': 'waiting',
  network: 'waiting for the network',
  server: 'the server did not take it, trying again',
  'server-full': 'the server is full, trying again',
  'server-busy': 'the server is busy, trying again',
} as const;

export function fileLine(bytes: number, state: FileState): FileLine {
  const of = (done: number): Pick<FileLine, 'progress' | 'isBad'> => ({ progress: done / bytes, isBad: false });
  switch (state.kind) {
    case 'there':
      return { line: null, progress: null, isBad: false };
    case 'absent':
      return { line: `${fileSizeText(bytes)} · not here yet`, progress: null, isBad: false };
    case 'sending':
      return { line: fileProgressText(state.sent, bytes), ...of(state.sent) };
    case 'receiving':
      return { line: fileProgressText(state.got, bytes), ...of(state.got) };
    case 'paused':
      return { line: `Paused · ${doneText(state.sent, bytes)}`, ...of(state.sent) };
    case 'waiting':
      return { line: `${doneText(state.sent, bytes)} · ${waits[state.why]}`, ...of(state.sent) };
    case 'refused':
      return { line: `Not shared: ${refusedWords(state.code)}`, progress: null, isBad: true };
  }
}

function doneText(done: number, bytes: number): string {
  return done === 0 ? fileSizeText(bytes) : fileProgressText(done, bytes);
}

function refusedWords(code: string): string {
  switch (code) {
    case 'blob_quota':
      return 'the board is full';
    case 'user_quota':
      return 'your space is full';
    case 'read_only':
      return 'view only';
    case 'blob_too_large':
    case 'body_too_large':
      return 'too large';
    case 'blob_hash':
    case 'upload_length':
      return 'it was changed';
    case 'board_erased':
      return 'board deleted';
    default:
      return 'refused';
  }
}
