import { describe, expect, it } from 'vitest';
import { failureSentence } from './access-sentences.ts';
import { roleSentence } from './role-sentence.ts';
import { linkSentence, myPartSentence } from './share-sentences.ts';
import { togetherSentence } from './together-sentence.ts';

describe('a role that changes while the board is open', () => {
  it.each([
    ['editor', 'viewer', 'Ana', 'You can only view this board now. Ana changed it.'],
    ['owner', 'viewer', '', 'You can only view this board now. Its owner changed it.'],
    ['viewer', 'editor', 'Ana', 'You can draw on this board now.'],
    ['owner', 'editor', 'Ben', 'Ben owns this board now. You can still draw.'],
    ['owner', 'editor', '', 'Somebody else owns this board now. You can still draw.'],
    ['editor', 'owner', 'Ana', 'This board is yours now.'],
    ['editor', 'editor', 'Ana', ''],
    [null, 'viewer', 'Ana', ''],
    ['viewer', null, 'Ana', ''],
  ] as const)('from %s to %s, the owner being %j', (before, after, owner, sentence) => {
    expect(roleSentence(before, after, owner)).toBe(sentence);
  });

  it('isolates a name that is written from right to left', () => {
    expect(roleSentence('editor', 'viewer', 'דנה')).toBe('You can only view this board now. \u2068דנה\u2069 changed it.');
    expect(myPartSentence('editor', 'דנה')).toBe('\u2068דנה\u2069 owns this board. You can draw on it.');
  });
});

it('every failure has a sentence, unknown codes included', () => {
  expect(failureSentence({ kind: 'unreachable' })).toBe('The server cannot be reached. Nothing was changed.');
  expect(failureSentence({ kind: 'unreachable', status: 429 })).toMatch(/^Too many requests\. Nothing was changed/);
  expect(failureSentence({ kind: 'refused', code: 'not_owner' })).toBe('Only the owner of this board can change this.');
  expect(failureSentence({ kind: 'refused', code: 'unheard_of' })).toBe('The server refused this. Nothing was changed.');
  expect(myPartSentence('viewer', 'Ana')).toBe('Ana owns this board. You can view it.');
});

describe('T6: the promises of the home page and of the link hold in each mode', () => {
  it.each([
    ['guests', 'without an account'],
    ['none', 'without an account'],
    ['tokens', 'is signed in here'],
  ] as const)('%s', (auth, part) => {
    expect(togetherSentence({ auth, isLoopback: false })).toContain(part);
    expect(linkSentence('editor', auth)).toContain(part);
    expect(linkSentence('viewer', auth)).toMatch(/can view/);
  });
  it('before the server was ever reached, the sentences promise nothing about accounts', () => {
    expect(togetherSentence({ auth: null, isLoopback: false })).not.toMatch(/account|signed in/);
    expect(linkSentence('editor', null)).toBe('Anyone with this link can draw on this board.');
  });
  it('on this computer only, the home page does not suggest sending a link', () => {
    for (const auth of ['guests', 'none', 'tokens', null] as const)
      expect(togetherSentence({ auth, isLoopback: true })).not.toMatch(/send/);
  });
  it('the home page names Share, where the link is, in every mode', () => {
    for (const auth of ['guests', 'none', 'tokens', null] as const)
      for (const isLoopback of [true, false]) expect(togetherSentence({ auth, isLoopback })).toContain('press Share');
  });
});
