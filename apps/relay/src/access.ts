/** Who may look: the admin token for /v1, and for /metrics from elsewhere. Pure. */

import type { IncomingMessage } from 'node:http';
import { isSameSecret } from './secrets.ts';
import { isFromHere } from './trusted-proxies.ts';

export type Access = { ok: true } | { ok: false; status: 401 | 403 | 404; error: string };

const HOW = 'send the header "Authorization: Bearer TOKEN" with the value of WETINK_ADMIN_TOKEN';

/** @param token Null: none is configured, and what it would open does not exist. */
export function adminAccess({ headers }: Pick<IncomingMessage, 'headers'>, token: string | null): Access {
  if (token === null)
    return { ok: false, status: 404, error: 'the admin API is off: start the relay with WETINK_ADMIN_TOKEN to turn it on' };
  const given = /^Bearer +([!-~]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined) return { ok: false, status: 401, error: `this needs the admin token: ${HOW}` };
  return isSameSecret(given, token) ? { ok: true } : { ok: false, status: 403, error: `this is not the admin token: ${HOW}` };
}

/** Open to programs on this computer; to anybody else with the token. */
export function metricsAccess(request: Pick<IncomingMessage, 'headers' | 'socket'>, token: string | null): Access {
  if (isFromHere(request)) return { ok: true };
  const access = adminAccess(request, token);
  return access.ok || access.status !== 404
    ? access
    : {
        ok: false,
        status: 404,
        error: 'metrics are open to this computer only: start the relay with WETINK_ADMIN_TOKEN to read them from elsewhere',
      };
}
