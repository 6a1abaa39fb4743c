import { describe, expect, it } from 'vitest';
import type { RangeAnswer } from '../account/file-api.ts';
import { fetchFile } from './fetch-file.ts';
import { hashOf, isSame, noise } from './fixtures/file-server.ts';

const bytes = noise(300_000);
const file = { hash: hashOf(bytes), type: 'text/plain', bytes: bytes.length, name: 'a.txt' };

/** A body that breaks after `upTo` bytes. */
function broken(from: number, upTo: number): RangeAnswer {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes.slice(from, upTo));
    },
    pull: (controller) => controller.error(new TypeError('network error')),
  });
  return { kind: 'there', start: from, body };
}
const rest = (from: number, of: Uint8Array<ArrayBuffer> = bytes): RangeAnswer => ({
  kind: 'there',
  start: from,
  body: new Blob([of.slice(from)]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
});

async function fetched(
  answers: (start: number) => RangeAnswer,
  signal = new AbortController().signal,
  onWait: () => void = () => undefined,
) {
  const starts: number[] = [];
  const progress: number[] = [];
  const result = await fetchFile(file, {
    from: (start) => (starts.push(start), Promise.resolve(answers(start))),
    hashOf: async (blob) => hashOf(new Uint8Array(await blob.arrayBuffer())),
    onProgress: (got) => progress.push(got),
    wait: () => Promise.resolve(onWait()),
    signal,
  });
  return { result, starts, progress };
}

describe('fetching a file', () => {
  it('a broken connection goes on where it left off, and the bytes are those of the hash', async () => {
    const { result, starts, progress } = await fetched((start) => (start < 200_000 ? broken(start, start + 100_000) : rest(start)));
    expect(starts).toEqual([0, 100_000, 200_000]);
    expect(result.kind === 'whole' && isSame(new Uint8Array(await result.bytes.arrayBuffer()), bytes)).toBe(true);
    expect(progress.at(-1)).toBe(bytes.length);
  });

  it('a server that ignores the range begins again, and nothing is doubled', async () => {
    const { result } = await fetched((start) => (start === 0 ? broken(0, 50_000) : rest(0)));
    expect(result.kind).toBe('whole');
  });

  it.each<[string, (start: number) => RangeAnswer, string]>([
    ['other bytes of the same length', () => rest(0, noise(bytes.length, 2)), 'damaged'],
    ['more bytes than there should be', () => rest(0, noise(bytes.length + 1)), 'damaged'],
    ['a file that ends early each time', (start) => (start === 0 ? rest(0, bytes.slice(0, 9)) : rest(start, bytes.slice(0, 9))), 'network'],
    ['no network', () => ({ kind: 'unreachable' }), 'network'],
    ['a file that nobody has sent', () => ({ kind: 'absent' }), 'absent'],
    ['a person without a right', () => ({ kind: 'not-allowed' }), 'not-allowed'],
  ])('%s is never handed over', async (_, answers, kind) => {
    expect((await fetched(answers)).result.kind).toBe(kind);
  });

  it('a server that ignores the range and breaks at the same place each time is left after some tries', async () => {
    let asked = 0;
    const { result, starts } = await fetched(() => {
      if (++asked > 20) throw new Error('it goes on for ever');
      return broken(0, 50_000);
    });
    expect([result.kind, starts.length]).toEqual(['network', 4]);
  });

  it('a person who cancels during the wait for another try gets nothing, and the server is not asked again', async () => {
    const controller = new AbortController();
    let waits = 0;
    const { result, starts } = await fetched(
      () => ({ kind: 'unreachable' }),
      controller.signal,
      () => (++waits === 1 ? controller.abort() : undefined),
    );
    expect([result.kind, starts.length]).toEqual(['stopped', 1]);
  });

  it('a person who cancels gets nothing', async () => {
    const controller = new AbortController();
    const { result } = await fetched(() => (controller.abort(), broken(0, 10)), controller.signal);
    expect(result).toEqual({ kind: 'stopped' });
  });
});
