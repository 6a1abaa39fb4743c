/** Bodies of requests: bounded, and JSON objects only. */

import type { IncomingMessage } from 'node:http';
import { ApiFailure, bodyInvalid } from './failures.ts';

export const maxBodyBytes = 4_096;
/** For a few words. A picture has as long as any request may take. */
const FIELDS_DEADLINE_MS = 10_000;

/**
 * An empty body is {}.
 * @throws {ApiFailure}
 */
export async function readFields(request: IncomingMessage): Promise<Record<string, unknown>> {
  // Nobody is there to be told: who sends so slowly wants to hold a socket.
  const late = setTimeout(() => request.destroy(), FIELDS_DEADLINE_MS).unref();
  const bytes = await readBytes(request, maxBodyBytes).finally(() => clearTimeout(late));
  if (bytes.length === 0) return {};
  // A form of another page can send text and forms without being asked; JSON it cannot.
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

/** @throws {ApiFailure} `body_too_large`; what is left of the body is not read, so the connection ends with the answer. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): ApiFailure => new ApiFailure(413, 'body_too_large', `at most ${maxBytes} bytes are read`, { Connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw new ApiFailure(400, 'body_incomplete', 'the body broke off', { Connection: 'close' });
  }
  return Buffer.concat(chunks);
}
