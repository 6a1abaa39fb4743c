/** The process's logger: JSON lines on stderr, without secrets, and without room names unless the operator wants them. */

import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { withoutRoomName } from './log-rooms.ts';
import { escapeUnseen } from './unseen.ts';

/** @param mask Made by `createMask`. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logRooms'>, mask: (text: string) => string): Logger {
  return pino(
    {
      level: config.logLevel,
      hooks: { streamWrite: (line) => mask(escapeUnseen(line)) },
      ...(config.logRooms === 'hash' ? { formatters: { log: withoutRoomName } } : {}),
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
