/** The relay's address: the server that served this page, unless the build names another. */

/**
 * @param configured `ws://…` or `wss://…` given at build time, or undefined.
 * @returns The WebSocket address without a trailing slash.
 */
export function relayUrlFor(page: { protocol: string; host: string }, configured: string | undefined): string {
  if (configured !== undefined && configured !== '') return configured.replace(/\/+$/, '');
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}`;
}

/** The relay's HTTP API, on the same host as its WebSockets. @param relayUrl `ws://…` or `wss://…`. */
export function apiUrlFor(relayUrl: string): string {
  return relayUrl.replace(/^ws/, 'http');
}

/** True for a host that only this computer can reach: a link to it is useless to other people. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
