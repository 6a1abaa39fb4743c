import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { createBlobApi } from './blob-api.ts';
import { createFileApi } from './file-api.ts';

afterEach(() => void vi.unstubAllGlobals());

const request = { token: 't', boardId: 'board' as BoardId, hash: 'a'.repeat(64) };
const bytes = new Blob(['abc']);

/** A browser from before `AbortSignal.any`. */
class OlderSignal extends AbortSignal {
  static override any = undefined as unknown as typeof AbortSignal.any;
}

describe('the wire for files and images', () => {
  it('a browser without AbortSignal.any sends parts of files, and gets images', async () => {
    vi.stubGlobal('AbortSignal', OlderSignal);
    const api = createFileApi('http://relay', () => Promise.resolve(Response.json({ offset: 3 })));
    const { signal } = new AbortController();
    expect(await api.part(request, { offset: 0, total: 9, bytes, signal })).toEqual({ kind: 'held', offset: 3 });
    expect(await api.state(request, signal)).toEqual({ kind: 'held', offset: 3 });
    const images = createBlobApi('http://relay', () => Promise.resolve(new Response(bytes)));
    expect(await images.get(request, { onProgress: () => undefined, signal })).toMatchObject({ kind: 'there' });
  });

  it('a part that the person stops ends at once, also one that was stopped before it began', async () => {
    const api = createFileApi(
      'http://relay',
      (_, init) =>
        new Promise((_, reject) => {
          const end = (): void => reject(new DOMException('stopped', 'AbortError'));
          if (init?.signal?.aborted === true) end();
          init?.signal?.addEventListener('abort', end);
        }),
    );
    const controller = new AbortController();
    const sent = api.part(request, { offset: 0, total: 9, bytes, signal: controller.signal });
    controller.abort();
    expect([await sent, await api.state(request, controller.signal)]).toEqual([{ kind: 'unreachable' }, { kind: 'unreachable' }]);
  });

  it('a part is forgotten only once the server has said so: no network, an old token and a busy server are no such word', async () => {
    const answers = [204, 404, 403, 401, 429, 503];
    const api = createFileApi('http://relay', () => {
      const status = answers.shift();
      return status === undefined ? Promise.reject(new TypeError('no network')) : Promise.resolve(new Response(null, { status }));
    });
    const dropped: boolean[] = [];
    for (let i = 0; i < 7; i++) dropped.push(await api.drop(request));
    expect(dropped).toEqual([true, true, true, false, false, false, false]);
  });
});
