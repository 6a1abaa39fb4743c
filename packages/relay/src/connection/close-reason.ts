/** The reason in a close frame: the embedder's reason if there is one, the sentence of the code, and when to come back. */

import { errors, limits as wire, type ErrorName } from '@wetink/protocol';

export function closeReason(code: ErrorName, { retryAfterMs, reason }: { retryAfterMs: number; reason?: string | undefined }): string {
  const { sentence } = errors[code];
  const told = retryAfterMs > 0 ? `${sentence} Retry after ${Math.ceil(retryAfterMs / 1000)} s.` : sentence;
  return fitting(reason === undefined ? told : `${reason}: ${told}`, wire.maxCloseReasonBytes);
}

/** The longest prefix that fits `maxBytes` of UTF-8 without splitting a character. */
function fitting(text: string, maxBytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read);
}
