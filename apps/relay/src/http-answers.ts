/** Answers in JSON and plain text; HEAD gets the headers only. */

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';

export function json(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  text(request, response, status, 'application/json; charset=utf-8', `${JSON.stringify(body)}\n`);
}

export function text(request: IncomingMessage, response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, STATUS_CODES[status], {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
