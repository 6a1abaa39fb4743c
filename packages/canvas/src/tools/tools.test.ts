import { describe, expect, it } from 'vitest';
import { plain, shape, stroke } from '../fixtures/elements.ts';
import { altKey, drive, noKeys, shiftKey } from '../fixtures/tool-driver.ts';
import { eraserTool } from './eraser.ts';
import { penTool } from './pen.ts';
import { selectTool } from './select.ts';
import { createShapeTool } from './shape.ts';
import { textTool } from './text.ts';

describe('copying with Alt', () => {
  it('[CP1] a drag makes copies while Alt is held, and moves otherwise', () => {
    const box = shape('rectangle', { w: 100, h: 50 }, { style: { ...plain, fill: 'red' } });
    const other = shape('rectangle', { x: 200, w: 100, h: 50 });
    const world = { elements: [box, other], selection: [box, other] };
    const hand = drive(selectTool, world).down(50, 25).move(60, 45, altKey);
    expect(hand.preview()).toMatchObject({ kind: 'copy', gesture: 'g.1', items: [{ id: box.id, geometry: { x: 10, y: 20 } }, {}] });
    hand.keys(noKeys);
    expect(hand.preview()).toMatchObject({ kind: 'move' });
    expect(hand.keys(altKey).up().commits()).toEqual([{ type: 'copy', ids: [box.id, other.id], shift: { x: 10, y: 20 } }]);
    const straight = drive(selectTool, world)
      .down(50, 25)
      .move(60, 85, { ...altKey, shift: true })
      .up();
    expect(straight.commits()).toMatchObject([{ type: 'copy', shift: { x: 0, y: 60 } }]);
    const back = drive(selectTool, world).down(50, 25).move(90, 25, altKey).move(50, 25, altKey).up();
    expect(back.effects.map((effect) => effect.do)).toEqual(['abandon']);
  });
});

describe('pen', () => {
  it('[T1] [T2] a tap with the pen tool is one stroke of one point', () => {
    const pen = drive(penTool).down(3, 4).up();
    expect(pen.commits()).toEqual([{ type: 'stroke', style: plain, hasPressure: false, xyp: [3, 4, 0.5] }]);
    expect(pen.effects).toHaveLength(1);
  });

  it.each([
    [30, 7, 'abandon'],
    [2, 8, 'commit'],
  ])('[T3] D7: a stroke interrupted after %i samples that reach %i px: %s', (count, px, outcome) => {
    const pen = drive(penTool, { zoom: 2 }).down(0, 0);
    for (let i = 1; i <= count; i++) pen.move((i * px) / 2 / count, 0);
    pen.interrupt();
    expect(pen.effects.map((effect) => effect.do)).toEqual([outcome]);
  });

  /** Draws with a pen that reports these pressures. Returns whether the stroke has pressure, and its pressures. */
  const inked = (pressures: readonly number[]): { hasPressure: boolean; drawn: number[] } => {
    const pen = drive(penTool).down(0, 0, { pointerType: 'pen', pressure: pressures[0] ?? 0 });
    pressures.slice(1).forEach((pressure, i) => pen.move((i + 1) * 10, 0, noKeys, pressure));
    const [commit] = pen.up().commits();
    if (commit?.type !== 'stroke') throw new Error('no stroke');
    return { hasPressure: commit.hasPressure, drawn: commit.xyp.filter((_, i) => i % 3 === 2) };
  };

  it('D5: a pen stroke that tapers off and ends with a report of pressure 0 ends as thin as it was reported', () => {
    expect(inked([0.2, 0.6, 0.3, 0.02, 0])).toEqual({ hasPressure: true, drawn: [0.2, 0.6, 0.3, 0.02, 0] });
  });

  it('D5: a pen stroke whose first or middle samples report pressure 0 has no blob there either', () => {
    expect(inked([0, 0, 0.02, 0.4])).toEqual({ hasPressure: true, drawn: [0, 0, 0.02, 0.4] });
    expect(inked([0.4, 0, 0, 0.3])).toEqual({ hasPressure: true, drawn: [0.4, 0, 0, 0.3] });
  });

  it('D5: a pen that reports 0 throughout has no sensor, and its stroke is as thick as a mouse makes it', () => {
    expect(inked([0, 0, 0])).toEqual({ hasPressure: false, drawn: [0.5, 0.5, 0.5] });
    expect(inked([0])).toEqual({ hasPressure: false, drawn: [0.5] });
  });

  it('D5: with Shift the end of a straight pen stroke is as thin as reported', () => {
    const pen = drive(penTool).down(0, 0, { pointerType: 'pen', pressure: 0.4 }).move(30, 0, shiftKey, 0).up();
    expect(pen.commits()).toMatchObject([{ hasPressure: true, xyp: [0, 0, 0.4, 30, 0, 0] }]);
  });

  it('a cancelled stroke leaves nothing, and the pen can draw again', () => {
    const pen = drive(penTool).down(0, 0).move(50, 50).cancel();
    expect(pen.effects).toEqual([{ do: 'abandon', gesture: 'g.1' }]);
    expect(pen.preview()).toBeNull();
    expect(pen.down(1, 1).up().commits()).toHaveLength(1);
  });

  it('[T4] Shift makes the rest of a stroke straight', () => {
    const pen = drive(penTool).down(0, 0).move(10, 10).move(30, 12, shiftKey).move(60, 40, shiftKey).up();
    expect(pen.commits()).toMatchObject([{ xyp: [0, 0, 0.5, 10, 10, 0.5, 60, 40, 0.5] }]);
  });

  it('a resting pen adds no points', () => {
    const pen = drive(penTool, { zoom: 2 }).down(0, 0).move(0.01, 0.02).move(0.05, 0).up();
    expect(pen.commits()).toMatchObject([{ xyp: [0, 0, 0.5] }]);
  });

  it('[T11] on a read-only board the pen draws nothing', () => {
    expect(drive(penTool, { isReadOnly: true }).down(0, 0).move(50, 0).up().effects).toEqual([]);
  });
});

describe('shapes', () => {
  it('[T1] a drag in any direction makes one shape', () => {
    const box = drive(createShapeTool('rectangle')).down(100, 100).move(40, 60).up();
    expect(box.commits()).toEqual([
      { type: 'shape', shape: 'rectangle', style: plain, geometry: { x: 40, y: 60, w: 60, h: 40, rotation: 0 } },
    ]);
  });

  it('a dragged line keeps the direction of the drag', () => {
    const line = drive(createShapeTool('arrow')).down(100, 100).move(40, 60).up();
    expect(line.commits()).toMatchObject([{ geometry: { x: 100, y: 100, w: -60, h: -40 } }]);
  });

  it.each([
    ['mouse', 3, 0],
    ['mouse', 4, 1],
    ['touch', 5, 0],
    ['touch', 6, 1],
  ] as const)('[T6] a %s moved %i px leaves %i', (pointerType, px, count) => {
    const tool = drive(createShapeTool('ellipse'), { zoom: 2 })
      .down(0, 0, { pointerType })
      .move(px / 2, 0)
      .up();
    expect(tool.commits()).toHaveLength(count);
  });

  it('[T4] Shift makes a shape square, Alt grows it from the centre, also when pressed while the pointer rests', () => {
    const square = drive(createShapeTool('rectangle')).down(0, 0).move(30, -10).keys(shiftKey).up();
    expect(square.commits()).toMatchObject([{ geometry: { x: 0, y: -30, w: 30, h: 30 } }]);
    const centred = drive(createShapeTool('ellipse')).down(100, 100).move(120, 110, altKey).up();
    expect(centred.commits()).toMatchObject([{ geometry: { x: 80, y: 90, w: 40, h: 20 } }]);
    const line = drive(createShapeTool('line')).down(0, 0).move(100, 3, shiftKey).up();
    const [commit] = line.commits();
    expect(commit?.type === 'shape' ? commit.geometry.h : NaN).toBeCloseTo(0);
  });
});

describe('eraser', () => {
  const elements = [stroke([0, 0, 0, 100]), stroke([50, 0, 50, 100]), stroke([500, 0, 500, 100])];

  it('[T5] [T1] the eraser removes everything its drag touched, each element once, as one commit', () => {
    const eraser = drive(eraserTool, { elements }).down(-20, 50).move(60, 50).move(-20, 60).up();
    expect(eraser.commits()).toEqual([{ type: 'remove', ids: [elements[0]?.id, elements[1]?.id] }]);
  });

  it('[T5] a cancelled or interrupted eraser removes nothing', () => {
    for (const end of ['cancel', 'interrupt'] as const) {
      const eraser = drive(eraserTool, { elements }).down(-20, 50).move(60, 50);
      expect(eraser.preview()).toMatchObject({ kind: 'erase', ids: new Set([elements[0]?.id, elements[1]?.id]) });
      expect(eraser[end]().commits()).toEqual([]);
    }
  });

  it('a tap with the eraser removes the element under it', () => {
    expect(drive(eraserTool, { elements }).down(500, 50).up().commits()).toEqual([{ type: 'remove', ids: [elements[2]?.id] }]);
  });
});

describe('text', () => {
  const written = shape('text', { x: 0, y: 0, w: 80, h: 20 });

  it('[T10] a click of the text tool opens the text under it, or makes a new one', () => {
    expect(
      drive(textTool, { elements: [written] })
        .down(10, 10)
        .up().effects,
    ).toEqual([{ do: 'edit-text', id: written.id }]);
    expect(
      drive(textTool, { elements: [written] })
        .down(10, 200)
        .up().effects,
    ).toMatchObject([{ do: 'text-at', at: { x: 10, y: 200 } }]);
  });

  it('the text tool makes nothing when a second finger lands', () => {
    expect(drive(textTool).down(10, 200).interrupt().effects).toEqual([{ do: 'abandon', gesture: 'g.1' }]);
  });
});

describe('select', () => {
  const a = shape('rectangle', { x: 0, y: 0, w: 100, h: 100 });
  const b = shape('rectangle', { x: 300, y: 0, w: 100, h: 100 });
  const elements = [a, b];
  const selects = (driver: ReturnType<typeof drive>): unknown[] => driver.effects.flatMap((e) => (e.do === 'select' ? [e.ids] : []));

  it('[T7] a click selects, and with Shift adds to the selection or takes away', () => {
    const tool = drive(selectTool, { elements })
      .down(0, 50)
      .up()
      .down(300, 50, { keys: shiftKey })
      .up()
      .down(0, 50, { keys: shiftKey })
      .up();
    expect(selects(tool)).toEqual([[a.id], [a.id, b.id], [b.id]]);
    expect(selects(tool.down(200, 200).up())).toHaveLength(4);
    expect(selects(tool)[3]).toEqual([]);
  });

  it('[T7] a selection box selects the elements it touches, with Alt only those it contains', () => {
    const tool = drive(selectTool, { elements }).down(-50, -50).move(110, 110).move(310, 110);
    expect(selects(tool).at(-1)).toEqual([a.id, b.id]);
    tool.keys({ ...noKeys, alt: true });
    expect(selects(tool).at(-1)).toEqual([a.id]);
    expect(tool.up().commits()).toEqual([]);
  });

  it('[T1] a drag moves the selection as one commit, along an axis with Shift', () => {
    const tool = drive(selectTool, { elements, selection: elements }).down(0, 30).move(0, 32).move(20, 80).up();
    const [commit] = tool.commits();
    expect(tool.commits()).toHaveLength(1);
    expect(commit).toMatchObject({
      type: 'move',
      items: [
        { id: a.id, geometry: { x: 20, y: 50 } },
        { id: b.id, geometry: { x: 320, y: 50 } },
      ],
    });
    const straight = drive(selectTool, { elements, selection: [a] })
      .down(0, 30)
      .move(20, 80, shiftKey)
      .up();
    expect(straight.commits()).toMatchObject([{ items: [{ geometry: { x: 0, y: 50 } }] }]);
  });

  it('[T6] a press that moves less than 4 px is a click', () => {
    const tool = drive(selectTool, { elements, selection: [a] })
      .down(0, 30)
      .move(2, 32)
      .up();
    expect(tool.commits()).toEqual([]);
    expect(selects(tool)).toEqual([[a.id]]);
  });

  it('[T8] pulling a corner leaves the opposite corner in place', () => {
    const tool = drive(selectTool, { elements, selection: [a] })
      .down(100, 100)
      .move(150, 130)
      .up();
    expect(tool.commits()).toMatchObject([{ items: [{ geometry: { x: 0, y: 0, w: 150, h: 130 } }] }]);
  });

  it('[T8] pulling the corner of a text scales its font size', () => {
    const text = shape('text', { x: 0, y: 0, w: 80, h: 20 });
    const tool = drive(selectTool, { elements: [text], selection: [text] })
      .down(80, 20)
      .move(160, 40)
      .up();
    expect(tool.commits()).toMatchObject([{ items: [{ fontSize: plain.fontSize * 2, geometry: { w: 160, h: 40 } }] }]);
  });

  it('[T8] D15: the corner of a text pulled past the opposite corner follows the pointer', () => {
    const text = shape('text', { x: 100, y: 100, w: 80, h: 20 });
    for (const [to, geometry] of [
      [
        { x: -60, y: 60 },
        { x: -60, y: 60, w: 160, h: 40 },
      ],
      [
        { x: -60, y: 140 },
        { x: -60, y: 100, w: 160, h: 40 },
      ],
      [
        { x: 260, y: 60 },
        { x: 100, y: 60, w: 160, h: 40 },
      ],
    ] as const) {
      const tool = drive(selectTool, { elements: [text], selection: [text] })
        .down(180, 120)
        .move(to.x, to.y);
      const shown = tool.preview();
      expect(shown?.kind === 'move' ? shown.items : []).toMatchObject([{ geometry, fontSize: plain.fontSize * 2 }]);
      expect(tool.up().commits()).toMatchObject([{ items: [{ geometry, fontSize: plain.fontSize * 2 }] }]);
    }
  });

  it('[T8] D15: a text stops growing at the largest letters, its opposite corner in place, alone and selected with a box', () => {
    const text = shape('text', { x: 0, y: 0, w: 80, h: 20 }, { style: { ...plain, fontSize: 200 } });
    const box = shape('rectangle', { x: 0, y: 0, w: 80, h: 20 });
    for (const selection of [[text], [text, box]]) {
      const [commit] = drive(selectTool, { elements: selection, selection }).down(80, 20).move(800, 200).up().commits();
      expect(commit?.type === 'move' ? commit.items : []).toMatchObject(selection.map(() => ({ geometry: { x: 0, y: 0, w: 160, h: 40 } })));
    }
  });

  it('[T4] the handle above a selection turns it, with Shift in steps of 15 degrees', () => {
    const tool = drive(selectTool, { elements, selection: [a] })
      .down(50, -24)
      .move(125, 48, shiftKey)
      .up();
    const [commit] = tool.commits();
    expect(commit?.type === 'move' ? commit.items[0]?.geometry.rotation : NaN).toBeCloseTo(Math.PI / 2);
  });

  it('pulling the end of a line moves only that end', () => {
    const line = shape('line', { x: 0, y: 0, w: 100, h: 0 });
    const tool = drive(selectTool, { elements: [line], selection: [line] })
      .down(100, 0)
      .move(80, 60)
      .up();
    expect(tool.commits()).toMatchObject([{ items: [{ geometry: { x: 0, y: 0, w: 80, h: 60 } }] }]);
  });

  it('[T10] a double click on a text opens it, on paper it makes a new one', () => {
    const text = shape('text', { x: 0, y: 0, w: 80, h: 20 });
    const onText = drive(selectTool, { elements: [text] })
      .down(10, 10)
      .up()
      .down(10, 10, { clicks: 2 })
      .up();
    expect(onText.effects.at(-1)).toEqual({ do: 'edit-text', id: text.id });
    const onPaper = drive(selectTool).down(10, 10).up().down(10, 10, { clicks: 2 }).up();
    expect(onPaper.effects.at(-1)).toMatchObject({ do: 'text-at' });
  });

  it('[T12] [T11] locked elements, and all elements of a read-only board, can be selected but not moved', () => {
    const locked = shape('rectangle', { w: 100, h: 100 }, { isLocked: true });
    expect(
      drive(selectTool, { elements: [locked] })
        .down(0, 30)
        .move(50, 90)
        .up()
        .commits(),
    ).toEqual([]);
    expect(drive(selectTool, { elements, isReadOnly: true }).down(0, 30).move(50, 90).up().commits()).toEqual([]);
    expect(
      drive(selectTool, { elements, selection: [a], isReadOnly: true })
        .down(100, 100)
        .move(150, 130)
        .up()
        .commits(),
    ).toEqual([]);
  });

  it.each(['mouse', 'touch', 'pen'] as const)('[T19] a drag in the frame of the selection moves it, by %s', (pointerType) => {
    const dragged = (world: Parameters<typeof drive>[1], x = 200): unknown[] =>
      drive(selectTool, world).down(x, 60, { pointerType }).move(x, 90).up().commits();
    const moved = (...ids: unknown[]): unknown[] => [{ type: 'move', items: ids.map((id) => expect.objectContaining({ id }) as unknown) }];
    expect(dragged({ elements, selection: elements })).toEqual(moved(a.id, b.id));
    expect(dragged({ elements, selection: [a] }, 20)).toEqual(moved(a.id));
    expect([dragged({ elements, selection: [a] }), dragged({ elements, selection: elements, isReadOnly: true })]).toEqual([[], []]);
    const line = shape('line', { x: 0, y: 0, w: 400, h: 200 });
    expect(dragged({ elements: [line], selection: [line] }, 20)).toEqual([]);
  });

  it('[T19] a click in the frame of the selection selects by what is under it', () => {
    const click = (x: number, world: Parameters<typeof drive>[1], keys = noKeys): unknown[] =>
      selects(drive(selectTool, world).down(x, 60, { keys }).up());
    const between = shape('rectangle', { x: 150, y: 0, w: 100, h: 100 }, { style: { ...plain, fill: 'red' } });
    const world = { elements: [a, b, between], selection: [a, b] };
    expect([click(125, world), click(125, world, shiftKey)]).toEqual([[[]], []]);
    expect([click(180, world), click(180, world, shiftKey)]).toEqual([[[between.id]], [[a.id, b.id, between.id]]]);
    expect(click(20, { elements, selection: [a] })).toEqual([[]]);
  });

  it('[T19] what lies in front of a single selected element is taken at once, and what lies behind it is not', () => {
    const small = shape('rectangle', { x: 20, y: 40, w: 40, h: 40 }, { style: { ...plain, fill: 'red' } });
    const takes = (elements: readonly (typeof a)[]): unknown[] =>
      drive(selectTool, { elements, selection: [a] })
        .down(30, 60)
        .move(50, 90)
        .up()
        .commits();
    expect(takes([a, small])).toMatchObject([{ items: [{ id: small.id }] }]);
    expect(takes([small, a])).toMatchObject([{ items: [{ id: a.id }] }]);
    expect(takes([a, { ...small, isLocked: true }])).toMatchObject([{ items: [{ id: a.id }] }]);
  });

  it('[T10] a double click in the middle of a hollow shape writes there', () => {
    const tool = drive(selectTool, { elements }).down(50, 50).up().down(50, 50, { clicks: 2 }).up();
    expect(tool.effects.at(-1)).toMatchObject({ do: 'text-at', at: { x: 50, y: 50 } });
    const onEdge = drive(selectTool, { elements }).down(0, 50).up().down(0, 50, { clicks: 2 }).up();
    expect(onEdge.effects.at(-1)).toMatchObject({ do: 'select' });
  });

  it('a cancelled drag of the selection moves nothing', () => {
    const tool = drive(selectTool, { elements, selection: [a] })
      .down(0, 30)
      .move(50, 90)
      .cancel();
    expect(tool.commits()).toEqual([]);
    expect(tool.effects.at(-1)).toEqual({ do: 'abandon', gesture: 'g.1' });
  });
});
