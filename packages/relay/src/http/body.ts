/** Reads request bodies: bounded bytes, or a JSON object. */

import type { IncomingMessage } from 'node:http';
import { ApiFailure, bodyInvalid } from './failures.ts';

export const maxBodyBytes = 4_096;
/** Enough for a small JSON body. A picture has the server's request timeout instead. */
const FIELDS_DEADLINE_MS = 10_000;
/** Far above what a program sends by mistake. */
const MAX_THROWN_AWAY_BYTES = 64 * 1024 * 1024;

/** An empty body is {}. @throws {ApiFailure} */
export async function readFields(request: IncomingMessage, maxBytes = maxBodyBytes): Promise<Record<string, unknown>> {
  // Destroyed without an answer: a client this slow is only holding the socket.
  const late = setTimeout(() => request.destroy(), FIELDS_DEADLINE_MS).unref();
  const bytes = await readBytes(request, maxBytes).finally(() => clearTimeout(late));
  if (bytes.length === 0) return {};
  // A form on another site can post text and form data without a preflight, but not JSON.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new ApiFailure(415, 'body_not_json', 'send application/json');
  let fields: unknown;
  try {
    fields = JSON.parse(bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw bodyInvalid('the body must be a JSON object');
    throw error;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw bodyInvalid('the body must be a JSON object');
  return { ...fields };
}

/** @throws {ApiFailure} `body_too_large`; the rest of the body is thrown away. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): ApiFailure => {
    throwAway(request);
    return new ApiFailure(413, 'body_too_large', `the body may have at most ${maxBytes} bytes`);
  };
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw new ApiFailure(400, 'body_incomplete', 'the body is incomplete', { Connection: 'close' });
  }
  return Buffer.concat(chunks);
}

/**
 * Lets a client that is still sending finish, within limits, so that it gets to read its answer: a socket that is closed with
 * bytes unread resets the connection, and most clients then report a broken network.
 */
function throwAway(request: IncomingMessage): void {
  let bytes = 0;
  const late = setTimeout(() => request.destroy(), FIELDS_DEADLINE_MS).unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_THROWN_AWAY_BYTES) request.destroy();
  });
  request.once('close', () => clearTimeout(late));
}
