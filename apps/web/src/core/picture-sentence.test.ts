import { describe, expect, it } from 'vitest';
import { smallerSentence } from './picture-sentence.ts';

describe('a picture that had to be smaller', () => {
  it('E3: a picture of the usual size has no sentence', () => {
    expect(smallerSentence({ widthPx: 200, heightPx: 100, share: 1 })).toBeNull();
  });

  it('E3: the sentence for a smaller picture has its size and its scale', () => {
    expect(smallerSentence({ widthPx: 8192, heightPx: 8192, share: 0.8139 })).toContain('8,192 by 8,192 pixels, 81 % of that');
    expect(smallerSentence({ widthPx: 16384, heightPx: 1, share: 0.0008 })).toContain('less than 1 %');
    expect(smallerSentence({ widthPx: 10, heightPx: 10, share: 0.9999 })).toContain('99 %');
  });
});
