import type { ConnectionFailure, ConnectionOpening, ConnectionSummary, Logger } from '@wetink/relay';
import { expect, it } from 'vitest';
import { createConnectionLog } from './connection-log.ts';
import { createLogLimit } from './log-limit.ts';

const summary: ConnectionSummary = {
  connectionId: 7,
  room: 'board',
  ip: '203.0.113.9',
  userAgent: 'Firefox',
  userId: 'ana',
  role: 'editor',
  authentication: 'token',
  isExtension: true,
  startedAt: Date.UTC(2030, 0, 2),
  durationMs: 1234.6,
  framesIn: 1,
  framesOut: 2,
  bytesIn: 3,
  bytesOut: 4,
  closeCode: 1001,
  reason: 'left',
};

const failure: ConnectionFailure = {
  connectionId: 1,
  room: 'board',
  ip: '203.0.113.9',
  userId: '',
  code: 'MALFORMED',
  messageType: 'update',
  dump: '0002ff',
  error: new Error('cut short'),
};

function collecting(): { logger: Logger; lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

const { connectionId, room, ip, userAgent, isExtension } = summary;
const opening: ConnectionOpening = { connectionId, room, ip, userAgent, isExtension };

it('T9: an opened connection is one line, with the same number as the line of its end', () => {
  const { logger, lines } = collecting();
  const log = createConnectionLog(logger, () => 0);
  log.opened(opening);
  log.ended(summary);
  expect(lines[0]).toEqual({
    level: 'info',
    message: 'connection opened',
    fields: { connection: 7, room: 'board', ip: '203.0.113.9', userAgent: 'Firefox', protocol: 'wetink' },
  });
  expect(lines[1]).toMatchObject({ message: 'connection ended', fields: { connection: 7 } });
});

it('T9: a flood of connections from one address is a few lines a minute and a count; other addresses keep their lines', () => {
  const { logger, lines } = collecting();
  let nowMs = 0;
  const log = createConnectionLog(logger, () => nowMs);
  const flood = (from: string, authentication: string): void => {
    for (let i = 0; i < 10_000; i++) {
      log.opened({ ...opening, connectionId: i, ip: from });
      log.ended({ ...summary, connectionId: i, ip: from, authentication, reason: 'UNAUTHENTICATED' });
    }
  };
  flood('203.0.113.9', '');
  expect(lines.length).toBeLessThanOrEqual(200);
  const before = lines.length;
  flood('203.0.113.10', 'open');
  expect(lines.length - before).toBeLessThanOrEqual(500);
  log.opened({ ...opening, ip: '203.0.113.11' });
  expect(lines.at(-1)).toMatchObject({ message: 'connection opened', fields: { ip: '203.0.113.11' } });
  nowMs = 60_000;
  log.opened(opening);
  expect(lines.at(-1)?.fields).toMatchObject({ ip: '203.0.113.9', suppressed: 10_000 - 60 });
});

it('T9: a connection whose opening was logged has a line for its end, even during a flood', () => {
  const { logger, lines } = collecting();
  const log = createConnectionLog(logger, () => 0);
  for (let id = 1; id <= 1_000; id++) log.opened({ ...opening, connectionId: id });
  for (let id = 1_000; id >= 1; id--) log.ended({ ...summary, connectionId: id, authentication: '', reason: 'AUTH_TIMEOUT' });
  const idsOf = (message: string): number[] =>
    lines.filter((line) => line.message === message).map(({ fields }) => (fields as { connection: number }).connection);
  const [begun, ended] = [idsOf('connection opened'), new Set(idsOf('connection ended'))];
  expect([begun.length, begun.filter((id) => !ended.has(id))]).toEqual([60, []]);
});

it('an ended connection is one line with all known fields', () => {
  const { logger, lines } = collecting();
  createConnectionLog(logger, () => 0).ended(summary);
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'connection ended',
      fields: {
        connection: 7,
        room: 'board',
        ip: '203.0.113.9',
        userAgent: 'Firefox',
        user: 'ana',
        role: 'editor',
        authentication: 'token',
        protocol: 'wetink',
        startedAt: '2030-01-02T00:00:00.000Z',
        durationMs: 1235,
        framesIn: 1,
        framesOut: 2,
        bytesIn: 3,
        bytesOut: 4,
        closeCode: 1001,
        reason: 'left',
      },
    },
  ]);
});

it('a flood of refusals is a few lines and a count; other addresses keep their lines', () => {
  const { logger, lines } = collecting();
  let nowMs = 0;
  const log = createConnectionLog(logger, () => nowMs);
  for (let i = 0; i < 1_000; i++) log.refused(failure);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toEqual({
    level: 'warn',
    message: 'refused',
    fields: {
      connection: 1,
      user: '',
      room: 'board',
      ip: '203.0.113.9',
      code: 'MALFORMED',
      messageType: 'update',
      dump: '0002ff',
      error: 'cut short',
    },
  });
  log.refused({ ...failure, ip: '203.0.113.10' });
  log.refused({ ...failure, code: 'TOO_LARGE' });
  expect(lines).toHaveLength(12);
  nowMs = 6_000;
  log.refused(failure);
  expect(lines[12]?.fields).toMatchObject({ suppressed: 990 });
});

it('T8: an expected refusal is info, a protocol violation or a store that is down a warning, and a bug an error', () => {
  const { logger, lines } = collecting();
  const log = createConnectionLog(logger, () => 0);
  const codes = [
    'ROOM_ERASED',
    'ROOM_NOT_FOUND',
    'FORBIDDEN',
    'UNAUTHENTICATED',
    'READ_ONLY',
    'TOO_LARGE',
    'DOCUMENT_TOO_LARGE',
    'TIMEOUT',
    'SHUTDOWN',
  ] as const;
  for (const code of codes) log.refused({ ...failure, code });
  expect(lines.map(({ level }) => level)).toEqual(codes.map(() => 'info'));
  for (const code of ['MALFORMED', 'BAD_UPDATE', 'STORAGE_UNAVAILABLE', 'LOAD_FAILED', 'OVERLOADED', 'INTERNAL'] as const)
    log.refused({ ...failure, code });
  expect(lines.slice(codes.length).map(({ level }) => level)).toEqual(['warn', 'warn', 'warn', 'warn', 'warn', 'error']);
});

it('a flood of refused connections does not use up the lines for the ends of admitted ones', () => {
  const { logger, lines } = collecting();
  const log = createConnectionLog(logger, () => 0);
  for (let i = 0; i < 100; i++) log.ended(summary);
  for (let i = 0; i < 100; i++) log.ended({ ...summary, authentication: '', reason: 'UNAUTHENTICATED' });
  expect(lines).toHaveLength(120);
});

it('a log limit remembers a thousand kinds, the rest share one, and quiet kinds are forgotten', () => {
  let nowMs = 0;
  const limit = createLogLimit(2, () => nowMs);
  for (let i = 0; i < 1_000; i++) expect(limit.take(`ip ${i}`)).toBe(0);
  expect([limit.take('new 1'), limit.take('new 2'), limit.take('new 3')]).toEqual([0, 0, null]);
  expect(limit.take('ip 1')).toBe(0);
  nowMs = 120_000;
  expect([limit.take('new 3'), limit.take('new 3'), limit.take('new 4')]).toEqual([0, 0, 0]);
});
