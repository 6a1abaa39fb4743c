/** Images and descriptions: what a document holds of them, across undo, replicas, files, and readers that know neither. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { BoardError } from './errors.ts';
import { decodeFile } from './file/file-codec.ts';
import { exportBoard } from './file/file-export.ts';
import { imagesInFile } from './file/file-images.ts';
import { importBoard } from './file/file-import.ts';
import { fileLimits } from './file/file-limits.ts';
import { arbitraryImage } from './testing/arbitrary-file.ts';
import { box, type Device, device, draw, move, rectangle, shownBoard, syncAll, syncPair, Wall } from './testing/people.ts';
import type { BoardElement, ElementId, ImageContent, NewElement } from './types.ts';

const hash = '0123456789abcdef'.repeat(4);
const cat: ImageContent = { hash, type: 'image/jpeg', width: 4_032, height: 3_024, bytes: 2_345_678, name: 'cat.jpg' };
const image = (patch: Partial<NewElement> = {}): NewElement => rectangle(0, { kind: 'image', image: cat, ...patch });
const shown = (at: Device, id: ElementId): BoardElement | undefined => at.board.get(id);
const record = (at: Device, id: ElementId): Record<string, unknown> => at.doc.getMap('base').get(id) as Record<string, unknown>;
const codeOf = (action: () => unknown): string | null => {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof BoardError) return error.code;
    throw error;
  }
};

describe('an image on a board', () => {
  it('[M1] an image keeps hash, type, size and name on every replica, and in a document of 250 bytes', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = draw(ana, image({ alt: 'A cat on a wall' }));
    syncPair(ana, ben);
    for (const at of [ana, ben, device('nobody', wall, { state: ana.state() })])
      expect(shown(at, id)).toMatchObject({ kind: 'image', image: cat, alt: 'A cat on a wall', geometry: box(0), text: '', ink: null });
    expect(record(ana, id).m).toEqual({
      sha: new Uint8Array(Buffer.from(hash, 'hex')),
      type: 'image/jpeg',
      w: 4_032,
      h: 3_024,
      size: 2_345_678,
      name: 'cat.jpg',
    });
    const bare = device('ana', wall);
    const before = bare.state().length;
    draw(bare, image());
    expect(bare.state().length - before).toBeLessThan(250);
  });

  it('[M1] every image comes back as it was created', () => {
    fc.assert(
      fc.property(arbitraryImage, (content) => {
        const ana = device('ana', new Wall());
        expect(shown(ana, draw(ana, image({ image: content })))?.image).toEqual(content);
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it('[M2] creating, moving and describing an image are steps of undo like any other', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = draw(ana, image());
    move(ana, id, 50);
    ana.board.run((edit) => edit.setAlt(id, 'A cat'));
    ana.board.undo();
    expect([shown(ana, id)?.alt, shown(ana, id)?.geometry.x]).toEqual(['', 50]);
    ana.board.redo();
    expect(shown(ana, id)?.alt).toBe('A cat');
    ana.board.undo();
    ana.board.undo();
    expect(shown(ana, id)?.geometry).toEqual(box(0));
    ana.board.undo();
    expect(shown(ana, id)).toBeUndefined();
    ana.board.redo();
    syncPair(ana, ben);
    expect(shown(ben, id)).toMatchObject({ image: cat, alt: '' });
  });

  it('[M2] the description is one value: of two written at once one wins everywhere, and undo spares the other person’s', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall, { clientId: 1 }), device('ben', wall, { clientId: 2 })] as const;
    const id = draw(ana, image());
    syncPair(ana, ben);
    ana.board.run((edit) => edit.setAlt(id, 'of ana'));
    ben.board.run((edit) => edit.setAlt(id, 'of ben'));
    syncAll(ana, ben);
    expect(shown(ana, id)?.alt).toBe(shown(ben, id)?.alt);
    wall.pass(1_000);
    ben.board.run((edit) => edit.setAlt(id, 'ben again'));
    syncAll(ana, ben);
    const { kept } = ana.board.undo();
    expect(kept).toEqual([{ reason: 'changed', by: ['ben'], ids: [id] }]);
    expect(shown(ana, id)?.alt).toBe('ben again');
  });

  it('[M2] a description that is the same already writes nothing, and an element that looks the same is the same object', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image({ alt: 'A cat' }));
    const [before, element] = [ana.state().length, shown(ana, id)];
    ana.board.run((edit) => edit.setAlt(id, 'A cat'));
    expect(ana.state().length).toBe(before);
    draw(ana, rectangle(9));
    expect(shown(ana, id)).toBe(element);
  });

  it('[M3] an image outside the bounds is refused, and nothing is written', () => {
    const ana = device('ana', new Wall());
    const bad: Record<string, NewElement> = {
      'no content': rectangle(0, { kind: 'image' }),
      'content of a rectangle': rectangle(0, { image: cat }),
      'a short hash': image({ image: { ...cat, hash: 'abc' } }),
      'a hash in capitals': image({ image: { ...cat, hash: hash.toUpperCase() } }),
      SVG: image({ image: { ...cat, type: 'image/svg+xml' as 'image/png' } }),
      'no width': image({ image: { ...cat, width: 0 } }),
      'half a pixel': image({ image: { ...cat, height: 10.5 } }),
      'no bytes': image({ image: { ...cat, bytes: 0 } }),
      NaN: image({ image: { ...cat, bytes: Number.NaN } }),
    };
    for (const [name, element] of Object.entries(bad)) expect([name, codeOf(() => draw(ana, element))]).toEqual([name, 'BAD_ELEMENT']);
    expect(codeOf(() => draw(ana, image({ alt: 'x'.repeat(1_001) })))).toBe('BAD_TEXT');
    expect(ana.state()).toEqual(Y.encodeStateAsUpdate(new Y.Doc()));
    const id = draw(ana, image());
    expect(codeOf(() => ana.board.run((edit) => edit.setAlt(id, 'x'.repeat(1_001))))).toBe('BAD_TEXT');
  });

  it('[M3] a name is one visible line of at most 255 units, whatever a peer wrote', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image({ image: { ...cat, name: ' a\u202egnp.exe\n\u0000' } }));
    expect(shown(ana, id)?.image?.name).toBe('agnp.exe');
    ana.doc.getMap('base').set(id, { ...record(ana, id), m: { ...(record(ana, id).m as object), name: `\u2066${'😀'.repeat(400)}` } });
    expect(shown(ana, id)?.image?.name).toBe('😀'.repeat(127));
  });

  it('[M3] a record that is no image of this version is kept and shown as unknown, and malformed descriptions do not count', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image());
    const whole = record(ana, id).m as Record<string, unknown>;
    const bad = [
      undefined,
      null,
      5,
      [],
      { ...whole, sha: hash },
      { ...whole, sha: new Uint8Array(31) },
      { ...whole, type: 'image/avif' },
      { ...whole, w: -1 },
      { ...whole, h: 1e9 },
      { ...whole, size: Infinity },
      { ...whole, name: 7 },
    ];
    for (const m of bad) {
      ana.doc.getMap('base').set(id, { ...record(ana, id), m });
      expect(shown(ana, id)).toMatchObject({ kind: 'unknown', image: null });
    }
    ana.doc.getMap('base').set(id, { ...record(ana, id), m: whole });
    for (const alt of [5, null, 'x'.repeat(1_001), ['a']]) {
      ana.doc.getMap('alt').set(id, [alt, record(ana, id).s]);
      expect(shown(ana, id)).toMatchObject({ kind: 'image', alt: '' });
    }
  });

  it('[M4] emptying the trash takes an image and its description out of the document', () => {
    const ana = device('ana', new Wall());
    const id = draw(ana, image({ alt: 'A cat' }));
    ana.board.run((edit) => edit.setAlt(id, 'No cat'));
    ana.board.run((edit) => edit.remove([id]));
    expect(ana.board.emptyTrash()).toBe(1);
    expect([ana.doc.getMap('base').size, ana.doc.getMap('alt').size]).toEqual([0, 0]);
  });
});

describe('an image in a board file', () => {
  const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
  const moved = (at: Device): ElementId => {
    const id = draw(at, image({ alt: 'A "cat"\non a wall' }));
    move(at, id, 70);
    return id;
  };

  it('[FI15] a file holds the bytes once, with the first element that shows them, and opens as what was saved', () => {
    const [ana, ben] = [device('ana', new Wall()), device('ben', new Wall())] as const;
    moved(ana);
    draw(ana, image({ image: { ...cat, name: '' } }));
    draw(ana);
    const file = exportBoard(ana.board, undefined, new Map([[hash, bytes]]));
    const content = decodeFile(file);
    expect(content.elements.map(({ data }) => data)).toEqual([bytes, null, null]);
    expect(imagesInFile(content)).toEqual([{ image: cat, data: bytes }]);
    importBoard(ben.board, content);
    const looks = (at: Device): unknown => at.board.elements().map(({ kind, geometry, image: of, alt }) => [kind, geometry, of, alt]);
    expect(looks(ben)).toEqual(looks(ana));
    expect(shown(ben, ben.board.elements()[0]?.id as ElementId)?.baseGeometry).toEqual(box(0));
    ben.board.undo();
    expect(ben.board.count).toBe(0);
  });

  it('[FI15] a file without the bytes of an image opens too, and says which are missing', () => {
    const ana = device('ana', new Wall());
    moved(ana);
    expect(imagesInFile(decodeFile(exportBoard(ana.board)))).toEqual([{ image: cat, data: null }]);
  });

  it('[FI15] bytes that do not fit in a line are left out, and the image stays', () => {
    const ana = device('ana', new Wall());
    moved(ana);
    const large = new Map([[hash, new Uint8Array(fileLimits.maxImageBytes + 1)]]);
    expect(imagesInFile(decodeFile(exportBoard(ana.board, undefined, large)))).toEqual([{ image: cat, data: null }]);
  });

  it('[FI14] a reader that does not know images keeps all of one, in the document and through a file', () => {
    const ana = device('ana', new Wall());
    moved(ana);
    const line = new TextDecoder().decode(exportBoard(ana.board)).split('\n')[1] ?? '';
    // To such a reader it is any unknown kind: its record is in `raw`, and every other key it may ignore.
    expect(Object.keys(JSON.parse(line) as object)).toEqual(['kind', 'geometry', 'base', 'alt', 'raw']);
    const old = line.replace('"image"', '"sticky"');
    const file = `{"format":"wetink","version":1,"elements":1}\n${old}\n`;
    const ben = device('ben', new Wall());
    importBoard(ben.board, new TextEncoder().encode(file));
    const again = new TextDecoder().decode(exportBoard(ben.board)).split('\n')[1] ?? '';
    expect(JSON.parse(again)).toEqual(JSON.parse(old));
    expect(shownBoard(ben)).toContain('70');
  });
});
