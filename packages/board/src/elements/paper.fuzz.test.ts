/** Random papers, undos and reloads of three people whose devices exchange updates now and then. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultPaper, paperPatterns, paperTones } from '../color/papers.ts';
import { type Device, device, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { PaperTone } from '../types.ts';

const who = fc.nat(2);
const tones = ['white', ...Object.keys(paperTones)] as PaperTone[];
const operation = fc.oneof(
  fc.record({ do: fc.constant('pattern' as const), who, value: fc.constantFrom(...paperPatterns) }),
  fc.record({ do: fc.constant('tone' as const), who, value: fc.constantFrom(...tones) }),
  fc.record({ do: fc.constantFrom('undo' as const, 'redo' as const, 'reload' as const), who }),
  fc.record({ do: fc.constant('sync' as const), who, other: who }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

function apply(devices: Device[], wall: Wall, op: Operation): void {
  const at = devices[op.who] as Device;
  switch (op.do) {
    case 'pattern':
      return at.board.run((edit) => edit.setPaper({ pattern: op.value }));
    case 'tone':
      return at.board.run((edit) => edit.setPaper({ tone: op.value }));
    case 'sync':
      return syncPair(at, devices[op.other] as Device);
    case 'reload':
      devices[op.who] = device(at.user, wall, { state: at.state() });
      return;
    case 'undo':
    case 'redo':
      at.board[op.do]();
  }
}

it('[PP2] the papers of three people: the same on devices that received the same, and undone by all it is that of a new board', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 40 }), (operations) => {
      const wall = new Wall();
      const devices = ['ana', 'ben', 'cid'].map((user, i) => device(user, wall, { clientId: i + 1, seed: 900 + i }));
      for (const op of operations) {
        wall.pass(7);
        apply(devices, wall, op);
      }
      syncAll(...devices);
      const [first] = devices as [Device];
      for (const { board } of devices) expect(board.paper).toEqual(first.board.paper);
      expect(device('dan', wall, { state: first.state() }).board.paper).toEqual(first.board.paper);
      for (const at of devices) {
        while (at.board.canUndo) at.board.undo();
        syncAll(...devices);
      }
      for (const { board } of devices) expect(board.paper).toEqual(defaultPaper);
    }),
    { numRuns: 300 },
  );
});
