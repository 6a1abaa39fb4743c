import type { AttachedFile } from '@wetink/board';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardId } from '../core/board-id.ts';
import { fileLine } from '../core/file-state.ts';
import type { LackingCounts } from '../core/lacking.ts';
import { arrivalsOf } from './arrivals.ts';
import { Attachments } from './attachments.ts';
import { openFileStore } from './blob-store.ts';
import { joinedRooms } from './fixtures/joined-rooms.ts';
import { savedBoard } from './fixtures/saved-board.ts';
import { fileServer, hashOf, isSame, noise, type FileServer } from './fixtures/file-server.ts';

const boardId = 'board-of-tests' as BoardId;
const MIB = 1024 * 1024;

beforeEach(() => void vi.stubGlobal('IDBKeyRange', IDBKeyRange));
afterEach(() => void vi.unstubAllGlobals());

type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & { onmessage: ((event: MessageEvent) => void) | null };

/**
 * One person's device: `page` is a tab of it, or the page after a reload.
 *
 * @param keepsAsking False: nothing is asked for a second time after a pause.
 * @param drawsPages False: no PDF can be read.
 */
function device(
  server: FileServer = fileServer(),
  { isFull = false, room = joinedRooms()[0], keepsAsking = true, drawsPages = false } = {},
) {
  const factory = new IDBFactory();
  const shown = new Set<string>();
  const failed: string[] = [];
  const counts: LackingCounts[] = [];
  /** Contents of PDFs that were opened for their first page. */
  const drawn: string[] = [];
  const changes = new Set<() => void>();
  const wakes = new Set<() => void>();
  /** Timers that are yet to run. */
  const timers = new Set<unknown>();
  const tabs = new Set<Channel>();
  const join = (): Channel => {
    const channel: Channel = {
      onmessage: null,
      postMessage: (data) => {
        for (const tab of tabs) if (tab !== channel) tab.onmessage?.({ data } as MessageEvent);
      },
      close: () => void tabs.delete(channel),
    };
    tabs.add(channel);
    return channel;
  };
  let turn = Promise.resolve();
  const page = () => {
    const store = openFileStore(boardId, factory);
    if (isFull) store.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    return new Attachments({
      boardId,
      store,
      session: savedBoard(),
      work: { hashOfFile: async (file) => hashOf(new Uint8Array(await file.arrayBuffer())) },
      shown: { hashes: () => shown, onChange: (run) => (changes.add(run), () => changes.delete(run)) },
      api: server.api,
      arrivals: arrivalsOf(room),
      token: () => Promise.resolve(''),
      fail: (sentence) => failed.push(sentence),
      onCount: (count) => counts.push(count),
      onStates: () => undefined,
      page: {
        inTurn: (_, run) => (turn = turn.then(run)),
        onWake: (run) => (wakes.add(run), () => wakes.delete(run)),
        channel: join() as BroadcastChannel,
      },
      schedule(run, delayMs) {
        if (!keepsAsking && delayMs > 250) return () => undefined;
        const timer = setTimeout(
          () => {
            timers.delete(timer);
            run();
          },
          Math.min(delayMs, 20),
        );
        timers.add(timer);
        return () => {
          timers.delete(timer);
          clearTimeout(timer);
        };
      },
      now: () => performance.now(),
      pdf: {
        open: async (bytes) => {
          drawn.push(await bytes.text());
          if (!drawsPages) return { ok: false, problem: 'damaged' };
          const bitmap = { width: 5, height: 7, close: () => undefined } as ImageBitmap;
          const drawBitmap = () => Promise.resolve({ bitmap, width: 5, height: 7 });
          return { ok: true, pdf: { pages: 1, drawBitmap, drawFile: () => Promise.resolve('undrawn'), close: () => undefined } };
        },
        isFrugal: () => false,
      },
    });
  };
  const put = async (at: Attachments, ...files: File[]) => {
    const added = await at.add(files);
    for (const { hash } of added.files) shown.add(hash);
    at.wake();
    return added.files;
  };
  return { server, shown, failed, drawn, counts, changes, wakes, timers, page, put };
}

const file = (name: string, bytes: Uint8Array<ArrayBuffer>, type = ''): File => new File([bytes], name, { type });
const until = async (is: () => boolean): Promise<void> => {
  for (let i = 0; !is(); i++) {
    if (i > 500) throw new Error('it does not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('the files of a board', () => {
  it('a file is hashed, kept and sent, and another person fetches the same bytes', async () => {
    const server = fileServer();
    const [ana, ben] = [device(server), device(server)];
    const at = ana.page();
    const bytes = noise(2 * MIB);
    const [added] = await ana.put(at, file('plan\u202e.pdf', bytes, 'application/pdf'));
    expect(added).toEqual({ hash: hashOf(bytes), type: 'application/pdf', bytes: bytes.length, name: 'plan.pdf' });
    await until(() => server.whole.size === 1 && ana.counts.at(-1)?.waiting === 0);
    expect(at.stateOf({ hash: hashOf(bytes) })).toEqual({ kind: 'there' });
    const fetched = await ben.page().bytesOf(added as NonNullable<typeof added>, new AbortController().signal);
    expect(isSame(new Uint8Array((await fetched?.arrayBuffer()) ?? []), bytes)).toBe(true);
    at.close();
  });

  it('each file that is left out gets a sentence, the limit is named, and the others go on', async () => {
    const { server, failed, page, put } = device();
    server.limits = { maxFileBytes: 10 * MIB, maxBoardBytes: 20 * MIB, boardBytes: 15 * MIB, maxUserBytes: 40 * MIB, userBytes: 36 * MIB };
    const unreadable = Object.assign(file('folder', noise(9)), {
      arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')),
    });
    const added = await put(
      page(),
      file('empty.txt', new Uint8Array()),
      file('film.mp4', noise(11 * MIB)),
      file('big.zip', noise(6 * MIB)),
      file('deck.key', noise(4.5 * MIB)),
      unreadable,
      file('ok.txt', noise(MIB)),
    );
    expect(added.map(({ name }) => name)).toEqual(['ok.txt']);
    expect(failed).toEqual([
      '“empty.txt” is empty.',
      '“film.mp4” is larger than 10 MB, the most that this server takes.',
      '“big.zip” does not fit: the pictures and files of a board may have 20 MB, and 5 MB are left on this one.',
      '“deck.key” does not fit: your pictures and files may have 40 MB, and 4 MB are left.',
      '“folder” can’t be read: it was moved or changed, or it is a folder.',
    ]);
  });

  it('a server of before files takes none, and a sentence says so', async () => {
    const { server, failed, page, put } = device();
    server.limits = 'no-files';
    expect(await put(page(), file('a.txt', noise(9)))).toEqual([]);
    expect(failed).toEqual(['“a.txt” was not added: this server takes only pictures.']);
  });

  it('a device without room says so, and nothing is put on the board', async () => {
    const { failed, page, put } = device(fileServer(), { isFull: true });
    expect(await put(page(), file('a.txt', noise(9)))).toEqual([]);
    expect(failed).toEqual(['“a.txt” was not added: this device has no room left. Free some space and try again.']);
  });

  it('without a network a file waits on the device, and is sent after a reload', async () => {
    const { server, counts, page, put } = device();
    server.isAway = true;
    const first = page();
    const [added] = await put(first, file('a.bin', noise(MIB)));
    await until(() => counts.at(-1)?.waiting === 1);
    const { hash = '' } = added ?? {};
    // It waits for its turn first, and for the network once its first part could not be sent.
    await until(() => {
      const state = first.stateOf({ hash });
      return state.kind === 'waiting' && state.why !== '';
    });
    expect(fileLine(MIB, first.stateOf({ hash })).line).toBe('1 MB · waiting for the network');
    first.close();
    server.isAway = false;
    const second = page();
    await until(() => server.whole.has(hash) && counts.at(-1)?.waiting === 0);
    second.close();
  });

  it('a paused file stays paused after a reload, and goes on from what the server holds', async () => {
    const { server, counts, page, put, failed } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    const first = page();
    server.cut = (part) => (part === 2 ? (void first.pause({ hash }), null) : null);
    await put(first, file('a.bin', bytes));
    await until(() => counts.at(-1)?.paused === 1);
    await until(() => first.stateOf({ hash }).kind === 'paused');
    const before = server.sentBytes;
    first.close();
    const second = page();
    await until(() => second.stateOf({ hash }).kind === 'paused');
    expect([server.sentBytes, server.whole.size]).toEqual([before, 0]);
    await second.resume({ hash });
    await until(() => server.whole.has(hash) && second.stateOf({ hash }).kind === 'there');
    expect(server.sentBytes).toBeLessThan(bytes.length + MIB + 1);
    expect(failed).toEqual([]);
    second.close();
  });

  it('a tab pauses a file that another tab sends, and the other stops, though it was paused and resumed there before', async () => {
    const { server, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    const first = page();
    server.cut = (part) => (part === 1 ? (void first.pause({ hash }), null) : null);
    await put(first, file('a.bin', bytes));
    await until(() => first.stateOf({ hash }).kind === 'paused');
    const opened: Attachments[] = [];
    const part = server.api.part;
    server.api.part = async (request, options) => {
      if (opened.length === 0) {
        opened.push(page());
        await opened[0]?.pause({ hash });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return part(request, options);
    };
    await first.resume({ hash });
    await until(() => opened[0]?.stateOf({ hash }).kind === 'paused' && first.stateOf({ hash }).kind === 'paused');
    const before = server.parts.length;
    first.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([server.whole.size, server.parts.length, first.stateOf({ hash }).kind]).toEqual([0, before, 'paused']);
    for (const tab of [first, ...opened]) tab.close();
  });

  it('a file that is refused is reported once with the reason, shown on its card, and tried again when the person says so', async () => {
    const { server, counts, page, put, failed } = device();
    server.refusal = { status: 413, code: 'user_quota' };
    const at = page();
    const [added] = await put(at, file('a.bin', noise(9)));
    const { hash = '' } = added ?? {};
    await until(() => counts.at(-1)?.refused === 1 && at.stateOf({ hash }).kind === 'refused');
    expect(failed).toEqual(['“a.bin” stays on this device: your own space on this server is full, so others can’t open it.']);
    expect(fileLine(9, at.stateOf({ hash }))).toEqual({ line: 'Not shared: your space is full', progress: null, isBad: true });
    server.refusal = null;
    await at.resume({ hash });
    await until(() => server.whole.has(hash));
    at.close();
  });

  it('a full server is no refusal: the file waits, and its card says why', async () => {
    const { server, page, put, failed } = device();
    server.refusal = { status: 507, code: 'store_full' };
    const at = page();
    const [added] = await put(at, file('a.bin', noise(9)));
    const { hash = '' } = added ?? {};
    await until(() => fileLine(9, at.stateOf({ hash })).line === '9 bytes · the server is full, trying again');
    server.refusal = null;
    await until(() => server.whole.has(hash));
    expect(failed).toEqual([]);
    at.close();
  });

  it('a file that the server does not take for now says so, and the files behind it are sent', async () => {
    const { server, page, put, failed } = device();
    const [bad, good] = [file('a.bin', noise(9)), file('b.bin', noise(1_000))];
    const state = server.api.state;
    const hash = hashOf(noise(9));
    server.api.state = (request, signal) =>
      request.hash === hash
        ? Promise.resolve({ kind: 'answered', status: 500, code: 'internal', retryAfterMs: null })
        : state(request, signal);
    const at = page();
    await put(at, bad, good);
    await until(() => server.whole.size === 1);
    await until(() => fileLine(9, at.stateOf({ hash })).line === '9 bytes · the server did not take it, trying again');
    expect(failed).toEqual([]);
    at.close();
  });

  it('a file that is taken off the board while it is sent is stopped and forgotten by the server, and undo sends it again', async () => {
    const { server, shown, changes, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    const at = page();
    server.cut = (part) => (part === 2 ? (shown.delete(hash), void at.cancel({ hash }), null) : null);
    await put(at, file('a.bin', bytes));
    await until(() => server.parts.length >= 3 && !server.held.has(hash));
    expect(server.whole.size).toBe(0);
    server.cut = () => null;
    shown.add(hash);
    for (const run of changes) run();
    await until(() => server.whole.has(hash));
    at.close();
  });

  it('the server forgets its part of a file whose card is deleted by whatever way, and an undo sends it again', async () => {
    const { server, shown, changes, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    const dropped: string[] = [];
    const { drop } = server.api;
    server.api.drop = (request) => (dropped.push(request.hash), drop(request));
    // The network goes away after the first parts.
    server.cut = (part) => (part > 1 ? 0 : null);
    const at = page();
    await put(at, file('film.bin', bytes));
    await until(() => server.parts.length > 1);
    expect(dropped).toEqual([]);
    shown.delete(hash);
    for (const changed of changes) changed();
    await until(() => dropped.length === 1);
    server.cut = () => null;
    shown.add(hash);
    for (const changed of changes) changed();
    at.wake();
    await until(() => server.whole.has(hash));
    at.close();
  });

  it('the card of a paused file shows after a reload how much of it the server has', async () => {
    const { server, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    server.cut = (part) => (part > 1 ? 0 : null);
    const at = page();
    await put(at, file('film.bin', bytes));
    await until(() => server.parts.length > 1);
    await at.pause({ hash });
    at.close();
    const again = page();
    await until(() => {
      const state = again.stateOf({ hash });
      return state.kind === 'paused' && state.sent > 0;
    });
    again.close();
  });

  it('a file whose card is deleted without a network is forgotten by the server once the network is back', async () => {
    const { server, shown, changes, wakes, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    const asked: boolean[] = [];
    const { drop } = server.api;
    server.api.drop = (request) => (asked.push(!server.isAway), drop(request));
    server.cut = (part) => (part > 1 ? 0 : null);
    const at = page();
    await put(at, file('film.bin', bytes));
    await until(() => server.parts.length > 1);
    server.isAway = true;
    shown.delete(hash);
    for (const changed of changes) changed();
    await until(() => asked.length > 0);
    // Further changes of the board ask no server that is away.
    for (const changed of changes) changed();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect([asked, server.held.has(hash)]).toEqual([[false], true]);
    server.isAway = false;
    for (const wake of wakes) wake();
    await until(() => !server.held.has(hash));
    for (const wake of wakes) wake();
    for (const changed of changes) changed();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(asked).toEqual([false, true]);
    at.close();
  });

  it('a file that is deleted without a network and put back is not forgotten when the network is back', async () => {
    const { server, shown, changes, wakes, page, put } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    let asked = 0;
    const { drop } = server.api;
    server.api.drop = (request) => (asked++, drop(request));
    server.cut = (part) => (part > 1 ? 0 : null);
    const at = page();
    await put(at, file('film.bin', bytes));
    await until(() => server.parts.length > 1);
    server.isAway = true;
    shown.delete(hash);
    for (const changed of changes) changed();
    await until(() => asked === 1);
    shown.add(hash);
    for (const changed of changes) changed();
    server.isAway = false;
    server.cut = () => null;
    for (const wake of wakes) wake();
    await until(() => server.whole.has(hash));
    expect(asked).toBe(1);
    at.close();
  });

  it('a paused file of an earlier visit that was opened without a network shows its bytes on the server after a wake', async () => {
    const { server, page, put, wakes } = device();
    const bytes = noise(4 * MIB);
    const hash = hashOf(bytes);
    server.cut = (part) => (part > 1 ? 0 : null);
    const at = page();
    await put(at, file('film.bin', bytes));
    await until(() => server.parts.length > 1);
    await at.pause({ hash });
    at.close();
    server.isAway = true;
    const again = page();
    await until(() => again.stateOf({ hash }).kind === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.isAway = false;
    for (const wake of wakes) wake();
    await until(() => {
      const state = again.stateOf({ hash });
      return state.kind === 'paused' && state.sent > 0;
    });
    again.close();
  });

  it('the card of a PDF that was first seen without a network gets its page after a wake', async () => {
    const server = fileServer();
    const [ana, ben] = [device(server), device(server)];
    const at = ana.page();
    const [added] = await ana.put(at, file('plan.pdf', noise(2000), 'application/pdf'));
    const plan = added as NonNullable<typeof added>;
    await until(() => server.whole.size === 1);
    ben.shown.add(plan.hash);
    server.isAway = true;
    const bens = ben.page();
    bens.pageOf(plan);
    await new Promise((resolve) => setTimeout(resolve, 400));
    server.isAway = false;
    for (const wake of ben.wakes) wake();
    await until(() => {
      bens.pageOf(plan);
      return ben.drawn.length === 1;
    });
    bens.close();
    at.close();
  });

  it('a card that is deleted gives the room of its page to a card that had none', async () => {
    const { shown, changes, page, put } = device(fileServer(), { drawsPages: true });
    const at = page();
    const files = Array.from({ length: 81 }, (_, i) => file(`${i}.pdf`, noise(50 + i), 'application/pdf'));
    const added = await put(at, ...files);
    const drawn = (): number => added.filter((one) => at.pageOf(one) !== null).length;
    await until(() => drawn() === 80);
    const [first, last] = [added[0], added[80]] as [AttachedFile, AttachedFile];
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(at.pageOf(last)).toBe(null);
    shown.delete(first.hash);
    for (const changed of changes) changed();
    await until(() => at.pageOf(last) !== null);
    at.close();
  });

  it('a file of another person that has not come is “not here yet”, and its card changes when it has', async () => {
    const { server, shown, page } = device();
    const bytes = noise(1_000);
    const hash = hashOf(bytes);
    shown.add(hash);
    const at = page();
    expect(at.stateOf({ hash })).toEqual({ kind: 'there' });
    await until(() => at.stateOf({ hash }).kind === 'absent');
    expect(fileLine(1_000, at.stateOf({ hash })).line).toBe('1 kB · not here yet');
    server.whole.set(hash, bytes);
    await until(() => at.stateOf({ hash }).kind === 'there');
    at.close();
  });

  it('the first page of another person’s PDF is fetched without progress or a sentence, and kept on the device', async () => {
    const server = fileServer();
    const [ana, ben] = [device(server), device(server)];
    const at = ana.page();
    const [added] = await ana.put(at, new File(['%PDF of Ana'], 'plan.pdf', { type: 'application/pdf' }));
    if (added === undefined) throw new Error('it was not added');
    await until(() => server.whole.has(added.hash));
    ben.shown.add(added.hash);
    const other = ben.page();
    expect(other.pageOf(added)).toBe(null);
    await until(() => ben.drawn.length === 1);
    expect([ben.drawn, other.stateOf(added).kind, ben.failed]).toEqual([['%PDF of Ana'], 'there', []]);
    server.isAway = true;
    expect(await (await other.bytesOf(added, new AbortController().signal))?.text()).toBe('%PDF of Ana');
    at.close();
    other.close();
  });

  it('a file of another person is there as soon as their page has sent it', async () => {
    const server = fileServer();
    const [own, others] = joinedRooms();
    const [ana, ben] = [device(server, { room: own }), device(server, { room: others, keepsAsking: false })];
    const bytes = noise(1_000);
    const hash = hashOf(bytes);
    ben.shown.add(hash);
    const [sending, waiting] = [ana.page(), ben.page()];
    waiting.stateOf({ hash });
    await until(() => waiting.stateOf({ hash }).kind === 'absent');
    await ana.put(sending, file('a.txt', bytes));
    await until(() => waiting.stateOf({ hash }).kind === 'there');
    sending.close();
    waiting.close();
  });

  it('a file that is absent is asked for by one chain of checks, however often the page wakes, and none after close', async () => {
    const { shown, wakes, timers, page } = device();
    const hash = hashOf(noise(1_000));
    shown.add(hash);
    const at = page();
    at.stateOf({ hash });
    await until(() => at.stateOf({ hash }).kind === 'absent');
    for (let i = 0; i < 10; i++) {
      for (const wake of wakes) wake();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await until(() => timers.size <= 1);
    await until(() => timers.size === 1);
    at.close();
    expect(timers.size).toBe(0);
  });

  it('a file that has left the board is not asked for, and is asked for when it is back', async () => {
    const { server, shown, timers, page } = device();
    const hash = hashOf(noise(1_000));
    shown.add(hash);
    const at = page();
    at.stateOf({ hash });
    await until(() => at.stateOf({ hash }).kind === 'absent');
    shown.delete(hash);
    await until(() => timers.size === 0);
    server.whole.set(hash, noise(1_000));
    shown.add(hash);
    let asked = 0;
    const has = server.api.has;
    server.api.has = (request) => ((asked += 1), has(request));
    expect(at.stateOf({ hash }).kind).toBe('there');
    await until(() => asked === 1);
    at.close();
  });

  it('files added when the board is left are on no board, and the server does not get them', async () => {
    const { server, page, failed } = device();
    const at = page();
    const adding = at.add([file('a.bin', noise(9)), file('b.bin', noise(8))]);
    at.close();
    expect((await adding).files).toEqual([]);
    expect(failed).toEqual(['2 files were not put on the board: you left while they were being read.']);
    expect(server.parts).toEqual([]);
  });

  it('an own file that the server has no longer is sent again by the device that has it, and not by a viewer’s', async () => {
    const { server, counts, page, put } = device();
    const first = page();
    const [sent] = await put(first, file('a.txt', Uint8Array.of(1, 2, 3)));
    await until(() => server.whole.size === 1 && counts.at(-1)?.waiting === 0);
    first.close();
    server.whole.clear();
    const later = page();
    later.stateOf(sent!);
    await until(() => later.stateOf(sent!).kind === 'absent');
    expect(server.whole.size).toBe(0);
    later.close();
    const editor = page();
    editor.mayEdit();
    editor.stateOf(sent!);
    await until(() => server.whole.size === 1);
    expect([...server.whole.keys()]).toEqual([sent?.hash]);
    editor.close();
  });
});
