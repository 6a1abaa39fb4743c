/** The way in. */
import { environmentOf } from './environment.ts';
import { OpenRoom } from './room.ts';
import type { Room, RoomOptions } from './types.ts';

/**
 * Opens a room. Returns at once: the document can be edited before anything is loaded or connected.
 *
 * @throws {RangeError} When there is no WebSocket in this environment, or the url is none.
 */
export function openRoom(options: RoomOptions): Room {
  const environment = environmentOf(options.environment);
  const { WebSocket } = environment;
  if (WebSocket === undefined) throw new RangeError('no WebSocket: pass environment.WebSocket');
  if (!/^wss?:$/.test(new URL(options.url).protocol)) throw new RangeError('url must be ws:// or wss://');
  return new OpenRoom(options, environment, WebSocket);
}
