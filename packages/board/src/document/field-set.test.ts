import { expect, it } from 'vitest';
import { type Field, fieldList, fields } from './fields.ts';
import { fieldSet, hasField, hasFieldOf, hasFields, setField } from './field-set.ts';

const field = (code: number): Field => ({ ...fields.geo, code });

it('a set has the fields that were put into it and no other, up to code 61', () => {
  const codes = Array.from({ length: 62 }, (_, code) => code);
  for (const code of codes) {
    const set = fieldSet([field(code)]);
    expect(codes.filter((other) => hasField(set, field(other)))).toEqual([code]);
    expect(codes.filter((other) => hasFieldOf(set, fieldSet([field(other)])))).toEqual([code]);
    setField(set, field(code), { isIn: false });
    expect(hasFields(set)).toBe(false);
  }
});

it('the code of every field fits, and no two fields have the same', () => {
  const codes = fieldList.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Math.max(...codes)).toBeLessThan(62);
});
