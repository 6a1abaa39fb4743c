/** The process's logger: JSON lines on stderr, without secrets, and without room names unless the operator wants them. */

import { pino, type Logger } from 'pino';
import { withoutRoomName } from './log-rooms.ts';
import { escapeUnseen } from './unseen.ts';

/** Settings of the configuration that the logger reads. */
interface LoggerOptions {
  readonly logLevel: string;
  readonly logRooms: 'hash' | 'name';
}

/** @param mask Made by `createMask`. */
export function createLogger(options: LoggerOptions, mask: (text: string) => string): Logger {
  return pino(
    {
      level: options.logLevel,
      hooks: { streamWrite: (line) => mask(escapeUnseen(line)) },
      ...(options.logRooms === 'hash' ? { formatters: { log: withoutRoomName } } : {}),
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
