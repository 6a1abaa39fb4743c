/** Files on a board: what a document holds of them, across undo, replicas, board files, and readers that know none. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BoardError } from './errors.ts';
import { decodeFile } from './file/file-codec.ts';
import { exportBoard } from './file/file-export.ts';
import { importBoard } from './file/file-import.ts';
import { arbitraryAttachment } from './testing/arbitrary-file.ts';
import { type Device, device, draw, move, rectangle, syncPair, Wall } from './testing/people.ts';
import type { AttachedFile, BoardElement, ElementId, NewElement } from './types.ts';

const hash = '0123456789abcdef'.repeat(4);
const plan: AttachedFile = { hash, type: 'application/pdf', bytes: 2_345_678, name: 'plan.pdf' };
const card = (patch: Partial<NewElement> = {}): NewElement => rectangle(0, { kind: 'file', file: plan, ...patch });
const shown = (at: Device, id: ElementId): BoardElement | undefined => at.board.get(id);
const record = (at: Device, id: ElementId): Record<string, unknown> => at.doc.getMap('base').get(id) as Record<string, unknown>;

describe('a file on a board', () => {
  it('[AF1] a file is the same on every replica, and undo and redo take it away and bring it back', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = draw(ana, card());
    move(ana, id, 40);
    syncPair(ana, ben);
    expect(shown(ben, id)).toMatchObject({ kind: 'file', file: plan, image: null, ink: null });
    expect(record(ana, id).m).toEqual({ sha: new Uint8Array(Buffer.from(hash, 'hex')), size: 2_345_678, type: plan.type, name: plan.name });
    for (let i = 0; i < 2; i++) ana.board.undo();
    expect(shown(ana, id)).toBeUndefined();
    ana.board.redo();
    expect(shown(ana, id)?.file).toEqual(plan);
  });

  it('[AF1] an element that looks the same is the same object after another change', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, card());
    const before = shown(ana, id);
    ana.doc.getMap('base').set(id, { ...record(ana, id) });
    expect(shown(ana, id)).toBe(before);
  });

  it('[AF1] every file goes through a board file, and a reader that knows none keeps all of it', () => {
    fc.assert(
      fc.property(arbitraryAttachment, (file) => {
        const [ana, ben] = [device('ana', new Wall()), device('ben', new Wall())] as const;
        move(ana, draw(ana, card({ file })), 70);
        importBoard(ben.board, decodeFile(exportBoard(ana.board)));
        expect(ben.board.elements().map(({ kind, geometry, file: of }) => [kind, geometry.x, of])).toEqual([['file', 70, file]]);
        const old = new TextDecoder().decode(exportBoard(ana.board)).replace('"kind":"file"', '"kind":"sticky"');
        const cid = device('cid', new Wall());
        importBoard(cid.board, new TextEncoder().encode(old));
        expect(new TextDecoder().decode(exportBoard(cid.board)).split('\n')[1]).toBe(old.split('\n')[1]);
      }),
      { seed: 7, numRuns: 30 },
    );
  });

  it('[AF2] a name is one visible line of at most 255 units, and a malformed type is none, whatever a peer wrote', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, card({ file: { ...plan, name: ' a\u202egnp.exe\n\u0000', type: 'Text/HTML; charset=utf-8' } }));
    expect(shown(ana, id)?.file).toMatchObject({ name: 'agnp.exe', type: 'text/html' });
    const claim = (patch: object): void => {
      ana.doc.getMap('base').set(id, { ...record(ana, id), m: { ...(record(ana, id).m as object), ...patch } });
    };
    claim({ name: `\u2066${'😀'.repeat(400)}`, type: `a/${'b'.repeat(200)}` });
    expect(shown(ana, id)?.file).toMatchObject({ name: '😀'.repeat(127), type: '' });
    claim({ name: '\u200b', type: 'text/html"><script>' });
    expect(shown(ana, id)?.file).toMatchObject({ name: '', type: '' });
  });

  it('[AF3] a file outside the bounds is refused, and nothing is written', () => {
    const ana = device('ana', new Wall());
    const bad: Record<string, NewElement> = {
      'no content': rectangle(0, { kind: 'file' }),
      'content of a rectangle': rectangle(0, { file: plan }),
      'a short hash': card({ file: { ...plan, hash: 'abc' } }),
      'no bytes': card({ file: { ...plan, bytes: 0 } }),
      'half a byte': card({ file: { ...plan, bytes: 1.5 } }),
      'more than any disk': card({ file: { ...plan, bytes: 2 ** 50 } }),
    };
    for (const [name, element] of Object.entries(bad)) expect(() => draw(ana, element), name).toThrow(BoardError);
    expect(ana.board.count).toBe(0);
  });

  it('[AF3] a record that is no file of this version is kept and shown as unknown', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, card());
    const whole = record(ana, id).m as Record<string, unknown>;
    const bad = [undefined, 5, [], { ...whole, sha: hash }, { ...whole, size: -1 }, { ...whole, name: 7 }, { ...whole, type: 7 }];
    for (const m of bad) {
      ana.doc.getMap('base').set(id, { ...record(ana, id), m });
      expect(shown(ana, id)).toMatchObject({ kind: 'unknown', file: null });
    }
    expect(record(ana, id).m).toEqual(bad.at(-1));
  });
});
