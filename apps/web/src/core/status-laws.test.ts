/** The laws of status-laws.fuzz.test.ts can be broken: each page below says one thing that is not true. */
import type { Facts } from '@wetink/sync/testing';
import { expect, it } from 'vitest';
import { brokenLaw, saidOf, type Said } from './fixtures/status-laws.ts';
import type { Person } from './status-sentence.ts';

const facts: Facts = {
  link: 'open',
  role: 'editor',
  isSynced: true,
  isUploaded: true,
  isExtension: true,
  trouble: null,
  waiting: 0,
  copy: 'kept',
  storage: 'working',
  hasUnread: false,
  refused: null,
  isLoaded: true,
};
const me = { role: 'editor', wasShut: false, isTooNew: false } as const;
const suspended = { code: 'FORBIDDEN', reason: 'suspended', retryAtMs: null, isHinted: false } as const;
const truth = saidOf(facts, me);
/** A page that says only this, whatever the facts are. */
const says = (text: string, change: Partial<Facts> = {}, person: Person = me): Said => ({
  ...truth,
  facts: { ...facts, ...change },
  person,
  chip: { ...truth.chip, text, tone: 'warn' },
  all: text,
});

it('a page that tells the truth breaks no law', () => {
  expect(brokenLaw(truth)).toBe('');
  expect(brokenLaw(saidOf({ ...facts, waiting: 3, isUploaded: false }, me))).toBe('');
});

const lies: readonly (readonly [string, Said])[] = [
  ['"Saved" only if everything is acknowledged', says('Saved', { isUploaded: false })],
  ['"cannot be reached" only if nothing answers', says('The server cannot be reached.')],
  ['every trouble has its reason', says('Waiting', { link: 'waiting', trouble: suspended })],
  ['changes that are not saved are counted', says('Sending', { waiting: 3 })],
  ['refused changes are counted', says('Not saved', { refused: { count: 2, code: 'READ_ONLY', where: 'kept' } })],
  ['"kept" only if it is', says('2 changes are kept on this device.')],
  ['nothing about drawing for a person who cannot draw', says('Keep drawing.', {}, { ...me, isTooNew: true })],
  ['leaving asks if and only if something would be lost', says('1 change only in this tab', { waiting: 1, copy: 'none' })],
  ['the chip is short', says('x'.repeat(200))],
  ['every line of the popover is a sentence', { ...truth, lines: ['no sentence'] }],
];

it.each(lies)('a law is broken: %s', (law, said) => expect(brokenLaw(said)).toContain(law));
