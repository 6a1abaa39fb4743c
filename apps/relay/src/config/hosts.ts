/** The reach of the address that the relay listens on. */

/** True for an address that means every network of this computer. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** True when other computers can reach it. */
export function openToPublic(host: string): boolean {
  return !isLoopback(host);
}
