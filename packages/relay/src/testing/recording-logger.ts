/** A logger that remembers its lines. For tests only. */

import type { Logger } from '../ports/logger.ts';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: Record<string, unknown>;
  event: string;
}

export interface RecordingLogger extends Logger {
  readonly lines: LogLine[];
  /** Lines of level warn or error. */
  alarms(): LogLine[];
}

export function recordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (fields: object, event: string): void =>
      void lines.push({ level, fields: { ...fields }, event });
  return {
    lines,
    alarms: () => lines.filter(({ level }) => level === 'warn' || level === 'error'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
