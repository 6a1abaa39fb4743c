import { expect, it } from 'vitest';
import { createKeyValue } from './key-value.ts';
import { readPenChoice, writePenChoice } from './pen-choice.ts';

function device(stored?: string) {
  const values = new Map(stored === undefined ? [] : [['wetink.pen', stored]]);
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  return createKeyValue(() => storage as unknown as Storage);
}

it('a pen draws as the hand does until the person chooses, and as chosen after a reload', () => {
  const facts = device();
  expect(readPenChoice(facts)).toEqual({ steadiness: 'off', isConstant: false, doesShape: true });
  const choice = { steadiness: 'strong', isConstant: true, doesShape: false } as const;
  writePenChoice(facts, choice);
  expect(readPenChoice(facts)).toEqual(choice);
});

it.each(['{', 'null', '7', '[]', '"strong"', '{"steadiness":"very","isConstant":1,"doesShape":"no"}'])(
  'a stored %s is as good as nothing',
  (stored) => {
    expect(readPenChoice(device(stored))).toEqual(readPenChoice(device()));
  },
);
