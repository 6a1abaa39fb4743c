/** Files on the relay, sent in parts and under the hash of their bytes. Answers are outcomes and never thrown. */
import type { UploadAnswer } from '../core/upload-answer.ts';
import type { BlobRequest } from './blob-api.ts';
import { within } from './within.ts';

/** `held`: bytes that are durable on the server. */
export type PartAnswer =
  { readonly kind: 'held'; readonly offset: number } | { readonly kind: 'whole' } | Exclude<UploadAnswer, { kind: 'stopped' }>;

export interface FileLimits {
  readonly maxFileBytes: number;
  readonly maxBoardBytes: number;
  readonly boardBytes: number;
  readonly maxUserBytes: number;
  readonly userBytes: number;
}

export type RangeAnswer =
  /** Answers the bytes from `start` on as they come. Reading rejects when the network goes. */
  | { readonly kind: 'there'; readonly start: number; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'not-allowed' };

export interface FileApi {
  /** Sends the bytes from `offset` on. */
  part(request: BlobRequest, part: { offset: number; total: number; bytes: Blob; signal: AbortSignal }): Promise<PartAnswer>;
  /** How far the upload is. */
  state(request: BlobRequest, signal: AbortSignal): Promise<PartAnswer>;
  /** Forgets what the server holds of an upload. @returns False when the server has not said that it did, or need not. */
  drop(request: BlobRequest): Promise<boolean>;
  /** Null when they are not to be had now; 'no-files' from a relay of before files. */
  limits(request: Omit<BlobRequest, 'hash'>): Promise<FileLimits | 'no-files' | null>;
  /** The bytes from `start` on. */
  from(request: BlobRequest, start: number, signal: AbortSignal): Promise<RangeAnswer>;
  /** Whether the server has all of it; null when it can't be asked. */
  has(request: BlobRequest): Promise<boolean | null>;
}

/** 64 kB at 1 kB/s. */
const PART_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 20_000;

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createFileApi(url: string, fetchFrom: typeof fetch = (...args) => fetch(...args)): FileApi {
  const ask = (path: string, token: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> =>
    fetchFrom(`${url}/v1/boards/${path}`, {
      ...init,
      credentials: 'omit',
      headers: { ...(token !== '' && { Authorization: `Bearer ${token}` }), ...init.headers },
    });
  const uploads = ({ boardId, hash }: BlobRequest): string => `${boardId}/uploads/${hash}`;
  const blobs = ({ boardId, hash }: BlobRequest): string => `${boardId}/blobs/${hash}`;

  return {
    part: (request, { offset, total, bytes, signal }) =>
      orUnreachable(signal, PART_TIMEOUT_MS, async (until) => {
        const headers = { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset), 'Upload-Length': String(total) };
        return partAnswer(await ask(uploads(request), request.token, { method: 'PATCH', body: bytes, headers, signal: until }));
      }),
    state: (request, signal) =>
      orUnreachable(signal, ASK_TIMEOUT_MS, async (until) => partAnswer(await ask(uploads(request), request.token, { signal: until }))),
    async drop(request) {
      try {
        const response = await ask(uploads(request), request.token, { method: 'DELETE', signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
        // An expired token, a busy server and a failing one are asked again.
        return response.status !== 401 && response.status !== 429 && response.status < 500;
      } catch (error) {
        if (isOfNetwork(error)) return false;
        throw error;
      }
    },
    async limits({ token, boardId }) {
      try {
        const response = await ask(`${boardId}/blobs`, token, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
        const body: unknown = await response.json().catch(() => null);
        if (response.ok) return limitsOf(body);
        const { error } = (body ?? {}) as { error?: { code?: unknown } };
        // A board that its owner has yet to claim is also unknown.
        return response.status === 404 && error?.code !== 'board_not_found' ? 'no-files' : null;
      } catch (error) {
        if (isOfNetwork(error)) return null;
        throw error;
      }
    },
    async from(request, start, signal) {
      try {
        // From byte 0 on without a range: then the server itself checks the hash before it sends the end.
        const headers: Record<string, string> = start === 0 ? {} : { Range: `bytes=${start}-` };
        const response = await ask(blobs(request), request.token, { headers, signal });
        if (response.status === 401 || response.status === 403) return { kind: 'not-allowed' };
        if (response.status === 404) return { kind: 'absent' };
        if (!response.ok || response.body === null) return { kind: 'unreachable' };
        return { kind: 'there', start: response.status === 206 ? start : 0, body: response.body };
      } catch (error) {
        if (isOfNetwork(error)) return { kind: 'unreachable' };
        throw error;
      }
    },
    async has(request) {
      try {
        const response = await ask(blobs(request), request.token, {
          headers: { Range: 'bytes=0-0' },
          signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
        });
        await response.body?.cancel();
        return response.ok ? true : response.status === 404 ? false : null;
      } catch (error) {
        if (isOfNetwork(error)) return null;
        throw error;
      }
    },
  };
}

function isOfNetwork(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

async function orUnreachable(
  signal: AbortSignal,
  timeoutMs: number,
  run: (until: AbortSignal) => Promise<PartAnswer>,
): Promise<PartAnswer> {
  try {
    return await within(timeoutMs, signal, run);
  } catch (error) {
    if (isOfNetwork(error)) return { kind: 'unreachable' };
    throw error;
  }
}

async function partAnswer(response: Response): Promise<PartAnswer> {
  const { status } = response;
  const body = await response.json().catch((): unknown => null);
  const { offset, error } = (body ?? {}) as { offset?: unknown; error?: { code?: unknown; offset?: unknown } };
  const held = offset ?? error?.offset;
  if ((status === 200 || status === 409) && Number.isSafeInteger(held)) return { kind: 'held', offset: held as number };
  if (status === 200 || status === 201) return { kind: 'whole' };
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1_000 : null;
  return { kind: 'answered', status, code: typeof error?.code === 'string' ? error.code : '', retryAfterMs };
}

function limitsOf(body: unknown): FileLimits | null {
  const given = (body ?? {}) as Partial<Record<keyof FileLimits, unknown>>;
  const names = ['maxFileBytes', 'maxBoardBytes', 'boardBytes', 'maxUserBytes', 'userBytes'] as const;
  return names.every((name) => typeof given[name] === 'number') ? (given as FileLimits) : null;
}
