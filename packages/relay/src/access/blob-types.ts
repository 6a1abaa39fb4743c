/** The answers to a put of a picture or file on a board. */

export type BlobFailure =
  'blob_hash' | 'blob_too_large' | 'blob_type' | 'blob_pixels' | 'blob_quota' | 'user_quota' | 'board_erased' | 'busy';

export type PutOutcome = { ok: true; isNew: boolean } | { ok: false; code: BlobFailure };

export interface CompleteUpload {
  /** Its name in the store. */
  upload: string;
  bytes: number;
  userId: string;
}
