/** The eyedropper and the fill. */
import type { BoardElement, ElementKind, Style } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { desk, type Desk } from '../fixtures/desk.ts';

function put(d: Desk, kind: ElementKind, style: Partial<Style>, x = 100): BoardElement['id'] {
  const geometry = { x, y: 100, w: 100, h: 100, rotation: 0 };
  return d.board.run((edit) => edit.create({ kind, geometry, style: { ...d.editor.state.style, ...style } }));
}
const fills = (d: Desk): string[] => d.board.elements().map(({ style }) => style.fill);
function click(d: Desk, x: number, y: number, kind: 'mouse' | 'touch' = 'mouse'): void {
  d.press(x, y, 1, kind);
  d.lift(x, y, 1, kind);
}

describe('the eyedropper', () => {
  it('[T18] takes the colour, and the fill where there is one, and gives back the tool of before; nothing is written', () => {
    const d = desk();
    put(d, 'rectangle', { color: 'red', fill: 'yellow', width: 9 });
    put(d, 'line', { color: 'teal', width: 2 }, 300);
    const step = d.board.nextUndo;
    d.actions.setTool('ellipse');
    d.actions.setTool('eyedropper');
    click(d, 150, 150, 'touch');
    expect(d.editor.state).toMatchObject({ tool: 'ellipse', style: { color: 'red', fill: 'yellow', width: 4 } });
    d.actions.setTool('eyedropper');
    click(d, 350, 150);
    expect(d.editor.state.style).toMatchObject({ color: 'teal', fill: 'yellow', width: 4 });
    expect(d.board.nextUndo).toBe(step);
  });

  it('[T18] with Alt it takes the whole style, and beside everything it takes nothing and stays', () => {
    const d = desk();
    put(d, 'line', { color: 'teal', width: 2, dash: 'dotted' });
    d.actions.setTool('eyedropper');
    click(d, 600, 600);
    expect(d.editor.state).toMatchObject({ tool: 'eyedropper', style: { color: 'ink' } });
    d.hold({ shift: false, alt: true, mod: false });
    click(d, 150, 150);
    expect(d.editor.state).toMatchObject({ tool: 'pen', style: { color: 'teal', width: 2, dash: 'dotted', fontSize: 24 } });
  });

  it('[T18] takes the colour of an empty shape from its inside', () => {
    const d = desk();
    put(d, 'ellipse', { color: 'violet' });
    d.actions.setTool('eyedropper');
    click(d, 150, 150);
    expect(d.editor.state.style).toMatchObject({ color: 'violet', fill: 'none' });
  });
});

describe('the fill', () => {
  it('[T18] fills the topmost shape around the press as one step, empty or not, and the tool stays', () => {
    const d = desk();
    put(d, 'rectangle', {});
    put(d, 'diamond', {});
    d.actions.setStyle({ fill: 'green' });
    d.actions.setTool('fill');
    click(d, 150, 150, 'touch');
    expect([fills(d), d.editor.state.tool]).toEqual([['none', 'green'], 'fill']);
    // In the corner of the box there is the rectangle alone.
    click(d, 104, 104);
    expect(fills(d)).toEqual(['green', 'green']);
    d.board.undo();
    expect(fills(d)).toEqual(['none', 'green']);
  });

  it('[T18] without a fill in the style it is the colour of the pen; locked shapes and read-only boards are left alone', () => {
    const d = desk();
    const id = put(d, 'star', {});
    d.actions.setStyle({ color: 'pink' });
    d.actions.setTool('fill');
    click(d, 150, 150);
    expect(fills(d)).toEqual(['pink']);
    d.board.run((edit) => edit.setLocked(id, true));
    d.actions.setStyle({ fill: 'blue' });
    click(d, 150, 150);
    expect(fills(d)).toEqual(['pink']);
    d.board.run((edit) => edit.setLocked(id, false));
    d.editor.setReadOnly(true);
    click(d, 150, 150);
    expect(fills(d)).toEqual(['pink']);
  });
});
