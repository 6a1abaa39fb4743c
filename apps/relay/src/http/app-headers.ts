/**
 * Security headers of the web app's files. The app's policy allows what the app needs and nothing else: an injected
 * script would not run, could not be made from a string, and could reach nothing but the relay. Nothing is
 * `unsafe-inline`: the app has no inline script and no inline style sheet.
 */

import type { ServerResponse } from 'node:http';

/** Directives of the web app's Content-Security-Policy, in the order they are sent. */
const appPolicy: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  // blob: pictures of kept copies; data: previews of recent boards, cursors, and the pictures that people chose of themselves.
  'img-src': "'self' blob: data:",
  // Sounds and films of a board, fetched by the page. No media runs a script.
  'media-src': 'blob:',
  // 'self' is also ws: and wss: of the same host and port (CSP 3).
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  // Svelte's templates, which are constants of the build, and the addresses of three workers. No other policy may be made.
  'trusted-types': 'svelte-trusted-html wetink-service-worker wetink-image-worker wetink-pdf-worker',
};

/** Browser features that the app does not use. */
const unusedFeatures = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb', 'serial', 'hid'];

/** Other origins that the app may use. */
export interface AppOrigins {
  /** It fetches tokens from there. */
  readonly connect?: readonly string[];
  /** It shows pictures of people from there. */
  readonly images?: readonly string[];
}

export function appContentPolicy({ connect = [], images = [] }: AppOrigins = {}): string {
  const policy = {
    ...appPolicy,
    'img-src': [appPolicy['img-src'], ...images].join(' '),
    'connect-src': [appPolicy['connect-src'], ...connect].join(' '),
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** Headers of the web app's files. Scripts get them too, because a worker's policy comes with its own file. */
export function setAppHeaders(response: ServerResponse, contentPolicy: string): void {
  response.setHeader('Content-Security-Policy', contentPolicy);
  response.setHeader('Permissions-Policy', unusedFeatures.map((name) => `${name}=()`).join(', '));
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
}
