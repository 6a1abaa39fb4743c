import { StoreError } from '@wetink/storage';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { withoutRoomName } from './log-rooms.ts';
import { hashedRoom } from './secrets.ts';

function lineOf(fields: Record<string, unknown>): string {
  let line = '';
  const logger = pino({ formatters: { log: withoutRoomName } }, { write: (text: string) => void (line += text) });
  logger.error(fields, 'room could not be loaded');
  return line;
}

it('a line about a room has its hash and never its name, not even in the error, its stack, its causes or a checkpoint', () => {
  const room = 'private-plan';
  const cause = new StoreError('CORRUPT', `No checkpoint of room "${room}" is intact.`);
  const line = lineOf({ room, name: `${room}/7/w1`, err: new Error(`Room "${room}" changed.`, { cause }) });
  expect(line).not.toContain(room);
  expect(JSON.parse(line)).toMatchObject({ room: hashedRoom(room), name: `${hashedRoom(room)}/7/w1` });
  const slashed = lineOf({ room: 'a/b', name: 'a%2Fb/7/w1', err: new Error('Checkpoint "a%2Fb/7/w1" did not read back.') });
  expect(slashed).not.toContain('a%2Fb');
  expect(line).toContain(`Room \\"${hashedRoom(room)}\\" changed.`);
});

it('T8: the error text of a store has the hash instead of the room name', () => {
  const room = 'private-plan';
  const line = lineOf({ room, code: 'CORRUPT', error: `No checkpoint of room "${room}" is intact.` });
  expect(line).not.toContain(room);
  expect(JSON.parse(line)).toMatchObject({ error: `No checkpoint of room "${hashedRoom(room)}" is intact.` });
});

it('a room name that is part of another word is not replaced there; a line without a room keeps its error', () => {
  expect(lineOf({ room: 'e', err: new Error('The record of room "e" is damaged.') })).toContain(
    `The record of room \\"${hashedRoom('e')}\\" is damaged.`,
  );
  const line = JSON.parse(lineOf({ err: new Error('odd') })) as { err: { message: string; stack: string } };
  expect([line.err.message, line.err.stack.includes('log-rooms.test')]).toEqual(['odd', true]);
});
