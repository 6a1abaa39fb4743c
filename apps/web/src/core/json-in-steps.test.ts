import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonInSteps } from './json-in-steps.ts';

function read(text: string, depth = 2): { value: unknown; steps: number } {
  const reading = jsonInSteps(text, depth);
  for (let steps = 1; ; steps += 1) {
    const step = reading.next();
    if (step.done === true) return { value: step.value, steps };
  }
}

it('reads the same as JSON.parse, at every depth and with any spaces', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(4), fc.constantFrom('', ' ', '\n\t'), (value, depth, space) => {
      const text = `${space}${JSON.stringify(value, null, space)}${space}`;
      expect(read(text, depth).value).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

it('refuses the same texts as JSON.parse', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 1a.-'), maxLength: 12 }),
    fc.tuple(fc.jsonValue(), fc.nat(30), fc.constantFrom('', ',', '}', ']', '"', '\\', '1')).map(([value, at, sign]) => {
      const text = JSON.stringify(value);
      return text.slice(0, at) + sign + text.slice(at + 1);
    }),
  );
  const parsed = (text: string, parse: (text: string) => unknown): unknown => {
    try {
      return { value: parse(text) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return 'no JSON';
    }
  };
  fc.assert(
    fc.property(texts, fc.nat(3), (text, depth) => {
      expect(parsed(text, (given) => read(given, depth).value)).toEqual(parsed(text, (given) => JSON.parse(given) as unknown));
    }),
    { numRuns: 2_000 },
  );
});

it('every value at the depth is a step, and a long one is many', () => {
  expect(read(JSON.stringify({ elements: Array.from({ length: 500 }, (_, i) => ({ i })) })).steps).toBeGreaterThan(500);
  expect(read(JSON.stringify([[Array.from({ length: 100_000 }, (_, i) => i)]])).steps).toBeGreaterThan(10);
});

it('a name like __proto__ is a property like any other', () => {
  const value = read('{"__proto__":{"a":1},"b":2}').value as object;
  expect([Object.getPrototypeOf(value), Object.keys(value)]).toEqual([Object.prototype, ['__proto__', 'b']]);
});

it('one value that is too long is left out, and the rest is read', () => {
  const long = `[${'0,'.repeat(2_200_000)}0]`;
  expect(read(`{"elements":[1,${long},2]}`).value).toEqual({ elements: [1, undefined, 2] });
  expect(read(`{"files":{"a":"${'x'.repeat(5_000_000)}"}}`).value).toEqual({ files: { a: 'x'.repeat(5_000_000) } });
});
