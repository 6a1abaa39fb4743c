import { openChat, createBoard, type AttachedFile, type ElementId } from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { filesOf } from '../session/attachments.ts';
import { FileActions, type FileActionsPorts } from './file-actions.svelte.ts';

const plan: AttachedFile = { hash: 'a'.repeat(64), type: 'application/pdf', bytes: 9, name: 'plan.pdf' };

/** A page whose uploads only note that they were dropped. */
function page() {
  const board = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
  const room = { isReadOnly: false };
  const dropped: string[] = [];
  const fetched: string[] = [];
  const said: string[] = [];
  const isSlow = { now: false };
  const attachments = {
    isShown: ({ hash }: AttachedFile) => filesOf(board).some((shown) => shown.hash === hash),
    cancel: ({ hash }: AttachedFile) => Promise.resolve(void dropped.push(hash)),
    bytesOf({ hash }: AttachedFile, signal: AbortSignal): Promise<Blob | null> {
      fetched.push(hash);
      if (!isSlow.now) return Promise.resolve(null);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    },
    sayReceiving: ({ name }: AttachedFile) => void said.push(name),
  };
  const opened: ElementId[] = [];
  const pdfPages = { canOpen: () => !room.isReadOnly, open: (id: ElementId) => Promise.resolve(void opened.push(id)) };
  const ports = {
    session: { board },
    room,
    attachments: { get: () => Promise.resolve(attachments) },
    pdfPages,
  } as unknown as FileActionsPorts;
  const put = (): ElementId => {
    let id: ElementId | null = null;
    board.run((edit) => {
      id = edit.create({
        kind: 'file',
        file: plan,
        geometry: { x: 0, y: 0, w: 280, h: 72, rotation: 0 },
        style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' },
      });
    });
    return id as unknown as ElementId;
  };
  const shown = (): ElementId[] => board.elements().map(({ id }) => id);
  return { actions: new FileActions(ports), board, room, dropped, opened, fetched, said, isSlow, put, shown };
}

it('cancelling a file takes away only the card it was cancelled on, and its upload goes with the last card', async () => {
  const { actions, dropped, put, shown } = page();
  const [first, second] = [put(), put()];
  await actions.cancel(first);
  expect([shown(), dropped]).toEqual([[second], []]);
  await actions.cancel(second);
  expect([shown(), dropped]).toEqual([[], [plan.hash]]);
});

it('the file of a card that was cancelled is still sent while a chat message shows it', async () => {
  const { actions, board, dropped, put, shown } = page();
  openChat(board).send('', 'Me', { file: plan });
  await actions.cancel(put());
  expect([shown(), dropped]).toEqual([[], []]);
});

it('a locked card, and one on a board that can’t be changed, stays with its upload', async () => {
  const { actions, board, room, dropped, put, shown } = page();
  const id = put();
  board.run((edit) => edit.setLocked(id, true));
  await actions.cancel(id);
  expect([shown(), dropped]).toEqual([[id], []]);
  board.run((edit) => edit.setLocked(id, false));
  room.isReadOnly = true;
  await actions.cancel(id);
  expect([shown(), dropped]).toEqual([[id], []]);
});

it('a PDF opens into pages where the board can be changed, and is downloaded elsewhere', async () => {
  const { actions, room, opened, fetched, put } = page();
  const id = put();
  actions.open(id);
  expect(opened).toEqual([id]);
  room.isReadOnly = true;
  actions.open(id);
  await expect.poll(() => fetched).toEqual([plan.hash]);
  expect(opened).toEqual([id]);
});

it('the bytes of a file that is on its way already are not fetched twice, and a sentence says so', async () => {
  const { actions, fetched, said, isSlow } = page();
  isSlow.now = true;
  const first = actions.bytesOf(plan);
  expect(await actions.bytesOf(plan)).toBe(null);
  expect([fetched, said]).toEqual([[plan.hash], ['plan.pdf']]);
  actions.stop(plan);
  expect(await first).toBe(null);
});

it('a signal that is aborted stops the fetching of a file, and a file is not fetched after it', async () => {
  const { actions, fetched, said, isSlow } = page();
  isSlow.now = true;
  const abort = new AbortController();
  const bytes = actions.bytesOf(plan, abort.signal);
  await expect.poll(() => fetched).toEqual([plan.hash]);
  abort.abort();
  expect(await bytes).toBe(null);
  expect(await actions.bytesOf(plan, abort.signal)).toBe(null);
  expect([fetched.length, said]).toEqual([1, []]);
});
