/**
 * The files of the web app, as they are on the disk at the moment of each request: a new version is served as soon as it was
 * built, without a restart of the relay. A file that goes away while it is read ends that answer, and nothing else.
 */

import type { Readable } from 'node:stream';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

/** @param onMissing There is no such file; nothing was answered yet. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse, onMissing: () => void) => void;

/** @param folder Nothing outside of it is read, nor anything whose name begins with a dot. */
export function createStaticFiles(folder: string): StaticFiles {
  // `dev` looks at the disk each time. Without it sirv reads the folder once, at the start, and goes on announcing the sizes
  // of those files, whatever has taken their place.
  const files = sirv(folder, { dev: true, etag: true, gzip: true, brotli: true, setHeaders: setFileHeaders });

  return (request, response, onMissing) => {
    if (isHidden(request.url ?? '/')) return onMissing();
    // sirv leaves the errors of a file that it reads to nobody, and then they end the process.
    response.once('pipe', (file: Readable) => file.once('error', () => response.destroy()));
    files(request, response, onMissing);
  };
}

/** As sirv decodes it. What can't be decoded is no file. */
function isHidden(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  try {
    return /[\\/]\.(?!well-known\/)/.test(decodeURI(path));
  } catch {
    return true;
  }
}

function setFileHeaders(response: ServerResponse, pathname: string): void {
  // Names under assets carry a hash of their content; everything else, the service worker above all, is asked for each time.
  response.setHeader('Cache-Control', pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}
