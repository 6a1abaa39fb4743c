import { describe, expect, it } from 'vitest';
import type { BoardElement, ElementId } from '@wetink/board';
import { desk, type Desk } from '../fixtures/desk.ts';
import { emptyBoard, exchange, plain } from '../fixtures/elements.ts';
import { frameContent } from '../stage/frame-content.ts';

const keys = { shift: false, alt: false, mod: false };

/**
 * Five filled boxes of 40 by 40 from left to right, 100 apart: a and b are in the group `inner`, that and c in `outer`, d and
 * e are in none.
 */
function table() {
  const board = emptyBoard();
  const style = { ...plain, fill: 'red' } as const;
  const ids = board.run((edit) =>
    [0, 1, 2, 3, 4].map((i) =>
      edit.create({ kind: 'rectangle', geometry: { x: 100 * (i + 1), y: 100, w: 40, h: 40, rotation: 0 }, style }),
    ),
  );
  const [a, b, c, d, e] = ids as [ElementId, ElementId, ElementId, ElementId, ElementId];
  const inner = board.run((edit) => edit.group([a, b])) as ElementId;
  const outer = board.run((edit) => edit.group([inner, c])) as ElementId;
  const self = desk(board);
  self.actions.selectAll();
  self.actions.select([]);
  self.editor.setTool('select');
  let time = 100_000;
  const pointer = (type: 'down' | 'up', x: number, held: Partial<typeof keys>): void =>
    self.editor.pointers.take(
      { type, pointerId: 9, pointerType: 'mouse', button: 0, at: { x, y: 120 }, time },
      [{ x, y: 120, pressure: 0.5 }],
      {
        ...keys,
        ...held,
      },
    );
  /** A click on a box by its number; 2 for a double click. */
  const click = (box: number, held: Partial<typeof keys> = {}, clicks: 1 | 2 = 1): void => {
    time += 2_000;
    for (let i = 0; i < clicks; i++, time += 80) {
      pointer('down', 100 * box + 20, held);
      time += 20;
      pointer('up', 100 * box + 20, held);
    }
  };
  const selected = (): string =>
    [...self.editor.state.selection]
      .map((id) => 'abcde'[ids.indexOf(id)] ?? '?')
      .sort()
      .join('');
  return { ...self, a, b, c, d, e, inner, outer, click, selected };
}

it('[AR5] what can be aligned is counted by groups and elements that move alone: a group is one, and what is locked is none', () => {
  const { editor, board, outer, a, b, c, d, e } = table();
  const movableAmong = (ids: readonly ElementId[], into: ElementId | null = null): number => {
    editor.select(ids, into);
    return editor.grouping().movable;
  };
  expect(movableAmong([a, b, c])).toBe(1);
  expect(movableAmong([a, b, c, d])).toBe(2);
  expect(movableAmong([a, b, c, d, e])).toBe(3);
  // Within the group that was entered.
  expect(movableAmong([a, b, c], outer)).toBe(2);
  board.run((edit) => edit.setLocked(d, true));
  expect([movableAmong([d]), movableAmong([d, e]), movableAmong([])]).toEqual([0, 1, 0]);
});

const places = ({ board }: Pick<Desk, 'board'>): number[] => board.elements().map(({ geometry }) => geometry.x);

describe('selecting what is in groups', () => {
  it('[GR1] a click selects the outermost group, a double click or one with Mod goes one deeper, Escape climbs out', () => {
    const { click, selected, editor, outer, inner } = table();
    click(1);
    expect([selected(), editor.state.entered]).toEqual(['abc', null]);
    click(1, {}, 2);
    expect([selected(), editor.state.entered]).toEqual(['ab', outer]);
    click(3);
    expect([selected(), editor.state.entered]).toEqual(['c', outer]);
    click(1, { mod: true });
    expect([selected(), editor.state.entered]).toEqual(['a', inner]);
    click(2);
    expect(selected()).toBe('b');
    click(2, { mod: true });
    expect([selected(), editor.state.entered]).toEqual(['b', inner]);
    editor.escape();
    expect([selected(), editor.state.entered]).toEqual(['ab', outer]);
    editor.escape();
    expect([selected(), editor.state.entered]).toEqual(['abc', null]);
    editor.escape();
    expect([selected(), editor.state.tool]).toEqual(['', 'select']);
  });

  it('[GR1] a click beside the entered group, or on paper, leaves it', () => {
    const { click, selected, editor } = table();
    click(1, { mod: true });
    expect(selected()).toBe('ab');
    click(4);
    expect([selected(), editor.state.entered]).toEqual(['d', null]);
    click(1);
    expect(selected()).toBe('abc');
    click(1, {}, 2);
    click(7);
    expect([selected(), editor.state.entered]).toEqual(['', null]);
    click(2);
    expect(selected()).toBe('abc');
  });

  it('[GR1] Shift adds groups and takes them away, on the frame of the selection as well', () => {
    const { click, selected } = table();
    click(4);
    click(2, { shift: true });
    expect(selected()).toBe('abcd');
    click(1, { shift: true });
    expect(selected()).toBe('d');
  });

  it('[GR2] a box selects every group that it touches as a whole; with Alt those that it holds', () => {
    const { drag, selected, editor, press, move, lift } = table();
    drag([
      [260, 60],
      [280, 180],
    ]);
    expect(selected()).toBe('');
    drag([
      [260, 60],
      [220, 180],
    ]);
    expect(selected()).toBe('abc');
    press(60, 60);
    move(260, 180);
    editor.modifiers({ ...keys, alt: true });
    expect(selected()).toBe('');
    move(360, 180);
    editor.modifiers({ ...keys, alt: true });
    expect(selected()).toBe('abc');
    lift(360, 180);
  });

  it('[GR3] Tab walks over a group as one, and Enter goes into it', () => {
    const { actions, click, selected, editor, inner } = table();
    const walk = (direction: 1 | -1): string => (actions.selectNext(direction) ? selected() : 'end');
    expect([walk(1), walk(1), walk(1), walk(1)]).toEqual(['abc', 'd', 'e', 'end']);
    expect([walk(-1), walk(-1), walk(-1)]).toEqual(['d', 'abc', 'end']);
    click(1, { mod: true });
    expect(selected()).toBe('ab');
    expect([actions.editSelection(), editor.state.entered]).toEqual([true, inner]);
    expect(selected()).toMatch(/^[ab]$/);
    expect(actions.editSelection()).toBe(false);
  });
});

describe('what is done to a group', () => {
  it('[GR4] moves all of it as one step, in one frame, and others see it move', () => {
    const { click, drag, sent, board, editor } = table();
    click(1);
    expect(
      frameContent(editor, 1, { cursors: [], selecting: [], lasers: [], now: 0, isStill: false }).selection.frame?.geometry,
    ).toMatchObject({ x: 100, w: 240 });
    drag([
      [120, 120],
      [150, 150],
      [170, 170],
    ]);
    expect(places({ board })).toEqual([150, 250, 350, 400, 500]);
    expect(sent.length).toBeGreaterThan(0);
    board.undo();
    expect(places({ board })).toEqual([100, 200, 300, 400, 500]);
  });

  it('[GR4] resizes, deletes, locks and reorders all of it, each as one step', () => {
    const { click, drag, board, actions, a, c, d } = table();
    click(1);
    drag([
      [340, 140],
      [400, 155],
      [580, 180],
    ]);
    expect(board.get(c)?.geometry.w).toBeCloseTo(80);
    board.undo();
    expect(board.get(c)?.geometry.w).toBe(40);
    actions.lockSelection();
    expect([board.get(a)?.isLocked, board.get(d)?.isLocked]).toEqual([true, false]);
    board.undo();
    actions.reorderSelection('forward');
    expect(places({ board })).toEqual([400, 100, 200, 300, 500]);
    click(4);
    actions.reorderSelection('forward');
    expect(places({ board })).toEqual([100, 200, 300, 400, 500]);
    click(1);
    actions.deleteSelection();
    expect(places({ board })).toEqual([400, 500]);
    board.undo();
    click(1);
    expect(board.count).toBe(5);
  });

  it('[GR4] a copy is in groups of its own; one of a part stays in the group that was entered', () => {
    const { click, selected, board, actions, editor, a, outer } = table();
    click(1);
    actions.duplicateSelection();
    expect(board.count).toBe(8);
    const copies = editor.state.selection.map((id) => board.get(id) as BoardElement);
    expect(new Set(copies.map(({ parent }) => parent)).size).toBe(2);
    for (const { parent } of copies) expect([board.parentOf(a), outer, null]).not.toContain(parent);
    board.undo();
    click(1);
    click(1, { mod: true });
    expect(selected()).toBe('ab');
    actions.duplicateSelection();
    const [copy] = editor.state.selection;
    expect(board.parentOf(board.parentOf(copy as ElementId) as ElementId)).toBe(outer);
    expect(board.parentOf(copy as ElementId)).not.toBe(board.parentOf(a));
    expect(editor.state.entered).toBe(outer);
  });

  it('[GR4] the elements of a copied group lie above each other as their originals do', () => {
    const board = emptyBoard();
    const ids = board.run((edit) =>
      [1, 2, 3, 4, 5, 6].map((w) =>
        edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 10 * w, h: 9, rotation: 0 }, style: plain }),
      ),
    );
    board.run((edit) => edit.group([2, 0, 5, 1, 4, 3].map((i) => ids[i] as ElementId)));
    const { actions, editor } = desk(board);
    actions.selectNext(1);
    actions.duplicateSelection();
    const widths = board.elements().map(({ geometry }) => geometry.w);
    expect(widths).toEqual([10, 20, 30, 40, 50, 60, 10, 20, 30, 40, 50, 60]);
    expect(editor.state.selection).toHaveLength(6);
  });

  it('[GR5] grouping and ungrouping the selection are one step each, and do nothing on a board that is only looked at', () => {
    const { click, selected, board, actions, d, e, outer } = table();
    click(4);
    actions.groupSelection();
    expect(board.parentOf(d)).toBeNull();
    click(5, { shift: true });
    actions.groupSelection();
    expect(board.parentOf(d)).not.toBeNull();
    expect(board.parentOf(d)).toBe(board.parentOf(e));
    click(1, { shift: true });
    actions.groupSelection();
    expect(board.parentOf(board.parentOf(d) as ElementId)).toBe(board.parentOf(outer));
    click(1);
    expect(selected()).toBe('abcde');
    actions.ungroupSelection();
    expect(board.parentOf(outer)).toBeNull();
    expect(selected()).toBe('abcde');
    actions.ungroupSelection();
    expect([board.membersOf(outer), board.parentOf(d)]).toEqual([[], null]);
    board.undo();
    board.undo();
    expect(board.parentOf(outer)).not.toBeNull();
    const reader = desk(board, { isReadOnly: true });
    reader.actions.selectAll();
    reader.actions.ungroupSelection();
    reader.actions.groupSelection();
    expect(board.parentOf(outer)).not.toBeNull();
  });

  it('[GR6] [T9] what others group or ungroup meanwhile ends no drag, and leaves the selection', () => {
    const mine = table();
    const other = emptyBoard('ben', 2);
    exchange(mine.board, other);
    mine.click(4);
    mine.press(420, 120);
    mine.move(440, 140);
    other.run((edit) => edit.group([mine.d, mine.e]));
    other.run((edit) => edit.ungroup([mine.outer]));
    exchange(mine.board, other);
    mine.move(470, 170);
    mine.lift(470, 170);
    expect(places(mine)).toEqual([100, 200, 300, 450, 500]);
    expect(mine.selected()).toBe('d');
    mine.click(5);
    expect(mine.selected()).toBe('de');
    mine.click(3);
    expect(mine.selected()).toBe('c');
  });
});
