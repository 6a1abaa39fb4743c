import * as Y from 'yjs';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, it } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { fromHex, toHex } from './fixtures/golden.ts';
import { decodeAwareness, encodeAwareness, limits, parseAwarenessState, type AwarenessEntry } from './index.ts';

const entry = (clientId: number, clock: number, state: unknown): AwarenessEntry => ({ clientId, clock, state: JSON.stringify(state) });

describe('[P13] bodies', () => {
  it('bodies are those of y-protocols, both ways', () => {
    const from = new Awareness(new Y.Doc());
    from.setLocalState({ name: 'Zoë \u{1f58a}', cursor: { x: 1.5, y: -2 } });
    const id = from.clientID;
    const body = encodeAwarenessUpdate(from, [id]);
    const entries = decodeAwareness(body);
    expect(entries).toEqual([entry(id, from.meta.get(id)?.clock ?? -1, from.getLocalState())]);
    expect(toHex(encodeAwareness(entries))).toBe(toHex(body));

    const to = new Awareness(new Y.Doc());
    applyAwarenessUpdate(to, encodeAwareness([entry(7, 1, { a: 1 }), entry(id, 3, from.getLocalState())]), null);
    expect(to.getStates().get(7)).toEqual({ a: 1 });
    expect(to.getStates().get(id)).toEqual(from.getLocalState());
    applyAwarenessUpdate(to, encodeAwareness([entry(7, 2, null)]), null);
    expect(to.getStates().has(7)).toBe(false);
    for (const awareness of [from, to]) {
      awareness.destroy();
      awareness.doc.destroy();
    }
  });

  it('a body without entries is one byte', () => {
    expect(decodeAwareness(fromHex('00'))).toEqual([]);
    expect(toHex(encodeAwareness([]))).toBe('00');
  });

  it('a body with too little or too much is malformed', () => {
    for (const hex of ['', '01', '01 01 01', '01 01 01 05 6e756c6c', '01 01 01 04 6e756c6c 00', '01 01 01 01 ff']) {
      expect(codeOf(() => decodeAwareness(fromHex(hex)))).toBe('MALFORMED');
    }
  });

  it('a body is never written with an impossible number', () => {
    expect(() => encodeAwareness([entry(-1, 0, null)])).toThrow(RangeError);
    expect(() => encodeAwareness([entry(1, 0.5, null)])).toThrow(RangeError);
  });
});

describe('[P14] bounds', () => {
  it('a count is checked against the bytes before anything is read (A13)', () => {
    expect(codeOf(() => decodeAwareness(fromHex('a08d06 01 01 04 6e756c6c')))).toBe('MALFORMED');
  });

  it('states are limited in number and size, by the caller if need be', () => {
    const three = encodeAwareness([1, 2, 3].map((id) => entry(id, 1, null)));
    expect(codeOf(() => decodeAwareness(three, { maxEntries: 2 }))).toBe('TOO_LARGE');
    expect(codeOf(() => decodeAwareness(three, { maxStateBytes: 3 }))).toBe('TOO_LARGE');
    expect(decodeAwareness(three, { maxEntries: 3, maxStateBytes: 4 })).toHaveLength(3);
    const flood = encodeAwareness(Array.from({ length: limits.maxAwarenessEntries + 1 }, (_, id) => entry(id, 1, null)));
    expect(codeOf(() => decodeAwareness(flood))).toBe('TOO_LARGE');
    const long = encodeAwareness([entry(1, 1, 'x'.repeat(limits.maxAwarenessStateBytes - 1))]);
    expect(codeOf(() => decodeAwareness(long))).toBe('TOO_LARGE');
  });

  it('a clock leaves room for the next (A12)', () => {
    expect(decodeAwareness(encodeAwareness([entry(1, limits.maxAwarenessClock, null)]))).toHaveLength(1);
    expect(codeOf(() => decodeAwareness(encodeAwareness([entry(1, limits.maxAwarenessClock + 1, null)])))).toBe('MALFORMED');
    expect(codeOf(() => decodeAwareness(encodeAwareness([entry(1, Number.MAX_SAFE_INTEGER, null)])))).toBe('MALFORMED');
  });
});

describe('[P15] states', () => {
  it('states are objects, or null for a client that has left', () => {
    expect(parseAwarenessState('{"a":[1,{"b":"\\u00e9"}]}')).toEqual({ a: [1, { b: 'é' }] });
    expect(parseAwarenessState('null')).toBeNull();
    for (const text of ['', '{', '{"a":1}}', '1', '"x"', '[1]', 'undefined', '{a:1}']) {
      expect(codeOf(() => parseAwarenessState(text))).toBe('MALFORMED');
    }
  });

  it('states are not nested deeper than readers can follow (A9)', () => {
    const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
    expect(parseAwarenessState(nested(limits.maxAwarenessDepth))).not.toBeNull();
    expect(codeOf(() => parseAwarenessState(nested(limits.maxAwarenessDepth + 1)))).toBe('MALFORMED');
    expect(codeOf(() => parseAwarenessState('['.repeat(200_000) + ']'.repeat(200_000)))).toBe('MALFORMED');
    const brackets = JSON.stringify({ text: '[{"\\'.repeat(1000) });
    expect(parseAwarenessState(brackets)).toEqual({ text: '[{"\\'.repeat(1000) });
  });

  it.each(['{"__proto__":{"isAdmin":true},"a":{"__proto__":1,"b":2}}', '{"\\u005f_proto_\\u005f":{"isAdmin":true},"a":{"b":2}}'])(
    'lose a key that would become a prototype: %s (A9)',
    (text) => {
      const state = parseAwarenessState(text);
      expect(state).toEqual({ a: { b: 2 } });
      const copy: Record<string, unknown> = Object.assign({}, state);
      expect(copy['isAdmin']).toBeUndefined();
      expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    },
  );
});
