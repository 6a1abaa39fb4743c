import { createBoard, exportBoard, type ImageContent, type NewElement } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { TakenImages } from '../session/board-images.ts';
import type { BoardFilesPorts } from './file-parts.ts';
import { BoardFiles } from './files.svelte.ts';

const png = (name: string): File => new File([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)], name);

/** A page on which pictures are prepared until `finish` is called. */
function page(taken: TakenImages = { isFull: false, missing: 0 }) {
  const board = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
  const room = { isReadOnly: false };
  const view = {
    stage: { putImages: (images: readonly ImageContent[]) => put.push(...images), select: () => undefined, zoomToFit: () => undefined } as
      object | null,
  };
  const put: ImageContent[] = [];
  const failed: string[] = [];
  let released = 0;
  let finish = (): void => undefined;
  const whenFinished = new Promise<void>((resolve) => (finish = resolve));
  let begin = (): void => undefined;
  const whenBegun = new Promise<void>((resolve) => (begin = resolve));
  const images = {
    takeOver: () => Promise.resolve(taken),
    async add(files: readonly File[]) {
      begin();
      await whenFinished;
      return { images: files.map(({ name }) => ({ name })), release: () => Promise.resolve(void released++) };
    },
  };
  const ports = {
    session: { board },
    view,
    room,
    images: {
      get: () => Promise.resolve(images),
      forPicture: () => Promise.reject(new DOMException('The browser has no memory left.')),
    },
    toasts: { say: () => 1, dismiss: () => undefined, fail: (sentence: string) => failed.push(sentence) },
  } as unknown as BoardFilesPorts;
  return { files: new BoardFiles(ports), board, room, view, put, failed, whenBegun, finish, releases: () => released };
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

/** A board file with one picture. */
function fileWithPicture(): File {
  const board = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
  const picture: NewElement = {
    kind: 'image',
    image: { hash: 'a'.repeat(64), type: 'image/png', width: 3, height: 2, bytes: 9, name: 'cat.png' },
    geometry: { x: 0, y: 0, w: 3, h: 2, rotation: 0 },
    style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' },
  };
  board.run((edit) => edit.create(picture));
  return new File([new Uint8Array(exportBoard(board))], 'plan.wetink');
}

it('a file whose pictures find no room on the device changes nothing, and the person reads what to do', async () => {
  const { files, board, failed } = page({ isFull: true });
  await files.openFile(fileWithPicture());
  expect(board.count).toBe(0);
  expect(failed).toEqual([
    '“plan.wetink” could not be opened: this device has no room left for its pictures. Free some space and try again.',
  ]);
});

it('a file that lacks a picture is opened, and the person reads that it does', async () => {
  const { files, board, failed } = page({ isFull: false, missing: 1 });
  await files.openFile(fileWithPicture());
  expect(board.count).toBe(1);
  expect(failed).toEqual(['The file lacks 1 of its pictures: the board shows its frame unless the server has it.']);
});

it('a PNG or an SVG that can’t be made says why', async () => {
  const { files, failed } = page();
  await files.openFile(fileWithPicture());
  await files.savePng('board');
  await files.saveSvg('board');
  expect(failed).toEqual(Array(2).fill('The picture could not be made: The browser has no memory left.'));
});
