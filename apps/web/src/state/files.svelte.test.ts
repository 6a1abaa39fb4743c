import type { ImageContent } from '@wetink/board';
import { expect, it } from 'vitest';
import { BoardFiles, type BoardFilesPorts } from './files.svelte.ts';

const png = (name: string): File => new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)], name);

/** A page on which pictures are prepared until `finish` is called. */
function page() {
  const room = { isReadOnly: false };
  const view = { stage: { putImages: (images: readonly ImageContent[]) => put.push(...images) } as object | null };
  const put: ImageContent[] = [];
  const failed: string[] = [];
  let released = 0;
  let finish = (): void => undefined;
  const whenFinished = new Promise<void>((resolve) => (finish = resolve));
  let begin = (): void => undefined;
  const whenBegun = new Promise<void>((resolve) => (begin = resolve));
  const images = {
    async add(files: readonly File[]) {
      begin();
      await whenFinished;
      return { images: files.map(({ name }) => ({ name })), release: () => Promise.resolve(void released++) };
    },
  };
  const ports = {
    session: {},
    view,
    room,
    images: { get: () => Promise.resolve(images) },
    toasts: { say: () => 1, dismiss: () => undefined, fail: (sentence: string) => failed.push(sentence) },
  } as unknown as BoardFilesPorts;
  return { files: new BoardFiles(ports), room, view, put, failed, whenBegun, finish, releases: () => released };
}

it('while pictures are being prepared, leaving the page would lose them; then they are put on the board', async () => {
  const { files, put, failed, whenBegun, finish, releases } = page();
  expect(files.isPreparing).toBe(false);
  const done = files.openAll([png('a.png'), png('b.png')]);
  await whenBegun;
  expect(files.isPreparing).toBe(true);
  finish();
  await done;
  expect(files.isPreparing).toBe(false);
  expect(put.map(({ name }) => name)).toEqual(['a.png', 'b.png']);
  expect([failed, releases()]).toEqual([[], 0]);
});

it('a person who becomes a viewer meanwhile reads why the pictures are not on the board, and nothing is sent', async () => {
  const { files, room, put, failed, whenBegun, finish, releases } = page();
  const done = files.openAll([png('a.png')]);
  await whenBegun;
  room.isReadOnly = true;
  finish();
  await done;
  expect([put, failed, releases()]).toEqual([[], ['1 picture was not put on the board: it can no longer be changed here.'], 1]);
});

it('a stage that is gone meanwhile takes no pictures, and the person reads that', async () => {
  const { files, view, put, failed, whenBegun, finish, releases } = page();
  const done = files.openAll([png('a.png'), png('b.png')]);
  await whenBegun;
  view.stage = null;
  finish();
  await done;
  expect([put, releases()]).toEqual([[], 1]);
  expect(failed).toEqual(['2 pictures were not put on the board: you left while they were being prepared.']);
});
