/**
 * One worked case, three ways: two people insert into the same sentence at once.
 *
 *     both have      "The fox jumps."
 *     Ana inserts    "quick " before "fox"       -> "The quick fox jumps."
 *     Ben inserts    "over it" before "."        -> "The fox jumps over it."
 *
 * *Last write wins* keeps one of the two sentences. *Operational transformation* keeps both as long as one server puts
 * the operations into one order and every client transforms against it; without that server a textbook transform gives
 * two people different texts. A *CRDT*, such as the text of a board, keeps both insertions in any order of arrival,
 * through any relay and offline, since every character has an identity and a place among the others, not an index.
 */
import { describe, expect, it } from 'vitest';
import { type Device, device, draw, rectangle, syncAll, Wall } from './testing/people.ts';
import type { ElementId } from './types.ts';

const START = 'The fox jumps.';
const ana = { at: 4, text: 'quick ' };
const ben = { at: 13, text: ' over it' };
const BOTH = 'The quick fox jumps over it.';

describe('last write wins', () => {
  interface Register {
    readonly value: string;
    readonly time: number;
  }
  const newer = (a: Register, b: Register): Register => (b.time > a.time ? b : a);
  const write = (value: string, { at, text }: typeof ana, time: number): Register => ({
    value: value.slice(0, at) + text + value.slice(at),
    time,
  });

  it("converges, and one person's words are gone", () => {
    const [fromAna, fromBen] = [write(START, ana, 1), write(START, ben, 2)];
    const [onAna, onBen] = [newer(fromAna, fromBen), newer(fromBen, fromAna)];
    expect(onAna).toEqual(onBen);
    expect(onAna.value).toBe('The fox jumps over it.');
    expect(onAna.value).not.toContain('quick');
  });
});

describe('operational transformation', () => {
  interface Insert {
    readonly at: number;
    readonly text: string;
    readonly site: number;
  }
  interface Delete {
    readonly at: number;
    readonly length: 1;
  }
  type Operation = Insert | Delete;

  const apply = (value: string, operation: Operation): string =>
    'text' in operation
      ? value.slice(0, operation.at) + operation.text + value.slice(operation.at)
      : value.slice(0, operation.at) + value.slice(operation.at + operation.length);

  /** `operation` as it is after `other`, which was made on the same text, has been applied. Ellis and Gibbs, 1989. */
  function transform(operation: Operation, other: Operation): Operation {
    if ('text' in other) {
      const isBefore =
        other.at < operation.at ||
        (other.at === operation.at && 'text' in operation && other.site < operation.site) ||
        (other.at === operation.at && !('text' in operation));
      return isBefore ? { ...operation, at: operation.at + other.text.length } : operation;
    }
    return other.at < operation.at ? { ...operation, at: operation.at - 1 } : operation;
  }

  const a: Insert = { ...ana, site: 1 };
  const b: Insert = { ...ben, site: 2 };

  it('keeps both when each is transformed against the other', () => {
    expect(apply(apply(START, a), transform(b, a))).toBe(BOTH);
    expect(apply(apply(START, b), transform(a, b))).toBe(BOTH);
  });

  it('a third person who receives the operations in another order gets another text, so all need one order', () => {
    // Ben deletes the 'x' that stands between what Ana and Cid insert (the "TP2 puzzle").
    const fox = 'fox';
    const cid: Insert = { at: 3, text: 'C', site: 1 };
    const anaX: Insert = { at: 2, text: 'A', site: 2 };
    const benX: Delete = { at: 2, length: 1 };
    // Ben's deletion arrives first, then the insertions of Ana and Cid, in either order.
    const afterBen = apply(fox, benX);
    const [anaAfter, cidAfter] = [transform(anaX, benX), transform(cid, benX)];
    const anaFirst = apply(apply(afterBen, anaAfter), transform(cidAfter, anaAfter));
    // On another device the insertions of Ana and Cid arrive first, then Ben's deletion.
    const [cidAfterAna] = [transform(cid, anaX)];
    const benAfterBoth = transform(transform(benX, anaX), cidAfterAna);
    const benLast = apply(apply(apply(fox, anaX), cidAfterAna), benAfterBoth);
    expect(benLast).toBe('foAC');
    expect(anaFirst).toBe('foCA');
  });
});

describe("a board's text", () => {
  const edit = (at: Device, id: ElementId, { at: start, text }: typeof ana): void => {
    const box = at.board.text(id);
    box.edit(start, 0, text);
    box.close();
  };

  it.each([
    [1, 2],
    [2, 1],
  ])('keeps both insertions, independent of the order of client ids (%i, %i)', (anaId, benId) => {
    const wall = new Wall();
    const anas = device('ana', wall, { clientId: anaId });
    const id = draw(anas, rectangle(0, { kind: 'text', text: START }));
    const bens = device('ben', wall, { clientId: benId, state: anas.state() });
    edit(anas, id, ana);
    edit(bens, id, ben);
    syncAll(anas, bens);
    expect([anas, bens].map((at) => at.board.get(id)?.text)).toEqual([BOTH, BOTH]);
  });

  it('gives three people the same text in every order of arrival', () => {
    const wall = new Wall();
    const anas = device('ana', wall);
    const id = draw(anas, rectangle(0, { kind: 'text', text: 'fox' }));
    const start = anas.state();
    const [bens, cids] = [device('ben', wall, { state: start }), device('cid', wall, { state: start })];
    const updates = (
      [
        [anas, 2, 0, 'A'],
        [bens, 2, 1, ''],
        [cids, 3, 0, 'C'],
      ] as const
    ).map(([at, from, deleted, text]) => {
      at.outbox.length = 0;
      const box = at.board.text(id);
      box.edit(from, deleted, text);
      return at.outbox[0] as Uint8Array;
    });
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const reader = device('dia', wall, { state: start });
      for (const i of order) reader.receive(updates[i] as Uint8Array);
      expect(reader.board.get(id)?.text).toBe('foAC');
    }
  });
});
