/**
 * Serves the web app's files as they are on disk at each request: a new build is served without restarting the relay. If a
 * file vanishes while it is read, only that answer breaks off.
 */

import type { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

/** @param onMissing Called when there is no such file, before any answer. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse, onMissing: () => void) => void;

/** @param folder Nothing outside it is served, nor any name that begins with a dot. */
export function createStaticFiles(folder: string): StaticFiles {
  // `dev` reads the disk at each request. Without it sirv lists the folder once, at the start, and keeps announcing the
  // sizes of those files after a build has replaced them.
  const files = sirv(folder, { dev: true, etag: true, gzip: true, brotli: true, setHeaders: setFileHeaders });

  return (request, response, onMissing) => {
    if (isHidden(request.url ?? '/')) return onMissing();
    // sirv does not handle read errors of a file, and an unhandled one would end the process.
    response.once('pipe', (file: Readable) => file.once('error', () => response.destroy()));
    files(request, response, onMissing);
  };
}

/** Decodes the path as sirv does. A path that cannot be decoded is no file. */
function isHidden(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  try {
    return /[\\/]\.(?!well-known\/)/.test(decodeURI(path));
  } catch {
    return true;
  }
}

function setFileHeaders(response: ServerResponse, pathname: string): void {
  // Names under assets contain a hash of the content. Browsers revalidate everything else, above all the service worker.
  response.setHeader('Cache-Control', pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}
