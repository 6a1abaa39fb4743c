/** Answers with the web app: its files, its page at every address that may be one of its own, and 404 for the rest. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { sendError, setSafeHeaders } from '@wetink/relay/http';
import { appContentPolicy, setAppHeaders, type AppOrigins } from './app-headers.ts';
import { createStaticFiles } from './static-files.ts';

/** @param pathname Path of the request's address, without the query. */
export type WebApp = (request: IncomingMessage, response: ServerResponse, pathname: string) => void;

export function createWebApp(folder: string, origins: AppOrigins = {}): WebApp {
  const contentPolicy = appContentPolicy(origins);
  const files = createStaticFiles(folder);
  return (request, response, pathname) => {
    const notFound = (message: string): void => {
      setSafeHeaders(response);
      sendError(request, response, 404, 'not_found', message);
    };
    // Set before the file is looked up: a 304 has headers too, and they replace those in the browser's cache.
    setAppHeaders(response, contentPolicy);
    files(request, response, () => {
      // The app does its own routing, so any page address gets index.html; a missing script or picture gets 404.
      const isPage = extname(pathname) === '' && (request.headers.accept ?? '').includes('text/html');
      if (!isPage || pathname === '/index.html') return notFound('nothing is here');
      request.url = '/index.html';
      files(request, response, () => notFound('the web app is not here'));
    });
  };
}
