/** Serves the operator page at /admin/: a few files that are read at the start. It holds no secret; its calls do the rest. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

/** @returns False for any other path: nothing was done. */
export type OperatorPage = (request: IncomingMessage, response: ServerResponse, pathname: string) => boolean;

const PREFIX = '/admin/';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * @param folder Other kinds of files in it are not served.
 * @param connectOrigins Other origins that the page fetches a token from.
 * @throws {Error} The folder cannot be read.
 */
export function createOperatorPage(folder: string, connectOrigins: readonly string[]): OperatorPage {
  const names = readdirSync(folder).filter((name) => Object.hasOwn(types, extname(name)));
  const files = new Map(
    names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
      return [name === 'index.html' ? '' : name, { bytes, etag, type: types[extname(name)] ?? '' }];
    }),
  );
  const policy = contentPolicy(connectOrigins);

  return (request, response, pathname) => {
    if (pathname === '/admin') {
      response.writeHead(308, { Location: PREFIX }).end();
      return true;
    }
    const file = pathname.startsWith(PREFIX) ? files.get(pathname.slice(PREFIX.length)) : undefined;
    if (file === undefined) return false;
    const headers = {
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cache-Control': 'no-cache',
      ETag: file.etag,
    };
    if (request.headers['if-none-match'] === file.etag) response.writeHead(304, headers).end();
    else {
      response.writeHead(200, { ...headers, 'Content-Type': file.type, 'Content-Length': file.bytes.length });
      response.end(request.method === 'HEAD' ? undefined : file.bytes);
    }
    return true;
  };
}

/** Own files and calls alone: nothing inline, no text ever becomes HTML, and no other page may frame it. */
function contentPolicy(connectOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ['connect-src', "'self'", ...connectOrigins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
