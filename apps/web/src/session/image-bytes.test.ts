import { describe, expect, it } from 'vitest';
import type { ImageContent } from '@wetink/board';
import type { DownloadAnswer } from '../account/blob-api.ts';
import { ImageBytes } from './image-bytes.ts';
import type { StoredImage } from './image-store.ts';

const image = (hash: string): ImageContent => ({ hash, type: 'image/png', width: 1, height: 1, bytes: 1, name: '' });
const there = (byte: number): DownloadAnswer => ({ kind: 'there', type: 'image/png', bytes: Uint8Array.of(byte) });
const absent: DownloadAnswer = { kind: 'absent', status: 404 };

/** A server that gives these answers in turn. The hash of bytes is their first byte in words. */
function world(answers: (DownloadAnswer | Promise<DownloadAnswer>)[]) {
  const kept = new Map<string, StoredImage>();
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const delaysMs: number[] = [];
  const bytes = new ImageBytes({
    store: { get: (hash) => Promise.resolve(kept.get(hash) ?? null), keep: (hash, stored) => Promise.resolve(void kept.set(hash, stored)) },
    fetch(hash) {
      asked.push(hash);
      return Promise.resolve(answers.shift() ?? absent);
    },
    hashOf: ([byte]) => Promise.resolve(`h${byte}`),
    schedule: (run, delayMs) => (
      delaysMs.push(delayMs),
      timers.push(run),
      () => void timers.splice(timers.indexOf(run), timers.includes(run) ? 1 : 0)
    ),
    random: () => 1,
  });
  const options = { onProgress: () => undefined, signal: new AbortController().signal };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { bytes, kept, asked, timers, delaysMs, options, settle };
}

describe('the bytes of images', () => {
  it('come from the device if they are there, else from the server, and then stay on the device', async () => {
    const { bytes, kept, asked, options } = world([there(1)]);
    expect((await bytes.get(image('h1'), options)).bytes).toEqual(Uint8Array.of(1));
    expect((await bytes.get(image('h1'), options)).bytes).toEqual(Uint8Array.of(1));
    expect([asked, [...kept.keys()]]).toEqual([['h1'], ['h1']]);
  });

  it('an image that its author has yet to send is asked for again, also at once when something has changed', async () => {
    const { bytes, asked, timers, options, settle } = world([absent, absent, there(1)]);
    const got = bytes.get(image('h1'), options);
    await settle();
    timers[0]?.();
    await settle();
    expect(asked).toHaveLength(2);
    bytes.tryNow();
    expect((await got).bytes).toEqual(Uint8Array.of(1));
    expect(timers).toEqual([]);
  });

  it('the waits for an image whose author stays away grow to 5 minutes', async () => {
    const { bytes, timers, delaysMs, options, settle } = world([]);
    void bytes.get(image('h1'), options);
    for (let tries = 0; tries < 12; tries++) {
      await settle();
      timers.pop()?.();
    }
    expect(delaysMs.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('other bytes than those of the hash are neither shown nor kept', async () => {
    const { bytes, kept, options } = world([there(2)]);
    expect(await bytes.getNow(image('h1'), options)).toBeNull();
    expect(kept.size).toBe(0);
  });

  it('an image that nobody wants to see any more is no longer waited for', async () => {
    const { bytes, asked, timers, settle } = world([]);
    const over = new AbortController();
    const got = bytes.get(image('h1'), { onProgress: () => undefined, signal: over.signal });
    await settle();
    over.abort();
    await expect(got).rejects.toThrow();
    expect([asked.length, timers]).toEqual([1, []]);
  });

  it('an image that waits for its turn is given up at once, and takes the place of none', async () => {
    const ends: ((answer: DownloadAnswer) => void)[] = [];
    const slow = Array.from({ length: 4 }, () => new Promise<DownloadAnswer>((resolve) => ends.push(resolve)));
    const { bytes, asked, options, settle } = world(slow);
    for (const n of [1, 2, 3, 4]) void bytes.getNow(image(`h${n}`), options);
    await settle();
    const over = new AbortController();
    const fifth = bytes.getNow(image('h5'), { onProgress: () => undefined, signal: over.signal });
    const sixth = bytes.getNow(image('h6'), options);
    await settle();
    over.abort();
    await expect(fifth).rejects.toThrow('nobody waits');
    ends[0]?.(there(1));
    expect([await sixth, asked]).toEqual([null, ['h1', 'h2', 'h3', 'h4', 'h6']]);
  });

  it('at most four are fetched at once', async () => {
    const ends: ((answer: DownloadAnswer) => void)[] = [];
    const slow = Array.from({ length: 6 }, () => new Promise<DownloadAnswer>((resolve) => ends.push(resolve)));
    const { bytes, asked, options, settle } = world(slow);
    const all = [1, 2, 3, 4, 5, 6].map((n) => bytes.getNow(image(`h${n}`), options));
    await settle();
    expect(asked).toHaveLength(4);
    ends.forEach((end, i) => end(there(i + 1)));
    await settle();
    expect(asked).toHaveLength(6);
    expect((await Promise.all(all)).every((found) => found !== null)).toBe(true);
  });
});
