/**
 * Sends one file in parts, going on from where the server is, also after a reload or a lost network.
 *
 *     ask how far it is ──> part ──> part ──> … ──> whole: the server has checked the hash
 *                            └ no answer: ends; the next try asks again how far it is
 */
import type { FileApi, PartAnswer } from '../account/file-api.ts';
import type { BlobRequest } from '../account/blob-api.ts';
import { FIRST_CHUNK_BYTES, nextChunkBytes } from '../core/chunk-size.ts';
import type { UploadAnswer } from '../core/upload-answer.ts';

export interface SendFilePorts {
  readonly api: Pick<FileApi, 'part' | 'state'>;
  /** A token may end while a large file is on its way. @throws {Error} Try again later. */
  request(): Promise<BlobRequest>;
  /** Milliseconds, monotonic. */
  now(): number;
  /** Durable on the server. */
  onProgress(bytes: number): void;
  /** Aborted when the person pauses the file or takes it off the board. */
  readonly signal: AbortSignal;
}

/** A file of a device that keeps nothing was edited or moved on its disk: no try would get its bytes. */
const changed: UploadAnswer = { kind: 'answered', status: 422, code: 'blob_hash', retryAfterMs: null };

/** Answers in one try after which the server holds no more than before; more are nonsense. */
const MAX_IDLE_ANSWERS = 8;

export async function sendFile(file: Blob, { api, request, now, onProgress, signal }: SendFilePorts): Promise<UploadAnswer> {
  const unreachable = (hasProgressed: boolean): UploadAnswer =>
    signal.aborted ? { kind: 'stopped' } : { kind: 'unreachable', hasProgressed };
  const asked = async (): Promise<BlobRequest | null> => request().catch(() => null);
  const first = await asked();
  if (first === null) return unreachable(false);
  let answer: PartAnswer = await api.state(first, signal);
  // Nothing is held of it yet.
  if (answer.kind === 'answered' && answer.status === 404 && answer.code !== 'board_not_found') answer = { kind: 'held', offset: 0 };
  let chunkBytes = FIRST_CHUNK_BYTES;
  let [begun, offset, idle]: [number | null, number, number] = [null, 0, 0];
  while (answer.kind === 'held') {
    if (signal.aborted) return { kind: 'stopped' };
    const reached = Math.min(answer.offset, file.size);
    if (begun !== null && reached <= offset && ++idle > MAX_IDLE_ANSWERS) return { kind: 'unreachable' };
    offset = reached;
    begun ??= offset;
    onProgress(offset);
    const next = await asked();
    if (next === null) return unreachable(offset > begun);
    // At the end without a word of it: sends the last byte again, and the answer says how the file stands.
    const from = offset === file.size ? file.size - 1 : offset;
    const bytes = await read(file.slice(from, from + chunkBytes));
    if (bytes === null) return signal.aborted ? { kind: 'stopped' } : changed;
    const startMs = now();
    answer = await api.part(next, { offset: from, total: file.size, bytes, signal });
    chunkBytes = nextChunkBytes(chunkBytes, answer.kind === 'unreachable' ? null : now() - startMs);
  }
  if (answer.kind === 'unreachable') return unreachable(begun !== null && offset > begun);
  if (answer.kind === 'whole') {
    onProgress(file.size);
    return { kind: 'answered', status: 201, code: '', retryAfterMs: null };
  }
  return answer;
}

/** In memory before it is sent: a request whose body can't be read looks like a lost network. */
async function read(part: Blob): Promise<Blob | null> {
  return part.arrayBuffer().then(
    (bytes) => new Blob([bytes]),
    () => null,
  );
}
