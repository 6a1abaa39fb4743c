/** Checks the admin token: always for /v1, and for /metrics when the request is not from this computer. Pure. */

import type { IncomingMessage } from 'node:http';
import { isFromHere } from '@wetink/relay/http';
import { isSameSecret } from '../log/secrets.ts';

export type TokenCheck = { ok: true } | { ok: false; status: 401 | 403 | 404; error: { code: string; message: string } };

const HOW = 'send the header "Authorization: Bearer TOKEN" with the value of WETINK_ADMIN_TOKEN';

/** @param token Null: none is configured, so the admin API answers 404. */
export function checkAdminToken({ headers }: Pick<IncomingMessage, 'headers'>, token: string | null): TokenCheck {
  if (token === null) return refusal(404, 'admin_off', 'the admin API is off: start the relay with WETINK_ADMIN_TOKEN to turn it on');
  const given = /^Bearer +([!-~]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined) return refusal(401, 'token_missing', `this needs the admin token: ${HOW}`);
  return isSameSecret(given, token) ? { ok: true } : refusal(403, 'not_allowed', `this is not the admin token: ${HOW}`);
}

/** Allows programs on this computer, and anyone with the token. */
export function checkMetricsToken(request: Pick<IncomingMessage, 'headers' | 'socket'>, token: string | null): TokenCheck {
  if (isFromHere(request)) return { ok: true };
  const check = checkAdminToken(request, token);
  return check.ok || check.status !== 404
    ? check
    : refusal(
        404,
        'metrics_off',
        'metrics are open to this computer only: start the relay with WETINK_ADMIN_TOKEN to read them from elsewhere',
      );
}

function refusal(status: 401 | 403 | 404, code: string, message: string): TokenCheck & { ok: false } {
  return { ok: false, status, error: { code, message } };
}
