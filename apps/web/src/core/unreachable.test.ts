import { describe, expect, it } from 'vitest';
import { failureSentence } from './access-sentences.ts';
import { notAddedSentence } from './adding-sentence.ts';
import { notFoundSentence, olderSentence } from './chat-sentence.ts';
import { conversationFailure, directoryFailure } from './conversation-info.ts';
import { eraseFailureSentence } from './erase-sentence.ts';
import { programFailure, webhookFailure } from './program-sentences.ts';
import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

const kind = 'unreachable';

it.each([
  [{ status: 429, afterS: 30 }, 'Try again in 30 seconds'],
  [{ status: 429, afterS: 0.2 }, 'Try again in a second'],
  [{ status: 429, afterS: 100 }, 'Try again in 2 minutes'],
  [{ status: 429 }, 'Try again in a minute'],
  [{ status: 503, afterS: 5 }, 'Try again in 5 seconds'],
  [{ status: 503, afterS: 0 }, 'Try again in a moment'],
  [{}, 'Try again in a moment'],
])('%j: %s', (failure, words) => expect(againWords(failure)).toBe(words));

describe('a server that can’t now is not called out of reach, and the sentence gives its time', () => {
  const sentences: Readonly<Record<string, (failure: Unreachable) => string>> = {
    access: failureSentence,
    program: programFailure,
    webhook: webhookFailure,
    erase: eraseFailureSentence,
    adding: (failure) => notAddedSentence(['Ben'], failure),
    conversation: conversationFailure,
    directory: directoryFailure,
    older: olderSentence,
    'not found': notFoundSentence,
  };
  it.each(Object.keys(sentences))('%s', (name) => {
    const sentence = sentences[name] as (failure: Unreachable) => string;
    const [limited, silent] = [sentence({ kind, status: 429, afterS: 30 }), sentence({ kind })];
    expect(limited).toMatch(/too many requests.*in 30 seconds/i);
    for (const status of [500, 502, 503, 504]) {
      const busy = sentence({ kind, status, afterS: 5 });
      expect(busy).toMatch(/in 5 seconds/);
      expect(busy).not.toMatch(/reached|too many/i);
      expect(new Set([limited, silent, busy]).size).toBe(3);
    }
    expect(silent).toMatch(/reached|does not answer|can’t say/);
    for (const text of [limited, silent]) expect(text).toMatch(/^[A-Z“].*[a-z0-9]\.$/);
  });
});

it.each([
  [undefined, 'silent'],
  [429, 'limited'],
  [500, 'busy'],
  [503, 'busy'],
] as const)('status %s: %s', (status, by) => expect(unreachableBy(status === undefined ? {} : { status })).toBe(by));
