/** Decides which pages may use this relay, by its configuration, and logs refusals. */

import type { IncomingMessage } from 'node:http';
import { createOriginCheck, createProxyCheck, ownOrigin, type AddressReader, type CorsRules, type OriginRules } from '@wetink/relay/http';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { openToPublic } from '../config/hosts.ts';
import { createLogLimit } from '../log/log-limit.ts';

/** Per address. */
const REFUSALS_PER_MINUTE = 10;
const MAX_LOGGED_ORIGIN_LENGTH = 200;

/**
 * Logs refusals with the relay's own origin as the request shows it: if that is wrong, a proxy is not in
 * --trusted-proxies.
 */
export function createLoggedOrigins(config: Config, log: Logger, addressOf: AddressReader, now: () => number): CorsRules {
  const rules: OriginRules = {
    origins: config.origins,
    isOpenMode: config.identity.mode === 'open',
    isLoopbackOnly: !openToPublic(config.host),
    isTrustedProxy: createProxyCheck(config.trustedProxies),
  };
  const allows = createOriginCheck(rules);
  const limit = createLogLimit(REFUSALS_PER_MINUTE, now);
  const logRefusal = (request: IncomingMessage): void => {
    const ip = addressOf(request);
    const suppressed = limit.take(ip);
    if (suppressed === null) return;
    const origin = request.headers.origin?.slice(0, MAX_LOGGED_ORIGIN_LENGTH);
    const own = ownOrigin(request, rules);
    log.warn({ ip, origin, own, ...(suppressed > 0 ? { suppressed } : {}) }, 'page of another origin refused; see WETINK_ORIGINS');
  };
  return {
    allowsOrigin(request) {
      const isAllowed = allows(request);
      if (!isAllowed) logRefusal(request);
      return isAllowed;
    },
    originRefusal: 'pages of this origin may not use this relay; WETINK_ORIGINS lists the allowed ones',
  };
}
