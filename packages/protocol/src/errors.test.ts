import { describe, expect, it } from 'vitest';
import {
  errorOfClose,
  errorOfCode,
  errors,
  limits,
  reasonOfClose,
  reasons,
  retiredCodes,
  roles,
  SyncError,
  type Advice,
  type ErrorName,
  type ErrorRow,
} from './index.ts';

const rows = (Object.entries(errors) as [ErrorName, ErrorRow][]).sort(([, a], [, b]) => a.code - b.code);
const isSent = ({ code }: ErrorRow): boolean => code < 4600;

describe('[P30] the error table', () => {
  it('no number is given twice, nor one that was retired', () => {
    const codes = rows.map(([, { code }]) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => retiredCodes.includes(code))).toEqual([]);
    expect(new Set(rows.map(([, { close }]) => close)).size).toBe(rows.length);
    expect(new Set(rows.map(([, { metric }]) => metric)).size).toBe(rows.length);
  });

  it('the number says whether waiting helps', () => {
    for (const [name, { code, close, retry }] of rows) {
      expect(code, name).toBeGreaterThanOrEqual(4400);
      expect(code, name).toBeLessThan(4700);
      if (code < 4500) expect(retry, name).not.toBe('backoff');
      else if (code < 4600) expect(retry, name).toBe('backoff');
      if (close !== code) expect([1000, 1003, 1011, 1012, 1013], name).toContain(close);
    }
  });

  it('a stock client is sent away for ever only for a failure that lasts', () => {
    // y-websocket 3.1: (event) => !(event.code >= 4400 && event.code < 4500)
    for (const [name, row] of rows) {
      const stopsStock = row.close >= 4400 && row.close < 4500;
      if (row.retry === 'backoff') expect(stopsStock, name).toBe(false);
    }
    for (const name of ['SLOW_READER', 'RATE_LIMITED', 'OVERLOADED'] as const) expect(errors[name].close).not.toBeLessThan(1013);
  });

  it('released numbers never change', () => {
    // Released numbers. A new failure adds a line; a line never changes and never goes.
    expect(Object.fromEntries(rows.map(([name, { code, close }]) => [name, `${code} ${close}`]))).toMatchInlineSnapshot(`
      {
        "AUTH_TIMEOUT": "4514 4514",
        "BAD_UPDATE": "4422 4422",
        "CANCELLED": "4600 1000",
        "CONNECTION_LOST": "4601 4601",
        "DEVICE_STORAGE": "4602 4602",
        "DOCUMENT_TOO_LARGE": "4423 4423",
        "DRAINING": "4512 4512",
        "FORBIDDEN": "4403 4403",
        "FOREIGN_CLIENT": "4409 4409",
        "INCOMPLETE": "4511 4511",
        "INTERNAL": "4500 1011",
        "LOAD_FAILED": "4502 4502",
        "MALFORMED": "4400 4400",
        "OVERLOADED": "4503 4503",
        "RATE_LIMITED": "4529 4529",
        "READ_ONLY": "4405 4405",
        "REFUSED": "4499 4499",
        "ROOM_ERASED": "4410 4410",
        "ROOM_FULL": "4510 4510",
        "ROOM_NAME": "4414 4414",
        "ROOM_NOT_FOUND": "4404 4404",
        "SHUTDOWN": "4513 1012",
        "SLOW_READER": "4508 1013",
        "STORAGE_UNAVAILABLE": "4507 4507",
        "TEXT_FRAME": "4415 1003",
        "TIMEOUT": "4504 4504",
        "TOKEN_FAILED": "4603 4603",
        "TOO_LARGE": "4413 4413",
        "UNAUTHENTICATED": "4401 4401",
        "UNAVAILABLE": "4599 4599",
        "VERSION": "4426 4426",
      }
    `);
  });
});

it('[P31] a sentence is a sentence and fits a close frame', () => {
  for (const [name, { sentence }] of rows) {
    expect(new TextEncoder().encode(sentence).length, name).toBeLessThanOrEqual(limits.maxCloseReasonBytes);
    expect(sentence, name).toMatch(/^[A-Z].*\.$/);
  }
});

const told = [...rows, ...Object.entries(reasons)] as [string, Pick<ErrorRow, 'label' | 'sentence' | 'advice'>][];

describe('[P41] texts for people', () => {
  it.each(told)('T1: %s has a label for a chip, a sentence and advice for every role', (_name, { label, sentence, advice }) => {
    expect(label).toMatch(/^[A-Z][^.]*$/);
    expect(label.length).toBeLessThanOrEqual(24);
    for (const role of roles) for (const text of [sentence, adviceFor(advice, role)]) expect(text).toMatch(/^[A-Z].*\.$/);
  });

  it('T1: no sentence claims what only the client knows: what became of changes, and when it is tried again', () => {
    for (const [name, { sentence }] of told) expect(sentence, name).not.toMatch(/kept|saved|trying again|\d/i);
  });

  it('a reason beside a code is the first word of a close reason', () => {
    expect(reasonOfClose('suspended: You do not have access to this board.')).toBe('suspended');
    for (const text of ['', 'You: x', 'suspended:', 'a word: x', `${'x'.repeat(40)}: x`]) expect(reasonOfClose(text), text).toBe('');
  });
});

function adviceFor(advice: Advice, role: (typeof roles)[number]): string {
  return typeof advice === 'string' ? advice : advice[role];
}

it('[P32] ERRORS.md is the table (vitest -u writes it anew)', async () => {
  const adviceText = (advice: Advice): string =>
    typeof advice === 'string' ? advice : [...new Set(roles.map((role) => `${role}: ${advice[role]}`))].join(' ');
  const lines = rows.map(
    ([name, { code, close, retry, label, sentence, advice, metric }]) =>
      `| ${name} | ${code} | ${close} | ${retry} | ${label} | ${sentence} | ${adviceText(advice)} | \`${metric}\` |`,
  );
  const reasonLines = Object.entries(reasons).map(
    ([name, { label, sentence, advice }]) => `| \`${name}\` | ${label} | ${sentence} | ${adviceText(advice)} |`,
  );
  const page = [
    '# Errors',
    '',
    'Written from `src/errors.ts`. Codes 4400-4499 last, 4500-4599 pass, 4600-4699 are raised on a device and never sent. A number is never used again.',
    '',
    '| name | code | close code | retry | label | sentence | advice | metric |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
    'A close reason may begin with one of these words and a colon, where they tell people more than the code. A word that is not here says no more than its code.',
    '',
    '| reason | label | sentence | advice |',
    '| --- | --- | --- | --- |',
    ...reasonLines,
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../ERRORS.md');
});

describe('[P33] close codes', () => {
  it('lead back to the failure', () => {
    for (const [name, row] of rows.filter(([, each]) => isSent(each))) {
      expect(errorOfClose(row.close)).toBe(name);
      expect(errorOfCode(row.code)).toBe(name);
    }
  });

  it.each<[number, ErrorName]>([
    [1000, 'CONNECTION_LOST'],
    [1001, 'CONNECTION_LOST'],
    [1005, 'CONNECTION_LOST'],
    [1006, 'CONNECTION_LOST'],
    [1008, 'CONNECTION_LOST'],
    [1009, 'TOO_LARGE'],
    [1012, 'SHUTDOWN'],
    [4205, 'CONNECTION_LOST'],
    [4498, 'REFUSED'],
    [4500, 'INTERNAL'],
    [4501, 'UNAVAILABLE'],
    [4601, 'CONNECTION_LOST'],
    [4602, 'CONNECTION_LOST'],
  ])('of others: %d is %s', (close, name) => expect(errorOfClose(close)).toBe(name));
});

it('[P33] a SyncError carries its row, a detail for logs, and its cause', () => {
  const cause = new TypeError('inner');
  const error = new SyncError('OVERLOADED', '900 rooms', { retryAfterMs: 1500, cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'SyncError', code: 'OVERLOADED', retry: 'backoff', closeCode: 4503, retryAfterMs: 1500, cause });
  expect(error.message).toBe('OVERLOADED: 900 rooms');
  expect(error.sentence).toBe(errors.OVERLOADED.sentence);
  expect('cause' in new SyncError('FORBIDDEN')).toBe(false);
  expect(new SyncError('FORBIDDEN').message).toBe('FORBIDDEN');
});
