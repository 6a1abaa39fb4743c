import { describe, expect, it } from 'vitest';
import { missingSentence, notInFileSentence, waitingLine, withImages } from './board-pictures.ts';
import { problemSentence, refusedSentence, scaledSentence } from './image-sentences.ts';
import type { ImageProblem } from './image-limits.ts';
import type { StatusSentence } from './status-sentence.ts';

describe('sentences about images', () => {
  it('every problem names the file, and what to do where something can be done', () => {
    const problems: ImageProblem[] = [
      { kind: 'not-an-image' },
      { kind: 'cut-off' },
      { kind: 'unreadable' },
      { kind: 'too-large-a-file' },
      { kind: 'no-memory' },
      { kind: 'device-full' },
      { kind: 'too-many-pixels', pixels: 108_000_000 },
    ];
    const sentences = problems.map((problem) => problemSentence('cat.png', problem));
    for (const sentence of sentences) expect(sentence).toMatch(/^“cat\.png” [^“]+\.$/);
    expect(new Set(sentences).size).toBe(problems.length);
    expect(problemSentence('cat.png', { kind: 'too-many-pixels', pixels: 107_900_000 })).toBe(
      '“cat.png” has 108 megapixels, and a board takes pictures of up to 40. Make it smaller first.',
    );
    expect(problemSentence('', { kind: 'cut-off' })).toBe('The file is incomplete: its end is missing. Copy or download it again.');
  });

  it('a picture that was made smaller is named with its new size, several are counted', () => {
    const photo = { name: 'a.jpg', width: 4_000, height: 3_000 };
    expect(scaledSentence([])).toBeNull();
    expect(scaledSentence([photo])).toBe('“a.jpg” was too large to share, and is now 4,000 by 3,000 pixels.');
    expect(scaledSentence([photo, photo])).toBe('2 pictures were too large to share, and were made smaller.');
  });

  it('each refusal of the server says that others can’t see the picture', () => {
    for (const code of ['blob_quota', 'read_only', 'blob_too_large', 'blob_hash', 'anything'])
      expect(refusedSentence('a.jpg', code)).toMatch(/^“a\.jpg” stays on this device: .* others can’t see it\.$/);
  });

  it('one missing picture and several have sentences of their own', () => {
    expect(missingSentence(0, 'file')).toBeNull();
    expect(missingSentence(1, 'file')).toBe('1 picture has not arrived on this device, and is not in the file.');
    expect(missingSentence(3, 'picture')).toBe('3 pictures have not arrived on this device, and are not in the picture.');
    expect([notInFileSentence(1), notInFileSentence(2)]).toEqual([
      'The file lacks 1 of its pictures: its frame is on the board.',
      'The file lacks 2 of its pictures: their frames are on the board.',
    ]);
  });

  it('the explanation of the status says that pictures wait, and where they are', () => {
    expect(waitingLine(0, { isAtRisk: false })).toBeNull();
    expect(waitingLine(1, { isAtRisk: false })).toBe(
      '1 picture has yet to reach the server: others see a frame until then. This device keeps what waits.',
    );
    expect(waitingLine(3, { isAtRisk: true })).toBe(
      '3 pictures have yet to reach the server: others see a frame until then. Keep this tab open.',
    );
  });

  it('the chip says “Saved” only when no picture waits', () => {
    const saved: StatusSentence = { text: 'Saved', tone: 'good', icon: 'saved', retryAtMs: null, canHurry: false };
    const offline: StatusSentence = { text: 'Offline', tone: 'warn', icon: 'offline', retryAtMs: 5, canHurry: true };
    expect(withImages(saved, 0)).toBe(saved);
    expect(withImages(saved, 1)).toMatchObject({ text: 'Saving 1 picture', tone: 'quiet', icon: 'sending' });
    expect(withImages(offline, 2)).toEqual({ ...offline, text: 'Offline: 2 pictures kept on this device' });
    const both = { ...offline, text: 'Offline: 3 changes kept on this device' };
    expect(withImages(both, 2)).toBe(both);
  });
});
