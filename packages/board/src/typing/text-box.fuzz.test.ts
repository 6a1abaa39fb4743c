import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { textRoot } from '../document/roots.ts';
import { device, draw, rectangle, syncAll, Wall } from '../testing/people.ts';
import { spliceText } from '../text/text-content.ts';

it('[T1] any edits on two devices converge, and each edit has its exact effect on its own device', () => {
  const edit = fc.record({
    who: fc.nat(1),
    at: fc.nat(50),
    deleted: fc.nat(4),
    inserted: fc.string({ maxLength: 4 }),
    syncs: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), fc.boolean(), (edits, begunTwice) => {
      const wall = new Wall();
      const ana = device('ana', wall);
      const id = draw(ana, rectangle(0, { kind: 'text', text: 'start' }));
      draw(ana);
      const ben = device('ben', wall, { state: ana.state() });
      if (begunTwice) {
        // Two leaves in one fragment, as when both devices began the text at once.
        for (const at of [ana, ben]) textRoot(at.doc, id).delete(0, textRoot(at.doc, id).length);
        for (const at of [ana, ben]) at.doc.transact(() => spliceText(textRoot(at.doc, id), 0, 0, at.user));
        syncAll(ana, ben);
        expect([...(ana.board.get(id)?.text ?? '')].sort().join('')).toBe('aabenn');
      }
      const boxes = [ana.board.text(id), ben.board.text(id)];
      for (const { who, at, deleted, inserted, syncs } of edits) {
        const box = boxes[who] as (typeof boxes)[0];
        const before = box.value;
        const start = at % (before.length + 1);
        const count = Math.min(deleted, before.length - start);
        box.edit(start, count, inserted);
        expect(box.value).toBe(before.slice(0, start) + inserted + before.slice(start + count));
        if (syncs) syncAll(ana, ben);
      }
      syncAll(ana, ben);
      expect(boxes[0]?.value).toBe(boxes[1]?.value);
      expect(ana.board.get(id)?.text).toBe(boxes[0]?.value);
    }),
    { numRuns: 60, seed: 3 },
  );
});
