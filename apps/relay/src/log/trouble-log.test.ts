import type { Logger } from '@wetink/relay';
import { IdentityUnavailableError } from '@wetink/relay/identity';
import { StoreError } from '@wetink/storage';
import { expect, it } from 'vitest';
import { createTroubleLog } from './trouble-log.ts';

function collecting(): { logger: Logger; lines: [fields: object, event: string][] } {
  const lines: [fields: object, event: string][] = [];
  const ignore = (): void => undefined;
  return { lines, logger: { debug: ignore, info: ignore, error: ignore, warn: (fields, event) => void lines.push([fields, event]) } };
}

it('T8: a failure that hits every call is logged a few times a minute, with the count of lines left out', () => {
  const { logger, lines } = collecting();
  let nowMs = 0;
  const log = createTroubleLog(logger, () => nowMs);
  for (let i = 0; i < 1_000; i++) log.warn(new StoreError('UNREACHABLE', 'the store is away'), 'user could not be recorded');
  log.warn(new StoreError('UNREACHABLE', 'the store is away'), 'calls could not be counted');
  expect(lines).toHaveLength(11);
  nowMs = 6_000;
  log.warn(new StoreError('UNREACHABLE', 'the store is away'), 'user could not be recorded');
  expect(lines.at(-1)).toEqual([{ code: 'UNREACHABLE', error: 'the store is away', suppressed: 990 }, 'user could not be recorded']);
});

it('T8: keys that cannot be fetched are logged as a sentence with its cause, a bug with its stack', () => {
  const { logger, lines } = collecting();
  const log = createTroubleLog(logger, () => 0);
  log.warn(
    new IdentityUnavailableError('the keys could not be fetched', { cause: new Error('no route to host') }),
    'tokens cannot be verified',
  );
  const bug = new TypeError('undefined is not a function');
  log.warn(bug, 'user could not be recorded');
  expect(lines).toEqual([
    [{ error: 'the keys could not be fetched: no route to host' }, 'tokens cannot be verified'],
    [{ err: bug }, 'user could not be recorded'],
  ]);
});
