/** Empties a relay: clients are sent away, then everything is made durable, within a deadline. */

import type { Connections } from './connection/connections.ts';
import type { Edits } from './edits/edits.ts';
import type { RelaySetup } from './relay-options.ts';
import type { Rooms } from './room/rooms.ts';

export interface DrainTimes {
  deadlineMs: number;
  /** Time over which clients are disconnected; at most half of the deadline is used. */
  spreadMs: number;
}

/** @returns Bytes that could not be made durable before the deadline. */
export async function drainRelay(
  { environment, logger }: Pick<RelaySetup, 'environment' | 'logger'>,
  connections: Connections,
  edits: Edits,
  rooms: Rooms,
  { deadlineMs, spreadMs }: DrainTimes,
): Promise<{ unsavedBytes: number }> {
  const startedAtMs = environment.now();
  const hadWork = connections.count + rooms.count > 0;
  if (hadWork) logger.info({ rooms: rooms.count, connections: connections.count }, 'draining');
  let cancelDeadline: () => void = () => undefined;
  const deadline = new Promise<'late'>((resolve) => {
    cancelDeadline = environment.schedule(() => resolve('late'), Math.max(1, deadlineMs));
  });
  edits.stop();
  const finish = async (): Promise<void> => {
    await connections.sendAway(Math.min(spreadMs, deadlineMs / 2));
    const awayMs = environment.now() - startedAtMs;
    const withoutCheckpoint = await rooms.shut(Math.max(1, deadlineMs - awayMs));
    const savedMs = environment.now() - startedAtMs - awayMs;
    if (hadWork) logger.info({ awayMs: Math.round(awayMs), savedMs: Math.round(savedMs), withoutCheckpoint }, 'drained');
  };
  const isLate = (await Promise.race([finish(), deadline])) === 'late';
  cancelDeadline();
  const { unsavedBytes } = rooms;
  if (isLate) logger.error({ unsavedBytes, connections: connections.count }, 'drain deadline passed');
  connections.terminate();
  edits.close();
  return { unsavedBytes };
}
