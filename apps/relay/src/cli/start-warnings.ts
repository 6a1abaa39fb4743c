/** Warnings about settings that the relay starts with, and that an operator may not have meant. Pure. */

import type { Config } from '../config/config.ts';
import { openToPublic } from '../config/hosts.ts';

export function startWarnings({ host, identity, origins, trustedProxies }: Config): string[] {
  const warnings: string[] = [];
  if (origins?.includes('*') === true)
    warnings.push('WETINK_ORIGINS is *: any page on the web can use this relay from the browsers of its visitors. Name the pages instead.');
  if (openToPublic(host) && identity.mode === 'open')
    warnings.push(
      `WETINK_AUTH is open and ${host} is reachable from other computers: anyone who knows the name of a room without an owner can change it.`,
    );
  if (openToPublic(host) && trustedProxies.length === 0)
    warnings.push(
      `${host} is reachable from the network without TLS: drawings travel unencrypted. Put a proxy with TLS in front and name it with --trusted-proxies.`,
    );
  return warnings;
}
