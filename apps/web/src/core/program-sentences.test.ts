import { describe, expect, it } from 'vitest';
import { isProgram, parseBot, parseList, parseWebhook } from './program-info.ts';
import { answerSentence, exampleCommand, madeSentence, programFailure, webhookFailure } from './program-sentences.ts';

const NOW = 1_000_000_000;
const works = { by: 'ana', failures: 0, off: null };

describe('the last answer of a webhook', () => {
  it.each([
    [{ ...works, last: null }, 'Nothing was sent yet.'],
    [{ ...works, last: { at: NOW, status: 204, reason: '' } }, 'Delivered just now, answered with 204.'],
    [
      { ...works, failures: 1, last: { at: NOW - 120_000, status: 500, reason: 'the receiver answered 500' } },
      'Not delivered 2 minutes ago: the receiver answered 500.',
    ],
    [
      { ...works, failures: 3, last: { at: NOW, status: null, reason: 'there was no answer in time' } },
      'Not delivered just now: there was no answer in time. 3 times in a row.',
    ],
    [
      { by: 'ana', failures: 25, off: 'it failed 25 times in a row', last: null },
      'Switched off: it failed 25 times in a row. Send a test to switch it on again.',
    ],
    [
      { by: 'ben', failures: 0, off: 'the owner who made it does not own the board any more, or is suspended', last: null },
      'Switched off: the owner who made it does not own the board any more, or is suspended. Remove it and add it again.',
    ],
  ])('%j: %s', (webhook, sentence) => expect(answerSentence(webhook, 'ana', NOW, 'en')).toBe(sentence));
});

it('says when a program was added, and why a change was not made', () => {
  expect(madeSentence(NOW - 3_600_000, NOW, 'en')).toBe('Added 1 hour ago');
  expect(programFailure({ kind: 'refused', code: 'too_many_bots' })).toBe('This board has as many programs as it can have. End one first.');
  expect(programFailure({ kind: 'refused', code: 'not_owner' })).toBe('Only the owner of this board can change this.');
  expect(programFailure({ kind: 'refused', code: 'webhook_maker_left' })).toMatch(/Remove it and add it again\.$/);
  expect(programFailure({ kind: 'unreachable' })).toBe('The server cannot be reached. Nothing was changed.');
});

it('only an address that was refused is called one', () => {
  expect(webhookFailure({ kind: 'refused', code: 'body_invalid' })).toMatch(/^The server refused this address\./);
  expect(programFailure({ kind: 'refused', code: 'body_invalid' })).toBe('The server refused this. Nothing was changed.');
  expect(webhookFailure({ kind: 'refused', code: 'too_many_webhooks' })).toMatch(/^This board has as many webhooks/);
});

it('a program is known by its user id', () => {
  expect([isProgram('bot:x1'), isProgram('guest:bot:x1'), isProgram('')]).toEqual([true, false, false]);
});

it('the example is one command for a shell', () => {
  expect(exampleCommand('https://draw.example', 'B', 'T')).toBe(
    `curl https://draw.example/v1/boards/B/messages \\\n  -H 'Authorization: Bearer T' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"text": "Hello from a program"}'`,
  );
});

it('takes bots and webhooks apart, kinds of a newer relay left out, and nothing that is none', () => {
  const webhook = {
    id: 'w',
    url: 'https://a.example/',
    kinds: ['shared', 'new', 'message'],
    by: 'ana',
    last: null,
    failures: 0,
    off: null,
  };
  expect(parseWebhook({ ...webhook, secret: 'x' })).toEqual({ ...webhook, kinds: ['message', 'shared'] });
  expect(parseWebhook({ ...webhook, by: undefined })?.by).toBe('');
  expect(parseWebhook({ ...webhook, last: { at: 1, status: null, reason: 'x' } })?.last).toEqual({ at: 1, status: null, reason: 'x' });
  expect(parseWebhook({ ...webhook, kinds: 'all' })).toBeNull();
  expect(parseBot({ id: 'bot:1', name: 'Build', by: 'ana', createdAt: 5 })).toEqual({ id: 'bot:1', name: 'Build', createdAt: 5 });
  expect(parseList([{ id: 'bot:1', name: 'Build', createdAt: 5 }, null], parseBot)).toBeNull();
  expect(parseList('no', parseBot)).toBeNull();
});
