/** Logs requests for the admin API without its token. Limited by address, so that guessing cannot fill the disk. */

import type { IncomingMessage } from 'node:http';
import type { AddressReader } from '@wetink/relay/http';
import type { Logger } from 'pino';
import { createLogLimit } from './log-limit.ts';

/** Per address. */
const DENIALS_PER_MINUTE = 10;

export function createDenialLog(
  log: Pick<Logger, 'warn'>,
  addressOf: AddressReader,
  now: () => number,
): (request: IncomingMessage, status: number) => void {
  const limit = createLogLimit(DENIALS_PER_MINUTE, now);
  return (request, status) => {
    const ip = addressOf(request);
    const suppressed = limit.take(ip);
    if (suppressed !== null) log.warn({ ip, status, ...(suppressed > 0 ? { suppressed } : {}) }, 'admin request refused');
  };
}
