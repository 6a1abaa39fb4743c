import { expect, it } from 'vitest';
import { unlockedSentence } from './lock-sentence.ts';

it('unlocking everything says how many elements it was', () => {
  expect([0, 1, 1200].map(unlockedSentence)).toEqual(['Nothing is locked.', 'Unlocked 1 element.', 'Unlocked 1,200 elements.']);
});
