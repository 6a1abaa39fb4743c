import { expect, it } from 'vitest';
import { createLinkKeys, mintLinkId } from './links.ts';

const keys = createLinkKeys('a secret of relays that is long enough for links');
const [board, other] = ['A'.repeat(22), 'B'.repeat(22)];
const id = mintLinkId((count) => new Uint8Array(count).fill(7));

it('[AC5] a key fits one link of one board, and never changes', () => {
  // People have passed these links on: a change here breaks them all.
  expect(keys.keyOf(board, id)).toBe('BwcHBwcHBwc.nvQysabpHR3kHwxwiDAvny');
  expect(keys.linkOf(board, keys.keyOf(board, id))).toBe(id);
  expect(keys.linkOf(other, keys.keyOf(board, id))).toBeNull();
  expect(createLinkKeys('another secret of relays that is long enough').linkOf(board, keys.keyOf(board, id))).toBeNull();
  const [, secret = ''] = keys.keyOf(board, id).split('.');
  expect(keys.linkOf(board, `AAAAAAAAAAA.${secret}`)).toBeNull();
});

it('[AC5] a malformed key is refused before anything is compared', () => {
  const key = keys.keyOf(board, id);
  for (const text of [
    '',
    '.',
    id,
    `${id}.`,
    `${key} `,
    ` ${key}`,
    `${key}\n`,
    key.replace('.', ':'),
    `${key}.${key}`,
    'é'.repeat(34),
    'x'.repeat(10_000),
  ])
    expect(keys.linkOf(board, text), JSON.stringify(text)).toBeNull();
});
