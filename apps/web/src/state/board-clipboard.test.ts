import {
  createBoard,
  encodeBase64,
  exportBoard,
  inkLimits,
  type Board,
  type ElementId,
  type ImageContent,
  type NewElement,
} from '@wetink/board';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { elementsInMarkup } from '../core/clipboard-markup.ts';
import { BoardClipboard, type ClipboardPorts } from './board-clipboard.ts';

const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;
const box = (x: number): NewElement => ({ kind: 'rectangle', style, geometry: { x, y: 0, w: 10, h: 10, rotation: 0 } });
const picture: ImageContent = { hash: 'b'.repeat(64), type: 'image/png', width: 8, height: 8, bytes: 3, name: '' };
const pictureAt = (x: number): NewElement => ({ ...box(x), kind: 'image', image: picture });

/** A board page of which everything is selected. `bytes` has the pictures on this device. */
function page(elements: readonly NewElement[] = [], bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map()) {
  const board = createBoard({ doc: new Y.Doc(), userId: 'u-me' });
  board.run((edit) => elements.forEach((element) => edit.create(element)));
  const said: string[] = [];
  const kept: { hash: string; data: Uint8Array | null }[] = [];
  const selections: (readonly ElementId[])[] = [];
  const room = { isReadOnly: false };
  const place = { by: { x: 1_000, y: 0 } };
  const stage = {
    size: { width: 100, height: 100 },
    placeFor: () => Promise.resolve(place.by),
    toBoard: (p: object) => p,
    setTool: () => undefined,
    select: (ids: readonly ElementId[]) => void selections.push(ids),
    zoomToFit: () => undefined,
  };
  const images = {
    find: (wanted: readonly ImageContent[]) => {
      const found = new Map(wanted.flatMap(({ hash }) => (bytes.has(hash) ? [[hash, { bytes: bytes.get(hash) }]] : [])));
      return Promise.resolve({ found, missing: wanted.length - found.size });
    },
    get: () =>
      Promise.resolve({
        takeOver: (given: readonly { image: ImageContent; data: Uint8Array | null }[]) => {
          kept.push(...given.map(({ image, data }) => ({ hash: image.hash, data })));
          return Promise.resolve({ isFull: false, missing: given.filter(({ data }) => data === null).length });
        },
      }),
  };
  const say = (sentence: string): void => void said.push(sentence);
  const ports = {
    session: { board, me: { id: 'u-me' } },
    view: {
      stage,
      get selected() {
        return board.elements();
      },
    },
    room,
    images,
    toasts: { say, fail: say },
    files: {
      whilePreparing: (_: string | null, run: () => Promise<unknown>) => run(),
      putText: (text: string) => Promise.resolve(void said.push(`text: ${text}`)),
    },
  } as unknown as ClipboardPorts;
  return { clipboard: new BoardClipboard(ports), board, room, place, said, kept, selections };
}

class Transfer {
  readonly data = new Map<string, string>();
  setData(type: string, value: string): void {
    this.data.set(type, value);
  }
  get incoming() {
    return { elements: this.elements, text: this.data.get('text/plain') ?? '' };
  }
  get elements() {
    const found = elementsInMarkup(this.data.get('text/html') ?? '');
    if (found === null) throw new Error('nothing copied');
    return found;
  }
}
const transfer = (): DataTransfer & Transfer => new Transfer() as unknown as DataTransfer & Transfer;
const xs = (board: Board): number[] => board.elements().map(({ geometry }) => geometry.x);

it('what is copied on one board is pasted on another as one step, and selected', async () => {
  const from = page([box(0), { ...box(50), kind: 'text', text: 'Hello' }]);
  const copied = transfer();
  expect(from.clipboard.copy(copied)).toBe(true);
  expect(copied.data.get('text/plain')).toBe('Hello');
  const to = page();
  await to.clipboard.paste(copied.incoming, 'middle');
  expect(xs(to.board)).toEqual([1_000, 1_050]);
  expect(to.selections).toEqual([to.board.elements().map(({ id }) => id)]);
  to.board.undo();
  expect([to.board.count, to.board.canUndo]).toEqual([0, false]);
  await to.clipboard.paste(copied.incoming, 'in-place');
  expect(xs(to.board)).toEqual([0, 50]);
});

it('nothing selected is left to the page', () => {
  const empty = transfer();
  const { clipboard } = page();
  expect([clipboard.copy(empty), clipboard.cut(empty), empty.data.size]).toEqual([false, false, 0]);
});

it('cut leaves what is locked, says so, and one press brings the rest back', () => {
  const { clipboard, board, said } = page([box(0), box(20)]);
  const [first] = board.elements();
  if (first === undefined) throw new Error('no element');
  board.run((edit) => edit.setLocked(first.id, true));
  const copied = transfer();
  clipboard.cut(copied);
  expect([xs(board), said]).toEqual([[0], ['1 element was copied and stays: it is locked, or was changed meanwhile.']]);
  board.undo();
  expect(xs(board)).toEqual([0, 20]);
});

it('a large copy goes to the device; it is cut only once all of it is there, and can be pasted before', async () => {
  const { clipboard, board } = page(Array.from({ length: 5_000 }, (_, x) => box(x)));
  const copied = transfer();
  clipboard.cut(copied);
  expect([copied.elements.file, board.count]).toEqual(['', 5_000]);
  const to = page();
  await clipboard.paste(copied.incoming, 'in-place');
  // What was cut is gone, and what was pasted is there.
  expect(board.elements().filter(({ geometry }) => geometry.x === 4_999)).toHaveLength(1);
  await to.clipboard.paste(copied.incoming, 'in-place');
  expect(to.board.count).toBe(5_000);
  to.board.undo();
  expect(to.board.count).toBe(0);
});

it('the bytes of pictures go with them; without them their frame is pasted, and a toast says so', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const from = page([pictureAt(0)], new Map([[picture.hash, bytes]]));
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page();
  await from.clipboard.paste(copied.incoming, 'middle'); // Waits until the copy is whole.
  await to.clipboard.paste(copied.incoming, 'middle');
  expect(to.kept).toEqual([{ hash: picture.hash, data: bytes }]);
  expect(to.said).toEqual([]);

  const elsewhere = page();
  await elsewhere.clipboard.paste({ elements: { ...copied.elements, copy: 'of-another-browser' }, text: '' }, 'middle');
  expect(elsewhere.board.count).toBe(1);
  expect(elsewhere.said).toEqual(['1 of the pictures is not on this device: the board shows its frame unless the server has it.']);
});

it('a cut picture is pasted with its bytes, though it is off the board before they are found', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const { clipboard, board, kept } = page([box(0), pictureAt(20)], new Map([[picture.hash, bytes]]));
  const copied = transfer();
  clipboard.cut(copied);
  expect(board.count).toBe(2);
  await clipboard.paste(copied.incoming, 'in-place');
  expect(board.elements().map(({ kind }) => kind)).toEqual(['rectangle', 'image']);
  expect(kept).toEqual([{ hash: picture.hash, data: bytes }]);
  board.undo();
  board.undo();
  expect(xs(board)).toEqual([0, 20]);
});

it('what was deleted or changed while it was being copied is in the copy as it was, and a cut leaves it', async () => {
  const { clipboard, board, said } = page([pictureAt(0), box(20)], new Map([[picture.hash, Uint8Array.of(1)]]));
  const [, second] = board.elements();
  const copied = transfer();
  clipboard.cut(copied);
  board.run((edit) => edit.setStyle(second?.id as ElementId, 'color', 'red'));
  const to = page();
  await clipboard.paste(copied.incoming, 'in-place');
  await to.clipboard.paste(copied.incoming, 'in-place');
  expect(to.board.elements().map(({ style: { color } }) => color)).toEqual(['ink', 'ink']);
  expect(board.get(second?.id as ElementId)?.style.color).toBe('red');
  expect(said).toContain('1 element was copied and stays: it is locked, or was changed meanwhile.');
});

it('a copy that was begun later is the one that stays, however long the first one takes', async () => {
  const first = page(Array.from({ length: 4_000 }, (_, x) => box(x)));
  const [large, small] = [transfer(), transfer()];
  first.clipboard.copy(large);
  const second = page([pictureAt(0)], new Map([[picture.hash, Uint8Array.of(1)]]));
  second.clipboard.copy(small);
  await first.clipboard.paste(large.incoming, 'in-place');
  await second.clipboard.paste(small.incoming, 'in-place');
  expect(second.board.count).toBe(2);
  expect(second.kept[0]?.data).toEqual(Uint8Array.of(1));
  expect(first.board.count).toBe(4_000);
});

it('a copy that is no longer here is pasted as its text', async () => {
  const { clipboard, board, said } = page();
  await clipboard.paste({ elements: { file: '', copy: 'gone' }, text: 'Hello' }, 'middle');
  expect(board.count).toBe(0);
  expect(said.at(-1)).toBe('text: Hello');
});

it('two pastes do not lie between each other', async () => {
  const from = page(Array.from({ length: 600 }, (_, x) => box(x)));
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page();
  await Promise.all([to.clipboard.paste(copied.incoming, 'in-place'), to.clipboard.paste(copied.incoming, 'in-place')]);
  expect(xs(to.board)).toEqual([...xs(from.board), ...xs(from.board)]);
});

it('a paste stops where the person may no longer change the board, and says so', async () => {
  const from = page(Array.from({ length: 2_000 }, (_, x) => box(x)));
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page();
  to.board.onChange(() => (to.room.isReadOnly = true));
  await to.clipboard.paste(copied.incoming, 'in-place');
  expect(to.board.count).toBeLessThan(2_000);
  expect(to.said).toEqual(['Only a part was pasted: this board can no longer be changed here.']);
});

it('a file pasted on another board says where its content is', async () => {
  const file = { hash: 'c'.repeat(64), type: 'text/plain', bytes: 4, name: 'a.txt' };
  const from = page([{ ...box(0), kind: 'file', file }]);
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page();
  await to.clipboard.paste(copied.incoming, 'middle');
  expect(to.said).toEqual(['The file is on the board that it was copied from. Add it here to open it here.']);
  await from.clipboard.paste(copied.incoming, 'middle');
  expect(from.said).toEqual([]);
});

it('what is wider than any move can hold is pasted where it was', async () => {
  const { maxCoordinate: max } = inkLimits;
  const wide = { ...box(0), geometry: { x: -max, y: 0, w: 10, h: 10, rotation: 0 } };
  const from = page([wide, { ...wide, geometry: { ...wide.geometry, x: max } }]);
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page();
  await to.clipboard.paste(copied.incoming, 'middle');
  expect(xs(to.board)).toEqual([-max, max]);
});

it('what is damaged, or no longer there, is a sentence and changes nothing', async () => {
  const { clipboard, board, said } = page([box(0)]);
  const whole = exportBoard(board);
  await clipboard.paste({ elements: { file: 'AAAA', copy: '' }, text: '' }, 'middle');
  await clipboard.paste({ elements: { file: 'A', copy: '' }, text: '' }, 'middle');
  await clipboard.paste({ elements: { file: encodeBase64(whole.subarray(0, whole.length - 4)), copy: '' }, text: '' }, 'middle');
  await clipboard.paste({ elements: { file: '', copy: 'gone' }, text: '' }, 'middle');
  expect(board.count).toBe(1);
  expect(said.slice(0, 3)).toEqual(Array(3).fill('What was copied is damaged and can’t be pasted. Copy it again.'));
  expect(said[3]).toContain('no longer on this device');
});

it('a board that may no longer be changed takes nothing', async () => {
  const { clipboard, board, room } = page([box(0)]);
  const copied = transfer();
  clipboard.copy(copied);
  room.isReadOnly = true;
  await clipboard.paste(copied.incoming, 'middle');
  expect(board.count).toBe(1);
});

it('what is pasted beyond the edge of what a board can hold lies at that edge', async () => {
  const { clipboard, board, place } = page([box(0)]);
  const copied = transfer();
  clipboard.copy(copied);
  place.by = { x: 1e12, y: -1e12 };
  await clipboard.paste(copied.incoming, 'middle');
  const { maxCoordinate: max } = inkLimits;
  expect(board.elements()[1]?.geometry).toMatchObject({ x: max - 10, y: -max });
});

it('a drawing of tldraw is put on the board as one step; one that is damaged is put there as its text', async () => {
  const shape = { id: 'shape:a', type: 'geo', x: 5, y: 5, parentId: 'page:p', props: { geo: 'star', w: 20, h: 20 } };
  const data = { shapes: [shape, { ...shape, id: 'shape:b', type: 'video' }] };
  const content = JSON.stringify({ type: 'application/tldraw', version: 2, data });
  const { clipboard, board, said } = page();
  await clipboard.pasteDrawing({ from: 'tldraw', content, text: '' }, 'in-place');
  expect(board.elements().map(({ kind, geometry }) => [kind, geometry.x])).toEqual([['star', 5]]);
  expect(said).toEqual(['1 element was left out: this board has nothing of its kind.']);
  board.undo();
  expect([board.count, board.canUndo]).toEqual([0, false]);
  await clipboard.pasteDrawing({ from: 'tldraw', content: content.slice(0, -5), text: 'words' }, 'in-place');
  expect(said.slice(1)).toEqual(['What was copied is damaged and can’t be pasted. Copy it again.', 'text: words']);
});

it('a group that is pasted into a frame is in the frame as a whole, also when it comes in parts', async () => {
  const from = page(Array.from({ length: 300 }, (_, x) => box(x)));
  from.board.run((edit) => edit.group(from.board.elements().map(({ id }) => id)));
  const copied = transfer();
  from.clipboard.copy(copied);
  const to = page([{ ...box(-10), kind: 'frame', geometry: { x: -10, y: -10, w: 400, h: 100, rotation: 0 } }]);
  const [frame] = to.board.elements();
  await to.clipboard.paste(copied.incoming, 'in-place');
  const pasted = to.board.elements().filter(({ kind }) => kind !== 'frame');
  expect(new Set(pasted.map((element) => element.frame))).toEqual(new Set([frame?.id]));
  const [group, ...others] = new Set(pasted.map(({ parent }) => parent));
  expect([others, group === frame?.id, group === undefined || group === null ? group : to.board.parentOf(group)]).toEqual([
    [],
    false,
    frame?.id,
  ]);
  // Half of it lies beside the frame: it stays beside it.
  to.place.by = { x: 300, y: 0 };
  await to.clipboard.paste(copied.incoming, 'middle');
  expect(to.board.elements().filter((element) => element.kind !== 'frame' && element.frame === null)).toHaveLength(300);
});
