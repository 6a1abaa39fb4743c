/** Limits of every store. A larger value is refused with `TOO_LARGE` before anything is written. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const storageLimits = {
  /** Room names in UTF-8. The wire allows the same; with its prefix a name stays far under LMDB's limit of 1,978 bytes. */
  maxRoomNameBytes: 512,
  /** One journaled update. A pen stroke is under 1 kB; a paste of a whole board is split by the sender. */
  maxUpdateBytes: 8 * MIB,
  /** One document as a checkpoint. Opening a board of this size costs about a gigabyte of memory in a browser. */
  maxDocumentBytes: 256 * MIB,
  /** One blob in memory: `putBlob` and `getBlob`. A picture on a board has a few MiB. */
  maxBlobBytes: 64 * MIB,
  /** One blob written in parts. Its size has to fit the six bytes that LMDB's record has for it; no one waits for more. */
  maxUploadBytes: 64 * 1024 * MIB,
  /** Bytes read or written in one call on a blob or upload: what a slow disk does in a fraction of a second. */
  maxRangeBytes: 8 * MIB,
  /** Keys of records in UTF-8: room for two ids of 128 characters and a word. */
  maxRecordKeyBytes: 512,
  /** One record. An owner and a hundred links are under 10 kB. */
  maxRecordBytes: 64 * KIB,
  /** One probe: the most that a relay appends at once, since a probe need not be larger than a refused append. */
  maxProbeBytes: 16 * MIB,
  /** One page of `list`. */
  maxListLimit: 1000,
} as const;
