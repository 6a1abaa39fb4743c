import { describe, expect, it } from 'vitest';
import type { UploadAnswer } from '../core/upload-answer.ts';
import { ImageUploads, type UploadPorts } from './image-uploads.ts';

const ok: UploadAnswer = { kind: 'answered', status: 201, code: '', retryAfterMs: null };
const refused = (code: string): UploadAnswer => ({ kind: 'answered', status: 413, code, retryAfterMs: null });

/** A device with these images, a server that gives these answers in turn, and timers that a test runs. */
function world(hashes: readonly string[], answers: UploadAnswer[]) {
  const waiting = new Map(hashes.map((hash) => [hash, `${hash}.png`]));
  const sent: string[] = [];
  const fresh: boolean[] = [];
  const counts: number[] = [];
  const refusals: string[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  let wake = (): void => undefined;
  const ports: UploadPorts = {
    store: {
      waiting: () => Promise.resolve(Array.from(waiting, ([hash, name]) => ({ hash, name }))),
      get: () => Promise.resolve({ type: 'image/png', bytes: Uint8Array.of(1) }),
      sent: (hash) => Promise.resolve(void waiting.delete(hash)),
    },
    send(hash, _, { mustBeFresh }) {
      sent.push(hash);
      fresh.push(mustBeFresh);
      return Promise.resolve(answers.shift() ?? ok);
    },
    inTurn: (run) => run(),
    schedule(run, delayMs) {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    onWake: (run) => ((wake = run), () => undefined),
    random: () => 1,
    onCount: (count) => counts.push(count),
    onSent: () => undefined,
    onRefused: ({ name }, code) => refusals.push(`${name} ${code}`),
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { uploads: new ImageUploads(ports), waiting, sent, fresh, counts, refusals, timers, wake: () => wake(), settle };
}

describe('uploads of images', () => {
  it('all that wait are sent, one after the other, and then nothing is sent', async () => {
    const { uploads, sent, counts, waiting, settle } = world(['a', 'b'], []);
    uploads.wake();
    await settle();
    uploads.wake();
    await settle();
    expect([sent, counts, waiting.size]).toEqual([['a', 'b'], [2, 1, 0, 0], 0]);
  });

  it('without a network the images wait with a growing pause, and go at once when it is back', async () => {
    const lost: UploadAnswer = { kind: 'unreachable' };
    const { uploads, sent, timers, wake, waiting, settle } = world(['a'], [lost, lost]);
    uploads.wake();
    await settle();
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([1_000]);
    timers[0]?.run();
    await settle();
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([2_000]);
    wake();
    await settle();
    expect([sent, timers, waiting.size]).toEqual([['a', 'a', 'a'], [], 0]);
  });

  it('a refused image is reported once and kept, and the others are sent', async () => {
    const { uploads, sent, refusals, waiting, counts, settle } = world(['a', 'b'], [refused('blob_quota')]);
    uploads.wake();
    await settle();
    uploads.wake();
    await settle();
    expect(sent).toEqual(['a', 'b']);
    expect([refusals, [...waiting.keys()], counts.at(-1)]).toEqual([['a.png blob_quota'], ['a'], 0]);
  });

  it('after a refused token the next try asks for a fresh one', async () => {
    const { uploads, fresh, timers, settle } = world(['a'], [{ kind: 'answered', status: 401, code: 'token_expired', retryAfterMs: null }]);
    uploads.wake();
    await settle();
    timers[0]?.run();
    await settle();
    expect(fresh).toEqual([false, true]);
  });

  it('an image that is added during a round is sent in the next', async () => {
    const { uploads, sent, waiting, settle } = world(['a'], []);
    uploads.wake();
    waiting.set('b', 'b.png');
    uploads.wake();
    await settle();
    expect(sent).toEqual(['a', 'b']);
  });

  it('after close nothing is sent, and what waits stays', async () => {
    const { uploads, sent, waiting, settle } = world(['a'], []);
    uploads.close();
    uploads.wake();
    await settle();
    expect([sent, waiting.size]).toEqual([[], 1]);
  });
});
