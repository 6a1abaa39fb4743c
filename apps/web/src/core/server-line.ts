/** The state of the connection to the server, and the time of the next try. Pure. */
import type { RoomStatus } from '@wetink/sync';
import { inTime } from './in-time.ts';
import { statusNow } from './status-facts.ts';

/** @param nowMs By `performance.now`, like `retryAtMs` of a status. */
export function serverLine(status: RoomStatus, link: 'connecting' | 'open' | 'waiting' | 'closed', nowMs: number): string {
  const now = statusNow(status);
  switch (now.kind) {
    case 'offline':
      return `No answer, ${nextTry(now.retryAtMs, nowMs)}`;
    case 'trouble':
      // A relay that cannot save says later when it can again; a relay that slows this client down says for how long.
      if (now.isConnected)
        return now.code === 'RATE_LIMITED' ? `Connected, goes on ${inTime((now.retryAtMs ?? nowMs) - nowMs)}` : 'Connected';
      return `Answers, ${nextTry(now.retryAtMs, nowMs)}`;
    case 'error':
      return 'Closed';
    default:
      return link === 'open' ? 'Connected' : 'Connecting';
  }
}

function nextTry(retryAtMs: number | null, nowMs: number): string {
  const left = (retryAtMs ?? nowMs) - nowMs;
  return left <= 0 ? 'trying now' : `next try ${inTime(left)}`;
}
