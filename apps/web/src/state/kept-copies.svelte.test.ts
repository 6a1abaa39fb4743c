import { openChat, createBoard, exportBoard, importBoard, type Board, type NewElement } from '@wetink/board';
import type { RoomStatus, Work } from '@wetink/sync';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { FoundImages } from '../session/board-images.ts';
import type { KeptCopy } from '../session/board-session.ts';
import { KeptCopies, type KeptCopiesPorts } from './kept-copies.svelte.ts';

const work: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const rectangle: NewElement = {
  kind: 'rectangle',
  geometry: { x: 0, y: 0, w: 10, h: 10, rotation: 0 },
  style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' },
};
const newBoard = (userId = 'u-me'): Board => createBoard({ doc: new Y.Doc(), userId });

/** The board of a page, copies that the room keeps, and the notice about them as a component shows it. */
function setup({
  changes = [1],
  onDevice = true,
  images = { found: new Map(), missing: 0 },
}: { changes?: number[]; onDevice?: boolean; images?: FoundImages } = {}) {
  const board = newBoard();
  let kept = newBoard();
  let copies = changes.map((count, i) => copyOf(`k${i}`, count));
  let replaced = (): void => undefined;
  let closes = 0;
  let asked = 0;
  const history = { answer: { kind: 'unreachable' } as { kind: string; messages?: never } };
  const said: string[] = [];
  const failed: string[] = [];
  const files: string[] = [];
  const selected: (readonly string[])[] = [];
  const room = { status: { kind: 'saved', ...work } as RoomStatus, isSynced: true, isReadOnly: false };

  function copyOf(id: string, count: number): KeptCopy {
    const discard = (): Promise<void> => {
      copies = copies.filter((other) => other.id !== id);
      return Promise.resolve();
    };
    const load = (): Promise<Uint8Array> => Promise.resolve(Y.encodeStateAsUpdate(kept.doc));
    return { id, at: 0, changes: count, code: 'READ_ONLY', onDevice, load, discard } as unknown as KeptCopy;
  }
  const ports = {
    session: {
      board,
      me: { id: 'u-me', name: 'Me' },
      room: { whenLoaded: Promise.resolve(), keptCopies: () => (asked++, Promise.resolve(copies)) },
      onReplaced(callback: () => void) {
        replaced = callback;
        return () => (replaced = () => undefined);
      },
      openKept: () => Promise.resolve({ board: kept, close: () => closes++ }),
    },
    room,
    view: { stage: { select: (ids: readonly string[]) => selected.push(ids), zoomToFit: () => undefined } },
    images: {
      find: () => Promise.resolve(images),
      forPicture: () =>
        Promise.resolve({ ...images, decode: () => Promise.resolve(null), filter: () => Promise.reject(new Error('no canvas')) }),
    },
    theme: { shown: 'light' },
    history: () => Promise.resolve(history.answer),
    language: 'en',
    toasts: { say: (text: string) => said.push(text), fail: (text: string) => failed.push(text) },
    download: (name: string) => files.push(name),
  } as unknown as KeptCopiesPorts;
  const notice = new KeptCopies(ports);
  const sentences: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      sentences.push(notice.sentence);
    });
  });
  flushSync();
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await Promise.resolve();
    flushSync();
  };
  return {
    notice,
    history,
    board,
    room,
    said,
    failed,
    files,
    selected,
    sentences,
    stop,
    settle,
    closeCount: () => closes,
    askCount: () => asked,
    keep: (next: Board) => void (kept = next),
    async refuse(count: number) {
      copies = [...copies, copyOf('later', count)];
      replaced();
      await settle();
    },
  };
}

describe('the notice about refused changes', () => {
  it('there is none until the room has answered, and none for a copy without refused changes', async () => {
    const { notice, sentences, settle, stop } = setup({ changes: [0, 3] });
    expect(sentences).toEqual(['']);
    await settle();
    expect(sentences.at(-1)).toMatch(/^3 changes were not saved to this board/);
    expect(sentences.at(-1)).not.toContain('more set');
    expect(notice.isCopied).toBe(false);
    stop();
  });

  it('a copy that is made while the board is open has a notice, and later copies are counted', async () => {
    const { sentences, settle, refuse, stop } = setup({ changes: [] });
    await settle();
    expect(sentences.at(-1)).toBe('');
    await refuse(1);
    expect(sentences.at(-1)).toMatch(/^1 change was not saved to this board/);
    await refuse(2);
    expect(sentences.at(-1)).toContain('There is 1 more set like this.');
    stop();
  });

  it('a copy in this tab alone is not said to be kept on the device', async () => {
    const { sentences, settle, stop } = setup({ onDevice: false });
    await settle();
    expect(sentences.at(-1)).toContain('only in this tab');
    stop();
  });

  it('after the component is gone, the room is not asked again', async () => {
    const { askCount, settle, refuse, stop } = setup();
    await settle();
    stop();
    await settle(); // Svelte waits that long for another reader.
    await refuse(5);
    expect(askCount()).toBe(1);
  });
});

describe('what a person does about a kept copy', () => {
  it('copying adds what the board lacks as one step, selects it, ends the look, and is done once', async () => {
    const { notice, board, keep, settle, said, selected, closeCount, stop } = setup();
    const kept = newBoard();
    kept.run((edit) => edit.create(rectangle));
    keep(kept);
    await settle();
    await notice.copyOntoBoard();
    expect(board.count).toBe(1);
    expect(selected[0]).toHaveLength(1);
    expect(said).toEqual(['Copied onto the board.']);
    expect(notice.isCopied).toBe(true);
    expect(closeCount()).toBe(1);
    stop();
  });

  it('nothing is copied before the board is synced, or by a person who can only view', async () => {
    const { notice, board, room, keep, settle, stop } = setup();
    const kept = newBoard();
    kept.run((edit) => edit.create(rectangle));
    keep(kept);
    await settle();
    for (const change of [{ isSynced: false }, { isSynced: true, isReadOnly: true }]) {
      Object.assign(room, change);
      expect(notice.canCopy).toBe(false);
      await notice.copyOntoBoard();
    }
    expect(board.count).toBe(0);
    stop();
  });

  it('a copy that the board cannot take changes nothing, and a toast says why', async () => {
    const { notice, board, keep, settle, failed, stop } = setup();
    const kept = newBoard();
    kept.run((edit) => edit.create(rectangle));
    keep(kept);
    await settle();
    board.doc.getMap('meta').set('minReader', 99);
    await notice.copyOntoBoard();
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatch(/^It could not be copied: /);
    expect(notice.isCopied).toBe(false);
    stop();
  });

  it('nothing is copied while the history does not say which messages it has, and once by two presses', async () => {
    const { notice, board, history, keep, settle, failed, said, stop } = setup();
    const kept = newBoard();
    kept.run((edit) => edit.create(rectangle));
    openChat(kept).send('Hello', 'Me');
    board.doc.getMap('meta').set('moved', 5);
    keep(kept);
    await settle();
    await notice.copyOntoBoard();
    expect([board.count, openChat(board).messages(), failed.length, notice.isCopied]).toEqual([0, [], 1, false]);
    history.answer = { kind: 'unknown' };
    await Promise.all([notice.copyOntoBoard(), notice.copyOntoBoard()]);
    expect(
      openChat(board)
        .messages()
        .map(({ text }) => text),
    ).toEqual(['Hello']);
    expect([board.count, said]).toEqual([1, ['Copied onto the board. The chat message was sent again.']]);
    stop();
  });

  it('a look shows the chat with the messages that were not sent, and ends', async () => {
    const { notice, keep, settle, stop } = setup();
    const kept = newBoard();
    openChat(kept).send('Hello', 'Me');
    keep(kept);
    await settle();
    await notice.look();
    expect(notice.shown).toMatchObject({ picture: null, chat: { all: 1, unsent: 1 } });
    expect(notice.shown?.chat.text).toContain('Hello');
    notice.endLook();
    expect(notice.shown).toBeNull();
    stop();
  });

  it('saving hands over a file, and says that the chat is not in it', async () => {
    const { notice, board, keep, settle, files, said, stop } = setup();
    board.setTitle('Plan');
    const kept = newBoard();
    kept.run((edit) => edit.create(rectangle));
    importBoard(board, exportBoard(kept));
    openChat(kept).send('Hello', 'Me');
    keep(kept);
    await settle();
    await notice.save();
    expect(files).toHaveLength(1);
    expect(files[0]).toContain('Plan (not saved)');
    expect(said).toEqual(['The file has what is drawn. Chat is not in it: press Look to save that.']);
    stop();
  });

  it('a saved file that lacks pictures says why: they are not on this device, or the file has no room for them', async () => {
    const tooMuch = { type: 'image/png', bytes: new Uint8Array(85 * 1024 * 1024) };
    const { notice, settle, files, failed, stop } = setup({ images: { found: new Map([['a'.repeat(64), tooMuch]]), missing: 2 } });
    await settle();
    await notice.save();
    expect(files).toHaveLength(1);
    expect(failed).toEqual([
      '2 pictures have not arrived on this device, and are not in the file.',
      'The file has no room for all pictures: 1 of them is not in it.',
    ]);
    stop();
  });

  it('discarding ends the look and the notice, and the next copy has its own', async () => {
    const { notice, settle, said, sentences, stop } = setup({ changes: [1, 2] });
    await settle();
    await notice.look();
    await notice.discard();
    flushSync();
    expect(notice.shown).toBeNull();
    expect(said).toEqual(['Discarded.']);
    expect(sentences.at(-1)).toMatch(/^2 changes were not saved/);
    await notice.discard();
    flushSync();
    expect(sentences.at(-1)).toBe('');
    stop();
  });
});
