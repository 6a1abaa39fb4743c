import { expect, it } from 'vitest';
import type { LatePart } from '../editor/late-part.ts';
import { desk, type Desk } from '../fixtures/desk.ts';
import * as code from './editing.ts';
import type { Editing } from './stage-types.ts';

/** Code for editing that has yet to come. */
function late(): LatePart<Editing> & { arrive(part: Editing | null): Promise<void> } {
  let part: Editing | null = null;
  let answer = (_part: Editing | null): void => undefined;
  return {
    opened: () => part,
    get: () => new Promise((resolve) => (answer = resolve)),
    async arrive(found) {
      part = found;
      answer(found);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}
const kinds = ({ board }: Desk): string[] => board.elements().map(({ kind }) => kind);

it('[T14] whatever is drawn waits for no code', () => {
  const at = desk(undefined, { editing: late() });
  for (const [i, tool] of (['pen', 'highlighter', 'rectangle', 'star', 'arrow'] as const).entries()) {
    at.actions.setTool(tool);
    at.drag([
      [10, 100 * i],
      [60, 100 * i + 50],
    ]);
  }
  expect(kinds(at)).toEqual(['stroke', 'stroke', 'rectangle', 'star', 'arrow']);
  // A shape hands over to the select tool, and is selected.
  expect([at.editor.state.tool, at.editor.state.selection.length]).toEqual(['select', 1]);
});

it('[T14] what is erased before the code for it is there goes once it is', async () => {
  const editing = late();
  const at = desk(undefined, { editing });
  at.drag([
    [10, 10],
    [60, 60],
  ]);
  at.actions.setTool('eraser');
  at.press(10, 60);
  at.move(60, 10);
  // The view moves meanwhile: the eraser was where it was then.
  at.actions.setCamera({ x: 500, y: 0, zoom: 1 });
  at.lift(60, 10);
  expect(kinds(at)).toEqual(['stroke']);
  await editing.arrive(code);
  expect(kinds(at)).toEqual([]);
});

it('[T14] acts that follow one that waits run after it, each with the tool of its time', async () => {
  const editing = late();
  const at = desk(undefined, { editing });
  at.drag([
    [10, 10],
    [60, 60],
  ]);
  expect(kinds(at)).toEqual(['stroke']);
  expect(at.actions.selectNext(1)).toBe(true);
  at.actions.duplicateSelection();
  at.actions.setTool('pen');
  at.drag([
    [200, 10],
    [260, 60],
  ]);
  expect([kinds(at), at.editor.state.selection]).toEqual([['stroke'], []]);
  await editing.arrive(code);
  expect([kinds(at), at.editor.state.tool]).toEqual([['stroke', 'stroke', 'stroke'], 'pen']);
  // Nothing waits any more.
  at.actions.selectAll();
  expect(at.editor.state.selection.length).toBe(3);
});

it('[T14] drawing and moving the view need no other code', () => {
  const at = desk(undefined, { editing: late() });
  at.drag([
    [10, 10],
    [60, 60],
  ]);
  at.actions.zoomIn();
  expect([kinds(at), at.editor.state.camera.zoom > 1]).toEqual([['stroke'], true]);
});

it('[T14] Escape, a board that becomes read-only, and code that cannot be fetched leave nothing that waits', async () => {
  const ends: readonly ((at: Desk) => void)[] = [(at) => at.actions.escape(), (at) => at.editor.setReadOnly(true), () => undefined];
  for (const [index, end] of ends.entries()) {
    const editing = late();
    const at = desk(undefined, { editing });
    at.actions.placeAtCentre('ellipse');
    end(at);
    await editing.arrive(index === 2 ? null : code);
    expect(kinds(at)).toEqual([]);
    at.editor.setReadOnly(false);
    at.actions.placeAtCentre('ellipse');
    await editing.arrive(code);
    expect(kinds(at)).toEqual(['ellipse']);
  }
});
