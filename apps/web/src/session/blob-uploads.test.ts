import { describe, expect, it } from 'vitest';
import type { UploadAnswer } from '../core/upload-answer.ts';
import type { Refusal } from './blob-store.ts';
import { BlobUploads, type UploadPorts } from './blob-uploads.ts';

const ok: UploadAnswer = { kind: 'answered', status: 201, code: '', retryAfterMs: null };
const refused = (code: string): UploadAnswer => ({ kind: 'answered', status: 413, code, retryAfterMs: null });

/** A device with these images, a server that gives these answers in turn, and timers that a test runs. */
function world(hashes: readonly string[], answers: UploadAnswer[]) {
  const waiting = new Map<string, { name: string; refusal: Refusal | null; isPaused: boolean }>();
  for (const hash of hashes) waiting.set(hash, { name: `${hash}.png`, refusal: null, isPaused: false });
  const device = { isAtRisk: false, isUnread: false, unreadable: new Set<string>(), gone: new Set<string>() };
  const clock = { ms: 1_000 };
  const sent: string[] = [];
  const fresh: boolean[] = [];
  const arrived: string[] = [];
  /** Waiting and refused. */
  const counts: [number, number][] = [];
  const turns = { run: (round: () => Promise<void>) => round() };
  const refusals: string[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  let wake = (): void => undefined;
  const board = { hidden: new Set<string>(), change: (): void => undefined };
  const ports: UploadPorts<Uint8Array<ArrayBuffer>> = {
    shown: {
      hashes: () => new Set([...waiting.keys()].filter((hash) => !board.hidden.has(hash))),
      onChange: (run) => ((board.change = run), () => void (board.change = () => undefined)),
    },
    store: {
      get isAtRisk() {
        return device.isAtRisk;
      },
      get isUnread() {
        return device.isUnread;
      },
      waiting: () => Promise.resolve(Array.from(waiting, ([hash, image]) => ({ hash, ...image }))),
      get(hash) {
        if (device.unreadable.has(hash)) return Promise.reject(new Error('the disk is busy'));
        return Promise.resolve(device.gone.has(hash) ? null : { type: 'image/png', bytes: Uint8Array.of(1) });
      },
      sent: (hash) => Promise.resolve(void waiting.delete(hash)),
      refused: (hash, refusal) => Promise.resolve(void waiting.set(hash, { name: `${hash}.png`, refusal, isPaused: false })),
    },
    send(hash, _, { mustBeFresh }) {
      sent.push(hash);
      fresh.push(mustBeFresh);
      return Promise.resolve(answers.shift() ?? ok);
    },
    inTurn: (run) => turns.run(run),
    schedule(run, delayMs) {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    onWake: (run) => ((wake = run), () => undefined),
    random: () => 1,
    now: () => clock.ms,
    onCount: (count) => counts.push([count.waiting, count.refused]),
    onSent: (hash) => arrived.push(hash),
    onRefused: ({ name }, code) => refusals.push(`${name} ${code}`),
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const uploads = new BlobUploads(ports);
  /** The page after a reload: the same device and server. */
  const reload = (): BlobUploads<Uint8Array<ArrayBuffer>> => new BlobUploads(ports);
  return {
    uploads,
    reload,
    board,
    waiting,
    device,
    clock,
    turns,
    sent,
    arrived,
    fresh,
    counts,
    refusals,
    timers,
    wake: () => wake(),
    settle,
  };
}

describe('uploads of images', () => {
  it('all that wait are sent, one after the other, and then nothing is sent', async () => {
    const { uploads, sent, counts, waiting, settle } = world(['a', 'b'], []);
    uploads.wake();
    await settle();
    uploads.wake();
    await settle();
    expect([sent, waiting.size]).toEqual([['a', 'b'], 0]);
    expect(counts.map(([count]) => count)).toEqual([2, 1, 0]);
  });

  it('each image is announced once the server has it, and none that the device has lost or the server refused', async () => {
    const { uploads, device, arrived, settle } = world(['a', 'b', 'c'], [ok, refused('blob_quota')]);
    device.gone.add('b');
    uploads.wake();
    await settle();
    expect(arrived).toEqual(['a']);
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

  it('an answer that is about one image only does not keep the others waiting, and it is tried again with a growing pause', async () => {
    const full: UploadAnswer = { kind: 'answered', status: 507, code: 'store_full', retryAfterMs: null };
    const { uploads, sent, timers, waiting, settle } = world(['a', 'b', 'c'], [full, ok, full, full, full]);
    uploads.wake();
    await settle();
    expect([sent, [...waiting.keys()], timers.map(({ delayMs }) => delayMs)]).toEqual([['a', 'b', 'c'], ['a', 'c'], [1_000]]);
    timers.pop()?.run();
    await settle();
    expect([sent.slice(3), timers.map(({ delayMs }) => delayMs)]).toEqual([['a', 'c'], [2_000]]);
    timers.pop()?.run();
    await settle();
    expect([waiting.size, timers]).toEqual([0, []]);
  });

  it.each<[string, UploadAnswer]>([
    ['no network', { kind: 'unreachable' }],
    ['a busy server', { kind: 'answered', status: 503, code: 'busy', retryAfterMs: null }],
  ])('%s keeps all waiting: the others are not tried in vain', async (_, answer) => {
    const { uploads, sent, timers, settle } = world(['a', 'b'], [answer]);
    uploads.wake();
    await settle();
    expect([sent, timers.length]).toEqual([['a'], 1]);
  });

  it('a refused image is reported once, kept and still counted, and the others are sent', async () => {
    const { uploads, sent, refusals, waiting, counts, settle } = world(['a', 'b'], [refused('blob_quota')]);
    uploads.wake();
    await settle();
    uploads.wake();
    await settle();
    expect(sent).toEqual(['a', 'b']);
    expect([refusals, [...waiting.keys()], counts.at(-1)]).toEqual([['a.png blob_quota'], ['a'], [0, 1]]);
  });

  it('a refused image is not sent again after a reload, but a day later, and is reported only for another reason', async () => {
    const { uploads, reload, clock, sent, refusals, waiting, settle } = world(
      ['a'],
      [refused('blob_quota'), refused('blob_quota'), refused('read_only')],
    );
    uploads.wake();
    await settle();
    clock.ms += 60_000;
    const again = reload();
    again.wake();
    await settle();
    expect([sent, refusals]).toEqual([['a'], ['a.png blob_quota']]);
    for (let day = 0; day < 3; day++) {
      clock.ms += 24 * 60 * 60_000;
      again.wake();
      await settle();
    }
    expect([sent.length, refusals, waiting.size]).toEqual([4, ['a.png blob_quota', 'a.png read_only'], 0]);
  });

  it('an image that was refused to a viewer is sent when they may edit, and one with another refusal is not', async () => {
    const { uploads, sent, waiting, settle } = world(['a', 'b'], [refused('read_only'), refused('blob_quota')]);
    uploads.wake();
    await settle();
    expect([sent, waiting.size]).toEqual([['a', 'b'], 2]);
    await uploads.mayEdit();
    await settle();
    expect([sent, [...waiting.keys()]]).toEqual([['a', 'b', 'a'], ['b']]);
  });

  it('while another tab sends, the images of this one are counted all the same', async () => {
    const { uploads, turns, counts, sent, settle } = world(['a'], []);
    turns.run = () => new Promise(() => undefined);
    uploads.wake();
    await settle();
    expect([counts, sent]).toEqual([[[1, 0]], []]);
  });

  it('an image that can’t be read now waits for a later round, and the others are sent; one that is gone is forgotten', async () => {
    const { uploads, device, sent, waiting, timers, settle } = world(['a', 'b', 'c'], []);
    device.unreadable.add('a');
    device.gone.add('c');
    uploads.wake();
    await settle();
    expect([sent, [...waiting.keys()], timers.length]).toEqual([['b'], ['a'], 1]);
    device.unreadable.clear();
    timers[0]?.run();
    await settle();
    expect([sent, waiting.size, timers]).toEqual([['b', 'a'], 0, []]);
  });

  it('a device that could not be read is asked again, since images may wait there', async () => {
    const { uploads, device, waiting, sent, timers, settle } = world([], []);
    device.isUnread = true;
    uploads.wake();
    await settle();
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([1_000]);
    device.isUnread = false;
    waiting.set('a', { name: 'a.png', refusal: null, isPaused: false });
    timers[0]?.run();
    await settle();
    expect([sent, timers]).toEqual([['a'], []]);
  });

  it('an image that was undone before its turn is neither sent nor counted, stays on the device, and is sent after a redo', async () => {
    const { uploads, board, sent, counts, waiting, timers, settle } = world(['a', 'b'], []);
    board.hidden.add('a');
    uploads.wake();
    await settle();
    expect([sent, [...waiting.keys()], counts.at(-1)]).toEqual([['b'], ['a'], [0, 0]]);
    board.change();
    board.change();
    expect(timers).toHaveLength(1);
    timers.pop()?.run();
    await settle();
    expect(sent).toEqual(['b']);
    board.hidden.clear();
    board.change();
    timers.pop()?.run();
    await settle();
    expect([sent, waiting.size, counts.at(-1)]).toEqual([['b', 'a'], 0, [0, 0]]);
    board.change();
    expect(timers).toEqual([]);
  });

  it('an image that is undone while it waits for the network is not counted any more', async () => {
    const { uploads, board, counts, timers, settle } = world(['a'], [{ kind: 'unreachable' }]);
    uploads.wake();
    await settle();
    board.hidden.add('a');
    board.change();
    timers.pop()?.run();
    await settle();
    expect(counts).toEqual([
      [1, 0],
      [0, 0],
    ]);
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
    waiting.set('b', { name: 'b.png', refusal: null, isPaused: false });
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
