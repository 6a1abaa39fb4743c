/** The WebSocket server of a relay: upgrades only, no compression, and a message that is too long ends in a 44xx. */

import { errors } from '@wetink/protocol';
import { WebSocket, WebSocketServer } from 'ws';

const MAX_FRAGMENTS = 4_096;
/** Time from the relay's close frame to dropping a socket that does not answer it. */
const CLOSE_TIMEOUT_MS = 5_000;

/** ws closes a message that is too long with 1009, after which a stock client sends it again for ever; a 44xx stops it. */
class RelaySocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(errors.TOO_LARGE.close, errors.TOO_LARGE.sentence);
    else super.close(code, reason);
  }
}

export function createSocketServer(maxFrameBytes: number): WebSocketServer {
  // A variable of its own: @types/ws 8.18 does not know closeTimeout, ws 8.23 does.
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    WebSocket: RelaySocket,
  };
  return new WebSocketServer(options);
}
