import { expect, it } from 'vitest';
import { linkWords, otherAddress } from './link-words.ts';

const evil = 'https://evil.example/';

it.each([
  ['the plan', evil, null],
  ['e.g. version 1.2', evil, null],
  ['example.org', 'https://example.org/plan', null],
  ['www.example.org', 'https://example.org', null],
  ['https://example.org/a/', 'http://example.org/a', null],
  ['example.org/a', 'https://example.org/a?b=1#c', null],
  ['ana@example.org', 'mailto:ana@example.org', null],
  ['münchen.example', 'https://münchen.example/', null],
  ['bank.example', evil, evil],
  ['Bank: bank.example, log in', evil, evil],
  ['https://bank.example', evil, evil],
  ['bank\u3002example', evil, evil],
  ['bank\u200b.example', evil, evil],
  ['10.0.0.1', evil, evil],
  ['example.org/a', 'https://example.org/ab', 'https://example.org/ab'],
  ['bank.example', 'https://bank.example.evil.example/', 'https://bank.example.evil.example/'],
  ['bank.example', 'https://bank.example:x@evil.example/', evil],
  ['https://bank.example@evil.example/', 'https://bank.example@evil.example/', evil],
  ['the plan', 'https://bank.example@evil.example/', evil],
  ['ana@example.org', 'mailto:eve@evil.example', 'mailto:eve@evil.example'],
  ['bank.example', 'https://b\u0430nk.example/', 'https://xn--bnk-6cd.example/'],
])('the words %j of a link to %s have beside them %j', (words, address, shown) => {
  expect(otherAddress(words, new URL(address))).toBe(shown);
});

it('words are one line that keeps its direction, and never empty; a long address is shown from its host on', () => {
  const url = new URL(`${evil}${'a'.repeat(500)}`);
  expect(linkWords('log\u202e in\u2066 here', url)).toBe('log in here');
  expect(linkWords('\u202e', new URL(evil))).toBe(evil);
  expect(otherAddress('bank.example', url)).toMatch(/^https:\/\/evil\.example\/a{50,}…$/);
});
