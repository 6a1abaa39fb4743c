/**
 * Every sentence about a status, checked for every combination of link, role, code, waiting changes, where they are, storage,
 * kept copies, and what the server answered before.
 */
import { errors, reasons } from '@wetink/sync/failures';
import { everyFacts, everyRole } from '@wetink/sync/testing';
import { expect, it } from 'vitest';
import { brokenLaw, everyPerson, saidOf } from './fixtures/status-laws.ts';

/** Counts over all combinations. Sentences that differ only in numbers count once. */
const figures = { walked: 0, chips: new Set<string>(), lines: new Set<string>() };
const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, 'n');

it.each(everyRole)(
  'T1: T2: T5: K5: K9: K10: K11: in every state of a room the chip and the popover say nothing untrue and leave out nothing that matters: %s',
  (role) => {
    for (const facts of everyFacts([role])) {
      for (const person of everyPerson(facts)) {
        const said = saidOf(facts, person);
        const law = brokenLaw(said);
        if (law !== '') expect({ law, said }).toBeNull();
        figures.chips.add(withoutNumbers(said.chip.text));
        for (const line of said.lines) figures.lines.add(withoutNumbers(line));
        figures.walked++;
      }
    }
  },
  120_000,
);

it('the walk covers more than 400,000 combinations and 100 different chips', () => {
  const advice = [...Object.values(errors), ...Object.values(reasons)].flatMap((row) => {
    return typeof row.advice === 'string' ? [row.advice] : Object.values(row.advice);
  });
  const causes = [...Object.values(errors), ...Object.values(reasons)].map(({ sentence }) => sentence);
  const counted = {
    codesAndReasons: causes.length,
    sentencesInTheTable: new Set([...causes, ...advice]).size,
    chips: figures.chips.size,
    lines: figures.lines.size,
    combinations: figures.walked,
  };
  console.log(counted);
  expect(counted.combinations).toBeGreaterThan(400_000);
  expect(counted.chips).toBeGreaterThan(100);
});
