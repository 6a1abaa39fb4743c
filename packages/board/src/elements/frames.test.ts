import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardError } from '../errors.ts';
import { exportBoard } from '../file/file-export.ts';
import { importBoard, importElementsInSteps } from '../file/file-import.ts';
import { decodeFile } from '../file/file-codec.ts';
import { type Device, box, device, draw, erase, move, rectangle, syncAll, Wall } from '../testing/people.ts';
import type { BoardElement, ElementId } from '../types.ts';

const frame = (at: Device, title: string, ...ids: ElementId[]): ElementId =>
  at.board.run((edit) => {
    const id = edit.create(rectangle(0, { kind: 'frame', text: title }));
    edit.setParent(ids, id);
    return id;
  });
const put = (at: Device, ids: ElementId[], parent: ElementId | null): void => at.board.run((edit) => edit.setParent(ids, parent));
const rename = (at: Device, id: ElementId, title: string): void => at.board.run((edit) => edit.setTitle(id, title));
const frames = (at: Device, ...ids: ElementId[]): (ElementId | null | undefined)[] => ids.map((id) => at.board.get(id)?.frame);
const order = (at: Device): ElementId[] => at.board.elements().map(({ id }) => id);
const everything = (at: Device): string =>
  JSON.stringify(at.board.elements().map(({ id, geometry, parent, frame: around, text }) => [id, geometry.x, parent, around, text]));

function pair(clientIds: readonly number[] = [1, 2]) {
  const wall = new Wall();
  const ana = device('ana', wall, { clientId: clientIds[0] as number });
  const ids = ana.board.run((edit) => [0, 10, 20, 30].map((x) => edit.create(rectangle(x))));
  const ben = device('ben', wall, { clientId: clientIds[1] as number, state: ana.state() });
  const [a, b, c, d] = ids as [ElementId, ElementId, ElementId, ElementId];
  const meet = (): void => {
    wall.pass(5);
    syncAll(ana, ben);
    expect(everything(ben)).toBe(everything(ana));
    expect(everything(device('cid', wall, { state: ana.state() }))).toBe(everything(ana));
  };
  return { wall, ana, ben, a, b, c, d, meet };
}

describe('a frame', () => {
  it('[G9] is an element with a title that holds what was put into it, and one step of undo', () => {
    const { ana, a, b, c } = pair();
    const before = everything(ana);
    const id = frame(ana, 'Plan', a, b);
    expect(ana.board.get(id)).toMatchObject({ kind: 'frame', text: 'Plan', parent: null, frame: null });
    expect([...ana.board.membersOf(id)].sort()).toEqual([a, b]);
    expect(frames(ana, a, b, c)).toEqual([id, id, null]);
    ana.board.undo();
    expect(everything(ana)).toBe(before);
    ana.board.redo();
    expect(frames(ana, a, b, c)).toEqual([id, id, null]);
  });

  it('[G9] stays when nothing is in it any more, and can be filled again', () => {
    const { ana, a, b } = pair();
    const id = frame(ana, '', a);
    erase(ana, a);
    expect([ana.board.get(id)?.kind, ana.board.membersOf(id)]).toEqual(['frame', []]);
    put(ana, [b], id);
    expect(frames(ana, b)).toEqual([id]);
    put(ana, [b], null);
    expect(frames(ana, b)).toEqual([null]);
  });

  it('[G9] names the innermost frame of what is in groups, also when a group goes into another frame', () => {
    const { ana, a, b, c } = pair();
    const group = ana.board.run((edit) => edit.group([a, b])) as ElementId;
    const outer = frame(ana, 'outer', group);
    expect(frames(ana, a, b)).toEqual([outer, outer]);
    const changes: BoardElement[] = [];
    const inner = frame(ana, 'inner', c);
    put(ana, [inner], outer);
    ana.board.onChange(({ changed }) => changes.push(...changed.map(({ after }) => after)));
    put(ana, [group], inner);
    expect(changes.map(({ id }) => id).sort()).toEqual([a, b]);
    expect(frames(ana, a, b, c, inner, outer)).toEqual([inner, inner, inner, outer, null]);
    ana.board.run((edit) => edit.ungroup([inner]));
    expect(frames(ana, a, b, c)).toEqual([outer, outer, outer]);
    ana.board.run((edit) => edit.ungroup([outer]));
    expect(frames(ana, a, b, c)).toEqual([null, null, null]);
    expect(ana.board.parentOf(a)).toBe(group);
    for (let i = 0; i < 2; i++) ana.board.undo();
    expect(frames(ana, a, b, c, inner)).toEqual([inner, inner, inner, outer]);
  });

  it('[G9] is never put into itself or into what it holds, and no other element holds anything', () => {
    const { ana, a, b } = pair();
    const outer = frame(ana, '', a);
    const inner = frame(ana, '');
    put(ana, [inner], outer);
    put(ana, [outer], inner);
    put(ana, [outer], outer);
    expect(frames(ana, inner, outer)).toEqual([outer, null]);
    expect(() => put(ana, [b], a)).toThrow(BoardError);
  });

  it('[G9] is deleted with what is in it, and dissolved without; either is one step', () => {
    const { ana, a, b, c } = pair();
    const id = frame(ana, '', a, b);
    const before = everything(ana);
    erase(ana, id);
    expect(order(ana)).toEqual([c, order(ana)[1]]);
    ana.board.undo();
    expect(everything(ana)).toBe(before);
    ana.board.run((edit) => edit.ungroup([id]));
    expect([ana.board.get(id), ...frames(ana, a, b)]).toEqual([undefined, null, null]);
    ana.board.undo();
    expect(everything(ana)).toBe(before);
  });

  it('[G10] has a title that is renamed as one step; two names at once are one of them everywhere, and undo is its own', () => {
    const { ana, ben, meet } = pair();
    const id = frame(ana, 'first');
    meet();
    rename(ana, id, 'of Ana');
    rename(ben, id, 'of Ben');
    meet();
    expect(['of Ana', 'of Ben']).toContain(ana.board.get(id)?.text);
    const [winner, loser] = ana.board.get(id)?.text === 'of Ana' ? [ana, ben] : [ben, ana];
    loser.board.undo();
    meet();
    expect(ana.board.get(id)?.text).toBe(winner === ana ? 'of Ana' : 'of Ben');
    const steps = winner.board.nextUndo;
    rename(winner, id, winner.board.get(id)?.text ?? '');
    expect(winner.board.nextUndo).toBe(steps);
    winner.board.undo();
    meet();
    expect(ana.board.get(id)?.text).toBe('first');
  });

  it('[G10] refuses a title that is too long, and shows any other as one line', () => {
    const { ana, a } = pair();
    const id = frame(ana, 'two\nlines');
    expect(ana.board.get(id)?.text).toBe('two lines');
    expect(() => rename(ana, id, 'x'.repeat(201))).toThrow(BoardError);
    expect(() => frame(ana, 'x'.repeat(201))).toThrow(BoardError);
    const text = ana.board.get(a)?.text;
    rename(ana, a, 'no frame');
    expect(ana.board.get(a)?.text).toBe(text);
  });

  it('[G9] what is put into a frame while another person deletes it stays, in no frame, and is in it again after undo', () => {
    for (const clientIds of [
      [1, 2],
      [2, 1],
    ]) {
      const { ana, ben, a, b, meet } = pair(clientIds);
      const id = frame(ana, '', a);
      meet();
      erase(ana, id);
      put(ben, [b], id);
      move(ben, a, 77);
      const drawn = ben.board.run((edit) => {
        const made = edit.create(rectangle(5));
        edit.setParent([made], id);
        return made;
      });
      meet();
      expect([ana.board.get(id), ana.board.get(a)]).toEqual([undefined, undefined]);
      expect(frames(ana, b, drawn)).toEqual([null, null]);
      ana.board.undo();
      meet();
      expect(frames(ana, a, b, drawn)).toEqual([id, id, id]);
      expect(ana.board.get(a)?.geometry.x).toBe(77);
    }
  });

  it('[G9] two frames put into each other at once are one in the other, the same everywhere, and nothing is lost', () => {
    const { ana, ben, a, b, meet } = pair();
    const [one, two] = [frame(ana, 'one', a), frame(ana, 'two', b)];
    meet();
    put(ana, [one], two);
    put(ben, [two], one);
    meet();
    expect([...frames(ana, one, two)].filter((around) => around === null)).toHaveLength(1);
    expect(frames(ana, a, b)).toEqual([one, two]);
    expect(ana.board.count).toBe(6);
  });

  it('[G9] undoing the making of a frame spares it when somebody else has put something into it', () => {
    const { ana, ben, a, b, meet } = pair();
    const id = frame(ana, '', a);
    meet();
    put(ben, [b], id);
    meet();
    expect(ana.board.undo().kept).toEqual([{ reason: 'spared', by: ['ben'], ids: [id] }]);
    meet();
    expect(frames(ana, a, b)).toEqual([null, id]);
  });
});

describe('the order of frames', () => {
  it('[O7] lies beneath everything that is no frame, an inner frame above the one around it, however they came', () => {
    const { ana, a } = pair();
    const inner = frame(ana, 'inner', a);
    const other = frame(ana, 'other');
    const outer = frame(ana, 'outer');
    put(ana, [inner], outer);
    expect(order(ana).slice(0, 3)).toEqual([other, outer, inner]);
    const late = draw(ana);
    expect(order(ana).at(-1)).toBe(late);
    put(ana, [inner], null);
    expect(order(ana).slice(0, 3)).toEqual([inner, other, outer]);
  });

  it('[O7] a frame passes frames, and what is in it passes elements', () => {
    const { ana, a, b, c, d } = pair();
    const [one, two] = [frame(ana, 'one', a, b), frame(ana, 'two')];
    const reorder = (id: ElementId, to: 'front' | 'back' | 'forward' | 'backward'): ElementId[] => {
      ana.board.run((edit) => edit.reorder([id], to));
      return order(ana);
    };
    expect(reorder(one, 'front')).toEqual([two, one, c, d, a, b]);
    expect(reorder(one, 'back')).toEqual([one, two, a, b, c, d]);
    expect(reorder(one, 'forward')).toEqual([two, one, c, a, b, d]);
    expect(reorder(d, 'back')).toEqual([two, one, d, c, a, b]);
    expect(reorder(b, 'back')).toEqual([two, one, d, c, b, a]);
    const made = ana.board.run((edit) => {
      const id = edit.create(rectangle());
      edit.reorder([id], 'back');
      return id;
    });
    expect(order(ana)).toEqual([two, one, made, d, c, b, a]);
  });
});

describe('frames in files', () => {
  it('[G8] [FI9] come with what they hold, in groups and in each other, at once and in steps', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 4, maxLength: 30 }), fc.boolean(), (choices, inSteps) => {
        const { ana } = pair();
        for (const choice of choices) {
          const all = order(ana);
          const ids = [0, 1, 2].slice(0, choice % 4).map((i) => all[(choice + i) % all.length] as ElementId);
          if (choice % 3 === 0) ana.board.run((edit) => edit.group(ids));
          else frame(ana, `title ${choice}`, ...ids);
        }
        const copy = device('ben', new Wall());
        const content = decodeFile(exportBoard(ana.board));
        // Frames that stand behind what they hold, as another program may write them.
        const last = [false, true].flatMap((isFrame) => content.elements.filter(({ kind }) => (kind === 'frame') === isFrame));
        const steps = inSteps ? importElementsInSteps(copy.board, last) : null;
        if (steps === null) importBoard(copy.board, content);
        else while (steps.next().done !== true);
        expect(shapeOf(copy)).toEqual(shapeOf(ana));
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it('[G8] a file of selected elements has the frames among them, and no other', () => {
    const { ana, a, b, c } = pair();
    const outer = frame(ana, 'outer', c);
    const inner = frame(ana, 'inner', a, b);
    put(ana, [inner], outer);
    const content = decodeFile(exportBoard(ana.board, [inner, a, c]));
    expect(content.elements.map(({ kind, text, groups, holds }) => [kind, text, groups, holds])).toEqual([
      ['frame', 'inner', [], 1],
      ['rectangle', '', [1], undefined],
      ['rectangle', '', [], undefined],
    ]);
  });

  it('[FI6] a frame in itself, frames in a circle and two frames of one number are opened, with everything in them', () => {
    const line = (value: object): string => JSON.stringify({ geometry: [0, 0, 10, 10, 0], ...value });
    const open = (...lines: string[]): Device => {
      const at = device('ana', new Wall());
      const head = JSON.stringify({ format: 'wetink', version: 1, elements: lines.length });
      importBoard(at.board, new TextEncoder().encode(`${[head, ...lines].join('\n')}\n`));
      return at;
    };
    const held = line({ kind: 'rectangle', groups: [1] });
    const self = open(line({ kind: 'frame', raw: {}, holds: 1, groups: [1] }), held);
    expect(self.board.elements().map(({ frame: around }) => around)).toEqual([null, order(self)[0]]);
    const circle = open(
      line({ kind: 'frame', raw: {}, holds: 1, groups: [2] }),
      line({ kind: 'frame', raw: {}, holds: 2, groups: [1] }),
      held,
    );
    expect(circle.board.elements().filter(({ frame: around }) => around === null)).toHaveLength(1);
    const twice = open(line({ kind: 'frame', raw: {}, holds: 1 }), line({ kind: 'frame', raw: {}, holds: 1 }), held);
    expect(twice.board.elements().map(({ frame: around }) => around)).toEqual([null, null, order(twice)[0]]);
    for (const holds of [0, -1, 1.5, '1', null, {}]) expect(() => open(line({ kind: 'frame', raw: {}, holds }))).toThrow(BoardError);
  });
});

/** What is in what, by order and by title. */
function shapeOf(at: Device): unknown[] {
  const groups = new Map<ElementId, number>();
  const nameOf = (id: ElementId): unknown => {
    if (!groups.has(id)) groups.set(id, groups.size);
    return at.board.get(id) === undefined ? groups.get(id) : order(at).indexOf(id);
  };
  return at.board.elements().map(({ kind, text, parent }) => {
    const above: unknown[] = [];
    for (let up = parent; up !== null; up = at.board.parentOf(up)) above.push(nameOf(up));
    return [kind, text, above];
  });
}

it('boxes of frames are values like any other', () => {
  const { ana } = pair();
  const id = frame(ana, '');
  move(ana, id, 40);
  expect(ana.board.get(id)?.geometry).toEqual(box(40));
});
