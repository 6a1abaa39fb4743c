/** The bytes of images on the relay, by the hash of their bytes. Answers are outcomes and never thrown. */
import type { BoardId } from '../core/board-id.ts';
import type { UploadAnswer } from '../core/upload-answer.ts';
import { within } from './within.ts';

export type DownloadAnswer =
  | { readonly kind: 'there'; readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }
  /** Not there, or not now: perhaps later. */
  | { readonly kind: 'absent'; readonly status: number };

export interface BlobRequest {
  /** '' for a relay that identifies nobody. */
  readonly token: string;
  readonly boardId: BoardId;
  readonly hash: string;
}

export interface BlobApi {
  put(request: BlobRequest, bytes: Uint8Array<ArrayBuffer>): Promise<UploadAnswer>;
  /** @param options.onProgress Called with 0..1. Aborted, it answers `absent`. */
  get(request: BlobRequest, options: { onProgress(progress: number): void; signal: AbortSignal }): Promise<DownloadAnswer>;
}

/** 8 MiB at 30 kB/s. A relay waits as long for a body. */
const TIMEOUT_MS = 5 * 60_000;

/** @param url `http://…` or `https://…`, without a slash at the end. */
export function createBlobApi(url: string, fetchFrom: typeof fetch = (...args) => fetch(...args)): BlobApi {
  const ask = ({ token, boardId, hash }: BlobRequest, init: RequestInit): Promise<Response> =>
    fetchFrom(`${url}/v1/boards/${boardId}/blobs/${hash}`, {
      ...init,
      credentials: 'omit',
      headers: {
        ...(token !== '' && { Authorization: `Bearer ${token}` }),
        ...(init.method === 'PUT' && { 'Content-Type': 'application/octet-stream' }),
      },
    });
  return {
    async put(request, bytes) {
      try {
        const response = await ask(request, { method: 'PUT', body: bytes, signal: AbortSignal.timeout(TIMEOUT_MS) });
        const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
        const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1_000 : null;
        return { kind: 'answered', status: response.status, code: await codeOf(response), retryAfterMs };
      } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) return { kind: 'unreachable' };
        throw error;
      }
    },
    async get(request, { onProgress, signal }) {
      try {
        return await within(TIMEOUT_MS, signal, async (until) => {
          const response = await ask(request, { signal: until });
          if (!response.ok) return { kind: 'absent', status: response.status };
          return { kind: 'there', bytes: await bytesOf(response, onProgress), type: response.headers.get('Content-Type') ?? '' };
        });
      } catch (error) {
        if (error instanceof TypeError || error instanceof DOMException) return { kind: 'absent', status: 0 };
        throw error;
      }
    },
  };
}

/** '' for an answer that is not from this API. */
async function codeOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: { code?: unknown } };
    return typeof error?.code === 'string' ? error.code : '';
  } catch {
    return '';
  }
}

async function bytesOf(response: Response, onProgress: (progress: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const total = Number(response.headers.get('Content-Length') ?? 0);
  if (response.body === null) return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    length += part.value.length;
    if (total > 0) onProgress(Math.min(1, length / total));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
