/**
 * What browsers are told about what the relay serves. The policy of the web app names everything the app needs and nothing
 * else; a script that slipped in as text would not run, could not be made from a string, and could talk to nobody but the
 * relay itself. Nothing is `unsafe-inline`: the app has no inline script and no inline style sheet.
 */

import type { ServerResponse } from 'node:http';

/** Directives of the web app's Content-Security-Policy, in the order they are sent. */
const appPolicy: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  // blob: a picture of the board about to be looked at or saved; data: previews of recent boards and cursors.
  'img-src': "'self' blob: data:",
  // 'self' is also ws: and wss: of the same host and port (CSP 3).
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  // Svelte's templates, which are constants of the build, and the address of the service worker. No other may be made.
  'trusted-types': 'svelte-trusted-html wetink-service-worker',
};

/** For answers that are no page: shown in a browser, they load nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The app uses none of these; a page that frames nothing has nobody to pass them to. */
const unusedFeatures = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb', 'serial', 'hid'];

/** @param connectOrigins Where the app fetches tokens, when that is another origin. */
export function appContentPolicy(connectOrigins: readonly string[] = []): string {
  const policy = { ...appPolicy, 'connect-src': [appPolicy['connect-src'], ...connectOrigins].join(' ') };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** For every answer. A page overrides the policy with its own. */
export function setSafeHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Content-Security-Policy', DATA_POLICY);
}

/** For files of the web app, scripts and the service worker included: a worker's policy is that of its own file. */
export function setAppHeaders(response: ServerResponse, contentPolicy: string): void {
  response.setHeader('Content-Security-Policy', contentPolicy);
  response.setHeader('Permissions-Policy', unusedFeatures.map((name) => `${name}=()`).join(', '));
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
}
