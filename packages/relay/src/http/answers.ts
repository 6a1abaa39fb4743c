/** Answers in JSON and plain text; HEAD gets the headers only. */

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export function sendJson(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  sendText(request, response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

/** As `sendJson`, with the body that every error of the API has: `{error: {code, message}}`. @param fields Beside `error`. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  fields: object = {},
): void {
  sendJson(request, response, status, { error: { code, message }, ...fields });
}

/** Longer than a network is gone that comes back; a download that was cut can go on with a range. */
const STALLED_MS = 60_000;

/** Cuts the connection of a client that takes no byte of its answer for `stalledMs`: until then the answer is in memory. */
export function cutWhenStalled(response: ServerResponse, stalledMs = STALLED_MS): void {
  response.setTimeout(stalledMs, () => response.destroy());
}

/**
 * Sends bytes as they are read, no faster than the client takes them. If reading fails the connection is cut, so that the
 * client sees that bytes are missing.
 * @throws The error of `pieces`; a client that went away is none.
 */
export async function sendPieces(response: ServerResponse, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let failure: unknown = null;
  const read = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      if (!response.destroyed) failure = error; // else reading was cut off, because the client went away
      throw error;
    }
  };
  await pipeline(Readable.from(read(), { objectMode: false }), response).catch((error: unknown) => {
    if (failure !== null || !response.destroyed) throw error;
  });
}

export function sendText(request: IncomingMessage, response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, STATUS_CODES[status], {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * Runs the work that answers a request. If it rejects, the client gets a 500 without details, or, when the answer has
 * begun, a closed connection.
 *
 * @param onFailed Gets the error, which is a bug: expected failures are answered by the work itself.
 */
export function answerWith(
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<void>,
  onFailed: (error: unknown) => void,
): void {
  work().catch((error: unknown) => {
    onFailed(error);
    if (response.headersSent) response.destroy();
    else sendError(request, response, 500, 'failed', 'this failed; the log says why');
  });
}

/** For answers that are not pages: opened in a browser, they load nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Sets the security headers of every answer that is not a page. */
export function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Content-Security-Policy', DATA_POLICY);
}
