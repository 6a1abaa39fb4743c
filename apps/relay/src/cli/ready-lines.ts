/** The lines that the service prints once it listens: its addresses, and who can reach them. Pure. */

import { isLoopback, isWildcard } from '../config/hosts.ts';

/** The part of `os.networkInterfaces()` that is used. */
export type Interfaces = Readonly<Record<string, readonly { address: string; family: string; internal: boolean }[] | undefined>>;

export interface Reach {
  host: string;
  port: number;
  interfaces: Interfaces;
  /** Anyone may edit rooms without an owner. */
  isOpenMode: boolean;
}

const OPEN = 'Anyone who knows the address of a board without an owner can change it.';
const OWNED = 'A board belongs to the person who makes it; others enter through its links.';

/** @returns Lines. The first is always `Wetink is ready: ADDRESS`, with an address that opens on this computer. */
export function readyLines({ host, port, interfaces, isOpenMode }: Reach): string[] {
  if (!isWildcard(host)) {
    const ready = `Wetink is ready: ${addressOf(host, port)}`;
    return isLoopback(host)
      ? [ready, 'Only this computer can reach it. To let others in: --host 0.0.0.0, or WETINK_HOST=0.0.0.0.']
      : [ready];
  }
  const onNetwork = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `On this network: ${addressOf(address, port)}`);
  return [`Wetink is ready: ${addressOf('127.0.0.1', port)}`, ...onNetwork, isOpenMode ? OPEN : OWNED];
}

function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
