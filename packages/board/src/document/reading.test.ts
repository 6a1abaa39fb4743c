/** Hostile updates: whatever they hold, a board goes on reading, keeps its types, and stays usable. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { openChat } from '../chat/chat.ts';
import { defaultStyle, fields } from './fields.ts';
import { isElementId, stepKey } from './keys.ts';
import { decodeStepLog, encodeStepLog } from '../steps/step-log.ts';
import { box, device, draw, move, rectangle, Wall } from '../testing/people.ts';
import type { ElementId, SessionId, StepKey } from '../types.ts';

const session = 'Zz000000' as SessionId;
const ids = ['Zz0000000', 'Zz0000001', 'Zz000000z'] as ElementId[];
const steps = [1, 2, 1_790_000_000_005].map((time) => stepKey(time, session));
const wall = new Wall();

describe('reading', () => {
  it('[V2] an element of a newer kind is shown as unknown, kept, and can be moved, and the move undone', () => {
    const ana = device('ana', wall);
    const id = `${ana.board.session}5` as ElementId;
    const record = { s: stepKey(wall.now, ana.board.session), k: 'hologram', g: [1, 2, 3, 4, 0], secret: { deep: [1] } };
    ana.doc.getMap('base').set(id, record);
    const ben = device('ben', wall, { state: ana.state() });
    expect(ben.board.get(id)).toMatchObject({ kind: 'unknown', geometry: { x: 1, y: 2, w: 3, h: 4, rotation: 0 }, ink: null, text: '' });
    move(ben, id, 50);
    expect(ben.board.get(id)?.geometry).toEqual(box(50));
    ben.board.undo();
    expect(ben.doc.getMap('base').get(id)).toEqual(record);
    expect(ben.board.emptyTrash()).toBe(0);
  });

  it('[V2] a record without a step, kind or geometry, or of another session, is skipped and kept', () => {
    const s = stepKey(1, session);
    const id = ids[0] as ElementId;
    const other = stepKey(1, 'Other000' as SessionId);
    for (const record of [
      { k: 'rectangle', g: [1, 2, 3, 4, 0] },
      { s, g: [1, 2, 3, 4, 0] },
      { s, k: 'rectangle' },
      { s, k: 'rectangle', g: [1, 2, 3, 4] },
      { s, k: 'rectangle', g: [1, 2, 3, NaN, 0] },
      { s, k: 'stroke', g: [1, 2, 3, 4, 0] },
      { s: other, k: 'rectangle', g: [1, 2, 3, 4, 0] },
      'x',
      null,
    ]) {
      const ana = device('ana', wall);
      ana.doc.getMap('base').set(id, record);
      expect(ana.board.count).toBe(0);
      ana.board.emptyTrash();
      expect(ana.doc.getMap('base').has(id)).toBe(true);
    }
  });

  it('[V2] a record that is present only through its prototype is skipped', () => {
    const ana = device('ana', wall);
    const inherited: unknown = JSON.parse(`{"__proto__":{"s":"${stepKey(1, session)}","k":"rectangle","g":[1,2,3,4,0]}}`);
    const clear: unknown = JSON.parse(`{"__proto__":{"v":{"${ana.board.session}":9}}}`);
    const hostile = new Y.Doc();
    hostile.getMap('base').set(ids[0] as string, inherited);
    hostile.getMap('gone').set(stepKey(1, session), clear);
    const own = draw(ana);
    ana.receive(Y.encodeStateAsUpdate(hostile));
    expect(ana.board.elements().map((element) => element.id)).toEqual([own]);
  });

  it('[V3] a damaged log is read up to its first malformed entry and never throws', () => {
    const id = ids[0] as ElementId;
    const tag = steps[0] as StepKey;
    const log = encodeStepLog([
      { field: fields.geo, id, before: null },
      { field: fields.color, id, before: { value: 'red', tag } },
      { field: fields.geo, id: ids[1] as ElementId, before: { value: [1, 2, 3, 4, 0], tag: '' } },
    ]);
    expect(decodeStepLog(log).entries).toHaveLength(3);
    for (let end = 0; end < log.length; end++) expect(decodeStepLog(log.slice(0, end)).entries.length).toBeLessThan(3);
    const deep = new Uint8Array(200_000).fill(117);
    deep.set(log.slice(0, 3 + 1 + id.length + 1), 0);
    expect(decodeStepLog(deep).entries.length).toBeLessThan(2);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(log.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const damaged = log.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        for (const { field, id: of, before } of decodeStepLog(damaged).entries) {
          expect(isElementId(of) && (before === null || field.isValid(before.value))).toBe(true);
        }
      }),
      { numRuns: 500, seed: 11 },
    );
  });

  it('[V3] malformed overrides, styles and deletions count as absent', () => {
    const ana = device('ana', wall);
    const id = draw(ana);
    const before = ana.board.get(id);
    ana.doc.transact(() => {
      ana.doc.getMap('geo').set(id, [[1, 2, Infinity, 4, 0], stepKey(5, session)]);
      ana.doc.getMap('z').set(id, ['not a key!', stepKey(5, session)]);
      ana.doc.getMap('lock').set(id, ['yes', stepKey(5, session)]);
      ana.doc.getMap('style').set(`${id}/color`, ['url(javascript:1)', stepKey(5, session)]);
      ana.doc.getMap('style').set(`${id}/width`, [5, 'no step']);
      ana.doc.getMap('gone').set(stepKey(5, session), { v: 'all' });
      ana.doc.getMap('gone').set(id, [id]);
    });
    expect(ana.board.get(id)).toBe(before);
  });

  it('[V4] opening a board writes nothing, and the schema number comes with the first write', () => {
    const doc = new Y.Doc();
    let updates = 0;
    doc.on('update', () => updates++);
    const board = createBoard({ doc, userId: 'ana' });
    board.elements();
    expect([board.title, board.background, board.isTooNew, board.nameOf('ana')]).toEqual(['', 'white', false, null]);
    expect(openChat(board).messages()).toEqual([]);
    expect(updates).toBe(0);
    board.setTitle('Plan');
    expect(doc.getMap('meta').toJSON()).toEqual({ schema: 1, title: 'Plan' });
  });

  it('[V4] a document that needs a newer reader is shown and refuses every write', () => {
    const ana = device('ana', wall);
    const id = draw(ana, rectangle(1, { kind: 'text', text: 'hi' }));
    let told = 0;
    ana.board.onMeta(() => told++);
    ana.doc.getMap('meta').set('minReader', 2);
    expect([ana.board.isTooNew, told]).toEqual([true, 1]);
    ana.outbox.length = 0;
    const refused = expect.objectContaining({ name: 'BoardError', code: 'TOO_NEW' }) as Error;
    const writes: (() => void)[] = [
      () => draw(ana),
      () => ana.board.clear(),
      () => ana.board.undo(),
      () => ana.board.redo(),
      () => ana.board.setTitle('x'),
      () => ana.board.setBackground('red'),
      () => ana.board.setName('x'),
      () => ana.chat.send('x', 'y'),
      () => ana.board.emptyTrash(),
      () => ana.board.text(id).edit(0, 0, 'x'),
    ];
    for (const write of writes) expect(write).toThrow(refused);
    ana.board.close();
    expect(ana.outbox).toEqual([]);
    expect(ana.board.get(id)?.text).toBe('hi');
  });

  it('[V5] a call with arguments outside the bounds is refused and writes nothing', () => {
    const ana = device('ana', wall);
    const id = draw(ana);
    ana.outbox.length = 0;
    const bad = (code: string, write: () => void): void =>
      expect(write).toThrow(expect.objectContaining({ name: 'BoardError', code }) as Error);
    const style = defaultStyle;
    bad('BAD_ELEMENT', () => move(ana, id, NaN));
    bad('BAD_ELEMENT', () => move(ana, id, 1e9));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(Infinity)));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(0, { kind: 'hologram' as 'text' })));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(0, { kind: 'stroke' })));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(0, { style: { ...style, width: -1 } })));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(0, { style: { ...style, color: 'rgb(1,2,3)' as '#000000' } })));
    bad('BAD_ELEMENT', () => draw(ana, rectangle(0, { gesture: 'g'.repeat(100) })));
    bad('TOO_LARGE', () => draw(ana, rectangle(0, { kind: 'stroke', ink: new Uint8Array(2_000_000) })));
    bad('BAD_TEXT', () => draw(ana, rectangle(0, { kind: 'text', text: 'x'.repeat(100_001) })));
    bad('BAD_ELEMENT', () => ana.board.run((edit) => edit.setStyle(id, 'opacity', 2)));
    bad('BAD_ELEMENT', () => ana.board.run((edit) => edit.setStyle(id, '__proto__' as 'color', 'red')));
    bad('BAD_COLOR', () => ana.board.setBackground('url(x)' as '#000000'));
    bad('BAD_TEXT', () => ana.chat.send('  ', 'Ana'));
    bad('BAD_TEXT', () => ana.chat.send('x'.repeat(5000), 'Ana'));
    bad('NO_ELEMENT', () => ana.board.text(id));
    bad('NO_ELEMENT', () => ana.board.text('nothing' as ElementId));
    // A gesture that fails after some writes loses all of them, and the next gesture works.
    bad('BAD_ELEMENT', () =>
      ana.board.run((edit) => {
        edit.remove([id]);
        edit.setGeometry(id, { ...box(1), rotation: NaN });
      }),
    );
    expect(ana.outbox).toEqual([]);
    expect(ana.board.get(id)).toBeDefined();
    move(ana, id, 4);
    expect(ana.board.get(id)?.geometry.x).toBe(4);
  });
});
