/** Files as the painters show them: how far the bytes of each one are, in the host's words. */
import type { AttachedFile } from '@wetink/board';

export interface ShownFile {
  /** The line under the name; null for the file's size. */
  readonly line: string | null;
  /** 0..1 as a bar, null for none. */
  readonly progress: number | null;
  /** The line reports a failure. */
  readonly isBad: boolean;
  /** Its first page, pixels and all; null while there is none. */
  readonly page: { readonly bitmap: CanvasImageSource; readonly width: number; readonly height: number } | null;
}

export interface ShownFiles {
  /** Called while painting: never waits. */
  find(file: AttachedFile): ShownFile;
  /** `find` now gives another answer for these hashes. Returns its own unsubscribe. */
  onChange(callback: (hashes: ReadonlySet<string>) => void): () => void;
}

export const plainFile: ShownFile = { line: null, progress: null, isBad: false, page: null };
