import { describe, expect, it } from 'vitest';
import { missingSentence, notInFileSentence } from './board-pictures.ts';
import { problemSentence, refusedSentence, scaledSentence } from './image-sentences.ts';
import { notPutSentence } from './not-put-sentence.ts';
import { noneLacking, nothingLacking, type LackingCounts } from './lacking.ts';
import { lackingLines, withLacking } from './lacking-sentence.ts';
import type { ImageProblem } from './image-limits.ts';
import type { StatusSentence } from './status-sentence.ts';

const lacking = (pictures: Omit<LackingCounts, 'paused'>) => ({ ...nothingLacking, pictures: { paused: 0, ...pictures } });

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

  it('pictures that were prepared for nothing are counted, with the reason', () => {
    expect(notPutSentence(1, 'left')).toBe('1 picture was not put on the board: you left while it was being prepared.');
    expect(notPutSentence(2, 'left')).toBe('2 pictures were not put on the board: you left while they were being prepared.');
    expect(notPutSentence(2, 'read-only')).toBe('2 pictures were not put on the board: it can no longer be changed here.');
  });

  it('each refusal of the server says where the picture is, and that others can’t see it', () => {
    for (const code of ['blob_quota', 'read_only', 'blob_too_large', 'blob_hash', 'anything']) {
      expect(refusedSentence('a.jpg', code, { isAtRisk: false })).toMatch(/^“a\.jpg” stays on this device: .* others can’t see it\.$/);
      expect(refusedSentence('a.jpg', code, { isAtRisk: true })).toMatch(/^“a\.jpg” is only in this tab: .* others can’t see it\.$/);
    }
  });

  it('one missing picture and several have sentences of their own', () => {
    expect(missingSentence(0, 'file')).toBeNull();
    expect(missingSentence(1, 'file')).toBe('1 picture has not arrived on this device, and is not in the file.');
    expect(missingSentence(3, 'picture')).toBe('3 pictures have not arrived on this device, and are not in the picture.');
    expect([notInFileSentence(1), notInFileSentence(2)]).toEqual([
      'The file lacks 1 of its pictures: the board shows its frame unless the server has it.',
      'The file lacks 2 of its pictures: the board shows their frames unless the server has them.',
    ]);
  });

  it('the explanation of the status says that pictures wait or were refused, and where they are', () => {
    expect(lackingLines(lacking(noneLacking))).toEqual([]);
    expect(lackingLines(lacking({ waiting: 1, refused: 0, isAtRisk: false }))).toEqual([
      '1 picture has yet to reach the server: others see a frame until then.',
      'This device keeps it.',
    ]);
    expect(lackingLines(lacking({ waiting: 3, refused: 1, isAtRisk: true }))).toEqual([
      '3 pictures have yet to reach the server: others see a frame until then.',
      'The server did not take 1 picture: others see only a frame.',
      'This device could not keep every picture: keep this tab open.',
    ]);
    expect(lackingLines(lacking({ waiting: 0, refused: 2, isAtRisk: false }))).toEqual([
      'The server did not take 2 pictures: others see only a frame.',
      'This device keeps them.',
    ]);
  });

  it('the chip says “Saved” only when the server has every picture, and “kept” only when the device has them', () => {
    const saved: StatusSentence = { text: 'Saved', tone: 'good', icon: 'saved', retryAtMs: null, canHurry: false };
    const offline: StatusSentence = { text: 'Offline', tone: 'warn', icon: 'offline', retryAtMs: 5, canHurry: true };
    const said = (sentence: StatusSentence, waiting: number, refused: number, isAtRisk: boolean): string[] => {
      const { text, tone, icon } = withLacking(sentence, lacking({ waiting, refused, isAtRisk }));
      return [text, tone, icon];
    };
    expect(withLacking(saved, lacking(noneLacking))).toBe(saved);
    expect(said(saved, 1, 0, false)).toEqual(['Saving 1 picture', 'quiet', 'sending']);
    expect(said(saved, 2, 0, true)).toEqual(['Saving 2 pictures, only in this tab', 'bad', 'alert']);
    expect(said(saved, 0, 1, false)).toEqual(['1 picture not saved', 'bad', 'alert']);
    expect(said(saved, 2, 1, false)).toEqual(['1 picture not saved, saving 2 more', 'bad', 'alert']);
    expect(said(saved, 0, 2, true)).toEqual(['2 pictures not saved, only in this tab', 'bad', 'alert']);
    expect(withLacking(offline, lacking({ waiting: 2, refused: 0, isAtRisk: false }))).toEqual({
      ...offline,
      text: 'Offline: 2 pictures kept on this device',
    });
    expect(said(offline, 1, 0, true)).toEqual(['Offline: 1 picture only in this tab', 'bad', 'alert']);
    expect(said(offline, 1, 2, false)).toEqual(['2 pictures not saved · Offline: 1 picture kept on this device', 'bad', 'alert']);
    expect(said(offline, 0, 1, false)).toEqual(['1 picture not saved · Offline', 'bad', 'alert']);
    const both = { ...offline, text: 'Offline: 3 changes kept on this device' };
    expect(withLacking(both, lacking({ waiting: 2, refused: 0, isAtRisk: false }))).toBe(both);
  });

  it('files are counted beside pictures, and one that is paused is never “Saved”', () => {
    const saved: StatusSentence = { text: 'Saved', tone: 'good', icon: 'saved', retryAtMs: null, canHurry: false };
    const offline: StatusSentence = { text: 'Offline', tone: 'warn', icon: 'offline', retryAtMs: 5, canHurry: true };
    const of = (files: Partial<LackingCounts>, pictures: Partial<LackingCounts> = {}) => ({
      pictures: { ...noneLacking, ...pictures },
      files: { ...noneLacking, ...files },
    });
    expect(withLacking(saved, of({ waiting: 1 })).text).toBe('Saving 1 file');
    expect(withLacking(saved, of({ waiting: 2 }, { waiting: 1 })).text).toBe('Saving 1 picture and 2 files');
    expect(withLacking(saved, of({ paused: 1 }))).toMatchObject({ text: '1 file paused', icon: 'device' });
    expect(withLacking(saved, of({ paused: 1, refused: 1 }, { waiting: 1 })).text).toBe('1 file not saved, saving 1 more, 1 file paused');
    expect(withLacking(offline, of({ waiting: 1, paused: 1 })).text).toBe('Offline: 2 files kept on this device');
    expect(lackingLines(of({ waiting: 1, refused: 2, paused: 1 }))).toEqual([
      '1 file has yet to reach the server: others can’t open it until then.',
      'The server did not take 2 files: others can’t open them.',
      '1 file is paused: select the card and press Resume.',
      'This device keeps them.',
    ]);
  });
});
