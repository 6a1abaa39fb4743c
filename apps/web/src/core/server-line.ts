/** The state of the connection to the server, and the time of the next try. Pure. */
import * as m from '$words/server-line';
import type { RoomStatus } from '@wetink/sync';
import { inTime } from './in-time.ts';
import { statusNow } from './status-facts.ts';

/** @param nowMs By `performance.now`, like `retryAtMs` of a status. */
export function serverLine(status: RoomStatus, link: 'connecting' | 'open' | 'waiting' | 'closed', nowMs: number): string {
  const now = statusNow(status);
  const left = ('retryAtMs' in now && now.retryAtMs !== null ? now.retryAtMs : nowMs) - nowMs;
  const when = inTime(left);
  switch (now.kind) {
    case 'offline':
      return left <= 0 ? m.noAnswerNow() : m.noAnswer({ when });
    case 'trouble':
      // A relay that cannot save says later when it can again; a relay that slows this client down says for how long.
      if (now.isConnected) return now.code === 'RATE_LIMITED' ? m.goesOn({ when }) : m.connected();
      return left <= 0 ? m.answersNow() : m.answers({ when });
    case 'error':
      return m.closed();
    default:
      return link === 'open' ? m.connected() : m.connecting();
  }
}
