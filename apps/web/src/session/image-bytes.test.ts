import { describe, expect, it } from 'vitest';
import type { ImageContent } from '@wetink/board';
import type { DownloadAnswer } from '../account/blob-api.ts';
import { ImageBytes } from './image-bytes.ts';
import type { StoredImage } from './blob-store.ts';

const image = (hash: string): ImageContent => ({ hash, type: 'image/png', width: 1, height: 1, bytes: 1, name: '' });
const there = (byte: number): DownloadAnswer => ({ kind: 'there', type: 'image/png', bytes: Uint8Array.of(byte) });
const asItIs = (stored: StoredImage): Promise<StoredImage> => Promise.resolve(stored);
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
    expect((await bytes.use(image('h1'), options, asItIs)).bytes).toEqual(Uint8Array.of(1));
    expect((await bytes.use(image('h1'), options, asItIs)).bytes).toEqual(Uint8Array.of(1));
    expect([asked, [...kept.keys()]]).toEqual([['h1'], ['h1']]);
  });

  it('an image that its author has yet to send is asked for again, also at once when something has changed', async () => {
    const { bytes, asked, timers, options, settle } = world([absent, absent, there(1)]);
    const got = bytes.use(image('h1'), options, asItIs);
    await settle();
    timers[0]?.();
    await settle();
    expect(asked).toHaveLength(2);
    bytes.tryNow();
    expect((await got).bytes).toEqual(Uint8Array.of(1));
    expect(timers).toEqual([]);
  });

  it('an image that has arrived is asked for at once, and no other', async () => {
    const { bytes, asked, options, settle } = world([absent, absent, there(1)]);
    const got = bytes.use(image('h1'), options, asItIs);
    void bytes.use(image('h2'), options, asItIs);
    await settle();
    bytes.tryNow((hash) => hash === 'h1');
    expect((await got).bytes).toEqual(Uint8Array.of(1));
    await settle();
    expect(asked).toEqual(['h1', 'h2', 'h1']);
  });

  it('the waits for an image whose author stays away grow to 5 minutes', async () => {
    const { bytes, timers, delaysMs, options, settle } = world([]);
    void bytes.use(image('h1'), options, asItIs);
    for (let tries = 0; tries < 12; tries++) {
      await settle();
      timers.pop()?.();
    }
    expect(delaysMs.map((ms) => ms / 1_000)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('other bytes than those of the hash are neither shown nor kept', async () => {
    const { bytes, kept, options } = world([there(2)]);
    expect(await bytes.useNow(image('h1'), options, asItIs)).toBeNull();
    expect(kept.size).toBe(0);
  });

  it('an image that nobody wants to see any more is no longer waited for', async () => {
    const { bytes, asked, timers, settle } = world([]);
    const over = new AbortController();
    const got = bytes.use(image('h1'), { onProgress: () => undefined, signal: over.signal }, asItIs);
    await settle();
    over.abort();
    await expect(got).rejects.toThrow();
    expect([asked.length, timers]).toEqual([1, []]);
  });

  it('an image that waits for its turn is given up at once, and takes the place of none', async () => {
    const ends: ((answer: DownloadAnswer) => void)[] = [];
    const slow = Array.from({ length: 4 }, () => new Promise<DownloadAnswer>((resolve) => ends.push(resolve)));
    const { bytes, asked, options, settle } = world(slow);
    for (const n of [1, 2, 3, 4]) void bytes.useNow(image(`h${n}`), options, asItIs);
    await settle();
    const over = new AbortController();
    const fifth = bytes.useNow(image('h5'), { onProgress: () => undefined, signal: over.signal }, asItIs);
    const sixth = bytes.useNow(image('h6'), options, asItIs);
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
    const all = [1, 2, 3, 4, 5, 6].map((n) => bytes.useNow(image(`h${n}`), options, asItIs));
    await settle();
    expect(asked).toHaveLength(4);
    ends.forEach((end, i) => end(there(i + 1)));
    await settle();
    expect(asked).toHaveLength(6);
    expect((await Promise.all(all)).every((found) => found !== null)).toBe(true);
  });

  it('the bytes of at most two images of the device are in memory, until each has been decoded', async () => {
    const { bytes, kept, options, settle } = world([]);
    const all = [1, 2, 3, 4].map((n) => `h${n}`);
    for (const [i, hash] of all.entries()) kept.set(hash, { type: 'image/png', bytes: Uint8Array.of(i + 1) });
    const ends: (() => void)[] = [];
    const decode = (): Promise<void> => new Promise((resolve) => ends.push(resolve));
    const over = new AbortController();
    const used = all.map((hash, i) => bytes.use(image(hash), i === 2 ? { ...options, signal: over.signal } : options, decode));
    await settle();
    expect(ends).toHaveLength(2);
    // One that nobody wants to see any more is not read.
    over.abort();
    await expect(used[2]).rejects.toThrow('nobody waits');
    ends[0]?.();
    await settle();
    expect(ends).toHaveLength(3);
    ends.forEach((end) => end());
    await Promise.all([used[0], used[1], used[3]]);
  });

  it('an image of the device does not wait for slow downloads', async () => {
    const { bytes, kept, options } = world(Array.from({ length: 4 }, () => new Promise<DownloadAnswer>(() => undefined)));
    kept.set('h9', { type: 'image/png', bytes: Uint8Array.of(9) });
    for (const n of [1, 2, 3, 4, 5]) void bytes.use(image(`h${n}`), options, asItIs);
    expect((await bytes.use(image('h9'), options, asItIs)).bytes).toEqual(Uint8Array.of(9));
  });
});
