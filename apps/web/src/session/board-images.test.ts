import { describe, expect, it } from 'vitest';
import type { BlobApi } from '../account/blob-api.ts';
import type { FileApi } from '../account/file-api.ts';
import type { ImageWork } from '../browser/image-work.ts';
import type { BoardId } from '../core/board-id.ts';
import type { ImageHead } from '../core/image-head.ts';
import { arrivalsOf, type Arrivals } from './arrivals.ts';
import { BoardImages, RELAY_MAX_BYTES } from './board-images.ts';
import { openImageStore } from './blob-store.ts';
import { joinedRooms } from './fixtures/joined-rooms.ts';
import { savedBoard } from './fixtures/saved-board.ts';

const boardId = 'board-of-tests' as BoardId;
const hex = (byte: number): string => String(byte).padStart(64, '0');

/** A page whose worker takes the first byte of a file for its hash, and refuses a file that begins with 0. */
function page(
  answers: {
    put?: number;
    isFull?: boolean;
    silent?: string;
    head?: Partial<ImageHead>;
    onPrepare?: (name: string) => void;
    server?: Map<string, Uint8Array<ArrayBuffer>>;
    arrivals?: Arrivals;
  } = {},
) {
  const said: string[] = [];
  const failed: string[] = [];
  let gets = 0;
  const counts: [number, number][] = [];
  const server = answers.server ?? new Map<string, Uint8Array<ArrayBuffer>>();
  const work: ImageWork = {
    async prepare(file) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      answers.onPrepare?.((file as File).name);
      if (bytes[0] === 0) return { ok: false, problem: { kind: 'cut-off' } };
      const image = { bytes, type: 'image/png', width: 4, height: 3, hash: hex(bytes[0] ?? 0), isScaled: bytes[1] === 9 } as const;
      return { ok: true, image };
    },
    face: () => Promise.reject(new Error('no canvas')),
    decode: () => Promise.reject(new Error('no decoder')),
    filter: () => Promise.reject(new Error('no canvas')),
    hashOfFile: async (file) => hex(new Uint8Array(await file.arrayBuffer())[0] ?? 0),
    hashOf: (bytes) => Promise.resolve(hex(bytes[0] ?? 0)),
    inspect: (bytes) =>
      Promise.resolve({ hash: hex(bytes[0] ?? 0), head: { format: 'png', width: 4, height: 3, isWhole: true, ...answers.head } }),
    close: () => undefined,
  };
  const api: BlobApi & Pick<FileApi, 'has'> = {
    has: ({ hash }) => Promise.resolve(server.has(hash)),
    put({ hash }, bytes) {
      if (answers.put === undefined) server.set(hash, bytes);
      return Promise.resolve({
        kind: 'answered',
        status: answers.put ?? 201,
        code: answers.put === 413 ? 'blob_quota' : '',
        retryAfterMs: null,
      });
    },
    get({ hash }) {
      gets += 1;
      if (hash === answers.silent) return new Promise(() => undefined);
      const bytes = server.get(hash);
      return Promise.resolve(bytes === undefined ? { kind: 'absent', status: 404 } : { kind: 'there', bytes, type: 'image/png' });
    },
  };
  /** The elements of the board: every image that is used here. */
  const shown = new Set([1, 2, 3].map(hex));
  const store = openImageStore(boardId, null);
  if (answers.isFull === true) store.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  const timers: { run: () => void; delayMs: number }[] = [];
  const images = new BoardImages({
    schedule: (run, delayMs) => (timers.push({ run, delayMs }), () => void timers.splice(0)),
    boardId,
    session: savedBoard(),
    arrivals: answers.arrivals ?? arrivalsOf(joinedRooms()[0]),
    store,
    work,
    api,
    token: () => Promise.resolve(''),
    say: (sentence) => said.push(sentence),
    fail: (sentence) => failed.push(sentence),
    shown: { hashes: () => shown, onChange: () => () => undefined },
    onCount: ({ waiting, refused }) => counts.push([waiting, refused]),
    page: { inTurn: (_, run) => run(), onWake: () => () => undefined, channel: null },
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  return { images, store, server, timers, said, failed, counts, settle, asked: () => gets };
}

const file = (name: string, ...bytes: number[]): File => new File([Uint8Array.from(bytes)], name);

describe('the images of a board', () => {
  it('a page that waits for an image asks for it again as soon as its author’s page has sent it', async () => {
    const server = new Map<string, Uint8Array<ArrayBuffer>>();
    const [own, others] = joinedRooms();
    const author = page({ server, arrivals: arrivalsOf(own) });
    const reader = page({ server, arrivals: arrivalsOf(others) });
    const image = { hash: hex(1), type: 'image/png', width: 4, height: 3, bytes: 1, name: '' } as const;
    const wait = { width: 4, height: 3, onProgress: () => undefined, signal: new AbortController().signal };
    const loaded = expect(reader.images.source.load(image, wait)).rejects.toThrow('no decoder');
    await reader.settle();
    expect(reader.asked()).toBe(1);
    await author.images.add([file('a.png', 1)]);
    await author.settle();
    // The pause before its second request would be half a second or longer.
    expect(reader.asked()).toBe(2);
    await loaded;
  });

  it('files are kept on the device and sent; one that can’t be used gets a sentence and does not stop the others', async () => {
    const { images, store, server, said, failed, counts, settle } = page();
    const added = await images.add([file('a.png', 1), file('cut.png', 0), file('b.png', 2, 9)]);
    expect(added.images.map(({ hash, name, bytes }) => [hash, name, bytes])).toEqual([
      [hex(1), 'a.png', 1],
      [hex(2), 'b.png', 2],
    ]);
    expect(await store.has(hex(1))).toBe(true);
    expect(failed).toEqual(['“cut.png” is incomplete: its end is missing. Copy or download it again.']);
    expect(said).toEqual(['“b.png” was too large to share, and is now 4 by 3 pixels.']);
    await settle();
    expect([[...server.keys()], await store.waiting(), counts.at(-1)]).toEqual([[hex(1), hex(2)], [], [0, 0]]);
    images.close();
  });

  it('images that are being prepared when the board is closed are not kept for the server, and the person reads that', async () => {
    const opened = page({ put: 503, onPrepare: (name) => name === 'c.png' && opened.images.close() });
    const { images, store, failed } = opened;
    await images.add([file('before.png', 7)]);
    const added = await images.add([file('before.png', 7), file('a.png', 1), file('cut.png', 0), file('c.png', 3), file('d.png', 4)]);
    expect(added.images).toEqual([]);
    expect((await store.waiting()).map(({ name }) => name)).toEqual(['before.png']);
    expect(await Promise.all([3, 4].map((byte) => store.has(hex(byte))))).toEqual([false, false]);
    expect(failed.at(-1)).toBe('4 pictures were not put on the board: you left while they were being prepared.');
  });

  it('on a full device nothing is added, and the person reads why', async () => {
    const { images, failed } = page({ isFull: true });
    expect((await images.add([file('a.png', 1)])).images).toEqual([]);
    expect(failed).toEqual(['“a.png” was not put on the board: this device has no room left. Free some space and try again.']);
    images.close();
  });

  it('an image that the server refuses stays in the tab of a browser that keeps nothing, and the person reads that others can’t see it', async () => {
    const { images, store, failed, settle } = page({ put: 413 });
    await images.add([file('a.png', 1)]);
    await settle();
    expect(failed).toEqual(['“a.png” is only in this tab: this board has no room for more pictures, so others can’t see it.']);
    expect((await images.find([{ hash: hex(1), type: 'image/png', width: 4, height: 3, bytes: 1, name: '' }])).missing).toBe(0);
    expect(await store.waiting()).toHaveLength(1);
    images.close();
  });

  it('a file’s images are taken over if their bytes have the right hash; the others are counted unless this device has them', async () => {
    const { images, store, server, asked } = page();
    server.set(hex(3), Uint8Array.of(3));
    const image = (byte: number) => ({ hash: hex(byte), type: 'image/png', width: 4, height: 3, bytes: 1, name: '' }) as const;
    await images.add([file('d.png', 4)]);
    const taken = await images.takeOver([
      { image: image(1), data: Uint8Array.of(1) },
      { image: image(2), data: Uint8Array.of(9) },
      { image: image(3), data: null },
      { image: image(4), data: null },
    ]);
    expect(taken).toEqual({ isFull: false, missing: 2 });
    expect(asked()).toBe(0);
    expect(await Promise.all([1, 2, 3].map((byte) => store.has(hex(byte))))).toEqual([true, false, false]);
    const { found } = await images.find([image(1), image(2), image(3)]);
    expect([...found.keys()]).toEqual([hex(1), hex(3)]);
    images.close();
  });

  it.each<[string, Partial<ImageHead>, number]>([
    ['has another type than the file says', { format: 'gif' }, 1],
    ['is cut off', { isWhole: false }, 1],
    ['would unpack to gigabytes', { width: 60_000, height: 60_000 }, 1],
    ['is larger than any that is made here', {}, RELAY_MAX_BYTES + 1],
  ])('an image of a file that %s is neither kept nor sent, and counts as missing', async (_, head, length) => {
    const { images, store, server, settle } = page({ head });
    const data = new Uint8Array(length).fill(1);
    const image = { hash: hex(1), type: 'image/png', width: 4, height: 3, bytes: length, name: '' } as const;
    expect(await images.takeOver([{ image, data }])).toEqual({ isFull: false, missing: 1 });
    await settle();
    expect([await store.has(hex(1)), server.size]).toEqual([false, 0]);
    images.close();
  });

  it('on a full device no image of a file is taken, and none that was taken before it waits for the server', async () => {
    const { images, store } = page({ put: 503 });
    const { add } = store;
    store.add = (hash, image) =>
      hash === hex(2) ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : add.call(store, hash, image);
    const image = (byte: number) => ({ hash: hex(byte), type: 'image/png', width: 4, height: 3, bytes: 1, name: '' }) as const;
    const taken = await images.takeOver([1, 2].map((byte) => ({ image: image(byte), data: Uint8Array.of(byte) })));
    expect(taken).toEqual({ isFull: true });
    expect(await store.waiting()).toEqual([]);
    images.close();
  });

  it('an erased board has no images left on the device', async () => {
    const { images, store } = page({ put: 503 });
    await images.add([file('a.png', 1)]);
    await store.erase();
    expect([await store.has(hex(1)), await store.waiting()]).toEqual([false, []]);
    images.close();
  });

  it('a file waits 20 s for images that do not arrive, all together, and has the others', async () => {
    const { images, server, timers, settle } = page({ silent: hex(1) });
    server.set(hex(2), Uint8Array.of(2));
    const image = (byte: number) => ({ hash: hex(byte), type: 'image/png', width: 4, height: 3, bytes: 1, name: '' }) as const;
    const finding = images.find([image(1), image(2), image(2)]);
    await settle();
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([20_000]);
    timers[0]?.run();
    const { found, missing } = await finding;
    expect([[...found.keys()], missing, timers]).toEqual([[hex(2)], 1, []]);
    images.close();
  });
});
