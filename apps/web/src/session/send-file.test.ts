import { describe, expect, it } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { MAX_CHUNK_BYTES, nextChunkBytes } from '../core/chunk-size.ts';
import type { UploadAnswer } from '../core/upload-answer.ts';
import { fileServer, hashOf, isSame, noise, type FileServer } from './fixtures/file-server.ts';
import { sendFile } from './send-file.ts';

const MIB = 1024 * 1024;

function sender(server: FileServer, bytes: Uint8Array<ArrayBuffer>, { hash = hashOf(bytes), file = new Blob([bytes]) } = {}) {
  const progress: number[] = [];
  const controller = new AbortController();
  const send = (): Promise<UploadAnswer> =>
    sendFile(file, {
      api: server.api,
      request: () => Promise.resolve({ token: '', boardId: 'board' as BoardId, hash }),
      now: () => 0,
      onProgress: (sent) => progress.push(sent),
      signal: controller.signal,
    });
  return { send, progress, controller, hash };
}

describe('sending a file in parts', () => {
  it('the bytes arrive whole, in parts of at most 1 MiB, and progress grows to the end', async () => {
    const [server, bytes] = [fileServer(), noise(5 * MIB + 7)];
    const { send, progress, hash } = sender(server, bytes);
    expect(await send()).toMatchObject({ status: 201 });
    expect(isSame(server.whole.get(hash), bytes)).toBe(true);
    expect(Math.max(...server.parts)).toBe(MAX_CHUNK_BYTES);
    expect([progress[0], progress.at(-1), [...progress].sort((a, b) => a - b)]).toEqual([0, bytes.length, progress]);
  });

  it('after a cut the next try goes on from what the server holds, and says that more has arrived', async () => {
    const [server, bytes] = [fileServer(), noise(4 * MIB)];
    const { send, hash } = sender(server, bytes);
    server.cut = (part) => (part === 2 ? 0.5 : null);
    expect(await send()).toEqual({ kind: 'unreachable', hasProgressed: true });
    expect(server.held.get(hash)).toHaveLength(2);
    server.isAway = true;
    expect(await send()).toEqual({ kind: 'unreachable', hasProgressed: false });
    server.isAway = false;
    expect(await send()).toMatchObject({ status: 201 });
    expect(isSame(server.whole.get(hash), bytes)).toBe(true);
  });

  it('of 100 MB over a link cut 20 times less than 15 MB are sent twice', async () => {
    const [server, bytes] = [fileServer(), noise(100 * MIB)];
    const { send, hash } = sender(server, bytes);
    let cuts = 0;
    server.cut = (part) => (part % 5 === 4 && cuts < 20 ? (++cuts % 10) / 10 : null);
    let tries = 0;
    for (let answer = await send(); answer.kind === 'unreachable'; answer = await send()) tries += 1;
    expect([tries, cuts, server.whole.get(hash)?.length]).toEqual([20, 20, bytes.length]);
    expect(server.sentBytes - bytes.length).toBeLessThan(15 * MIB);
  });

  it('a file that the server has already is not sent', async () => {
    const [server, bytes] = [fileServer(), noise(1_000)];
    server.whole.set(hashOf(bytes), bytes);
    expect(await sender(server, bytes).send()).toMatchObject({ status: 201 });
    expect(server.parts).toEqual([]);
  });

  it('another tab that sends the same file at the same time does no harm: one copy, whole', async () => {
    const [server, bytes] = [fileServer(), noise(3 * MIB)];
    const [a, b] = [sender(server, bytes), sender(server, bytes)];
    expect(await Promise.all([a.send(), b.send()])).toMatchObject([{ status: 201 }, { status: 201 }]);
    expect(isSame(server.whole.get(a.hash), bytes)).toBe(true);
  });

  it('bytes that changed since they were hashed are refused', async () => {
    const [server, bytes] = [fileServer(), noise(2 * MIB)];
    expect(await sender(server, bytes, { hash: 'f'.repeat(64) }).send()).toMatchObject({ status: 422, code: 'blob_hash' });
  });

  it('a file that was edited on its disk, and can’t be read any more, is refused and not tried for ever', async () => {
    const [server, bytes] = [fileServer(), noise(MIB)];
    const file = new Blob([bytes]);
    const slice = file.slice.bind(file);
    file.slice = (from = 0, to) => {
      const part = slice(from, to);
      if (from > 0) part.arrayBuffer = () => Promise.reject(new DOMException('changed', 'NotReadableError'));
      return part;
    };
    const { send } = sender(server, bytes, { file });
    expect(await send()).toMatchObject({ kind: 'answered', status: 422, code: 'blob_hash' });
    expect(server.parts).toHaveLength(1);
  });

  it('a quota reached in the middle ends it with the server’s reason', async () => {
    const [server, bytes] = [fileServer(), noise(3 * MIB)];
    server.cut = (part) => {
      if (part === 2) server.refusal = { status: 413, code: 'blob_quota' };
      return null;
    };
    expect(await sender(server, bytes).send()).toMatchObject({ status: 413, code: 'blob_quota' });
  });

  it('a paused file stops at once, and keeps what the server holds', async () => {
    const [server, bytes] = [fileServer(), noise(4 * MIB)];
    const { send, controller, hash } = sender(server, bytes);
    server.cut = (part) => (part === 2 ? (controller.abort(), 0.3) : null);
    expect(await send()).toEqual({ kind: 'stopped' });
    expect(server.held.get(hash)?.length).toBeGreaterThan(0);
  });

  it('a server that answers nonsense is left after some answers', async () => {
    const [server, bytes] = [fileServer(), noise(2 * MIB)];
    server.api.part = () => Promise.resolve({ kind: 'held', offset: 0 });
    expect(await sender(server, bytes).send()).toEqual({ kind: 'unreachable' });
    server.api.part = () => Promise.resolve({ kind: 'held', offset: 9e15 });
    expect(await sender(server, bytes).send()).toEqual({ kind: 'unreachable' });
  });

  it('parts grow on a fast network, and shrink on a slow one and after a cut', () => {
    expect([nextChunkBytes(256 * 1024, 100), nextChunkBytes(MIB, 100)]).toEqual([512 * 1024, MIB]);
    expect([nextChunkBytes(MIB, 2_000), nextChunkBytes(MIB, 9_000), nextChunkBytes(MIB, null)]).toEqual([MIB, MIB / 2, MIB / 2]);
    expect(nextChunkBytes(64 * 1024, null)).toBe(64 * 1024);
  });
});
