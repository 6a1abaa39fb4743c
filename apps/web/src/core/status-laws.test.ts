/**
 * Laws of everything that is said of a status, walked over every combination of link, role, code, changes that wait, where
 * they are, storage, kept copies, and what was heard before.
 */
import type { Cause } from '@wetink/sync';
import { errors, reasons, type Reason } from '@wetink/sync/failures';
import { deriveStatus, everyFacts, everyRole, type Facts } from '@wetink/sync/testing';
import { expect, it } from 'vitest';
import { inTime } from './in-time.ts';
import { serverLine } from './server-line.ts';
import { isSettled, statusAnnouncement, waitingOnDevice, wouldLoseOnLeave } from './status-effects.ts';
import { statusLines } from './status-lines.ts';
import { statusSentence, type Person, type StatusSentence } from './status-sentence.ts';
import { toldOf } from './told.ts';

/** On a phone of 390 px the chip has two lines of about 34 characters, three at the most. */
const CHIP_MAX_CHARS = 96;

/** Which version wrote a board is known of the copy on this device, so also before the server is heard, and without it. */
function* everyPerson({ role, link }: Facts): Generator<Person> {
  for (const isTooNew of [false, true]) {
    yield { role, wasShut: false, isTooNew };
    // Remembered from before, so only until this page hears the relay.
    if (role !== null || (link !== 'waiting' && link !== 'connecting')) continue;
    for (const remembered of everyRole) yield { role: remembered, wasShut: true, isTooNew };
  }
}

const labelOf = ({ code, reason }: Cause): string => (reason in reasons ? reasons[reason as Reason] : errors[code]).label;

/** The first law that is broken, or ''. */
function brokenLaw(facts: Facts, person: Person, chip: StatusSentence, lines: readonly string[]): string {
  const status = deriveStatus(facts);
  const { waiting, copy, storage, hasUnread, refused, trouble, link, isLoaded } = facts;
  const { role } = person;
  const { text, tone, retryAtMs } = chip;
  const all = [text, ...lines].join('\n');
  const isOpen = link === 'open';
  const isAcked = waiting === 0 && isOpen && facts.isSynced && facts.isUploaded && facts.isExtension === true;

  if (/^Saved/.test(text) && !(isAcked && refused === null && !hasUnread)) return 'Saved only of what is acknowledged, synced and uploaded';
  if (/has stored all your changes/.test(all) && !(isAcked && !hasUnread)) return 'stored only of what is acknowledged';
  if (/the rest is(?! sent)/.test(text) && !isAcked) return 'the rest is saved only if it is';
  if (tone === 'good' && !(isAcked && refused === null)) return 'green only if saved';

  const isUnanswered = trouble?.code === 'CONNECTION_LOST' && !isOpen;
  if (/cannot be reached|No answer/.test(all + serverLine(status, link, 0)) && !isUnanswered) return 'not reached only if nothing answers';
  if (isUnanswered && isLoaded && link !== 'closed' && !/cannot be reached/.test(all)) return 'nothing answers, and that is not said';
  if (/Offline/.test(text) && !isUnanswered) return 'offline only if nothing answers';

  const isIdle = isOpen && trouble?.code === 'RATE_LIMITED' && waiting === 0;
  if (trouble !== null && isLoaded && !isIdle) {
    const { sentence, advice } = toldOf(trouble, role);
    if (!all.includes(sentence) || !all.includes(advice)) return 'a reason is said, with what to do';
    if (!text.includes(labelOf(trouble))) return 'the label of a reason is on the chip, for every role';
  }
  const isWaitingFor = trouble !== null && isLoaded && !isIdle && link !== 'closed';
  if (isWaitingFor && retryAtMs !== trouble.retryAtMs) return 'the time of the next try is passed on';

  if (waiting > 0 && !text.includes(`${waiting} more`) && !text.includes(`${waiting} change`))
    return 'changes that are not saved are counted on the chip';
  if (refused !== null && isLoaded && !text.includes(`${refused.count} change`)) return 'refused changes are counted on the chip';
  if (refused !== null && isLoaded && !all.includes(toldOf({ code: refused.code, reason: '' }, role).sentence))
    return 'why they were refused';
  if (refused !== null && isLoaded && waiting > 0 && !all.includes(`${waiting} `)) return 'both facts are on the chip';

  if (
    /(is|are) kept on this device/.test(all.replaceAll('changes are kept on this device, and', '')) ||
    /kept on this device$/.test(text)
  ) {
    const isOwnKept = waiting > 0 && copy === 'kept';
    if (!isOwnKept && refused?.where !== 'kept' && !/not kept on this device$/.test(text)) return 'kept only if it is';
  }
  if (/changes are kept on this device, and/.test(all) && (copy === 'none' || storage !== 'working') && copy !== 'kept')
    return 'what comes next is kept only if there is storage';
  const isOwn = /\d changes? kept on this device/.test(text) || /(Your changes? (is|are)|saved\. (It is|They are)) kept on/.test(all);
  if (isOwn && !(waiting > 0 && copy === 'kept')) return 'changes that wait are kept only if they are, whatever became of others';
  if (/kept on this device, apart/.test(all) && refused?.where !== 'kept') return 'refused ones are kept only if they are';
  if (waiting > 0 && copy === 'none' && !/only in this tab/.test(all)) return 'only in this tab is said';

  if (/Keep drawing|what you draw/.test(all) && (role === 'viewer' || person.isTooNew)) return 'nobody is told of drawing who cannot draw';

  const isHopeless = role === 'viewer' || person.wasShut || link === 'closed';
  if (/merge when|as soon as that takes/.test(all) && isHopeless) return 'nothing is promised that is known not to be';
  if (hasUnread && isLoaded && link !== 'closed' && !/could not be read/.test(all)) return 'that it does not know is said';
  if (hasUnread && /None of your own changes waits|Nothing waits/.test(all)) return 'nothing waits is not said if that is not known';

  const isLost = (waiting > 0 && copy !== 'kept') || (isLoaded && refused !== null && refused.where !== 'kept');
  if (wouldLoseOnLeave(status) !== isLost && isLoaded) return 'leaving asks if and only if something would be lost';
  if (isSettled(status) && (waiting > 0 || isLost)) return 'settled only if nothing waits and nothing would be lost';
  const counted = waitingOnDevice(status);
  if (counted !== null && counted > waiting + (refused?.count ?? 0)) return 'no more wait than there are';
  if (statusAnnouncement(status, status, person) !== '') return 'nothing is announced twice';

  if (text.length > CHIP_MAX_CHARS) return `the chip is short: ${text.length}`;
  if (lines.length === 0 || lines.some((line) => !/^[A-Z\d“].*\.$/.test(line))) return 'the popover has sentences';
  if (new Set(lines).size !== lines.length) return 'no sentence twice';
  return '';
}

/** Of everything walked. A number in a sentence makes no other sentence of it. */
const figures = { walked: 0, chips: new Set<string>(), lines: new Set<string>() };
const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, 'n');

it.each(everyRole)(
  'T1: T2: T5: K5: K9: K10: K11: whatever is known of a room, nothing untrue is said of it and nothing that matters is left out: %s',
  (role) => {
    for (const facts of everyFacts([role])) {
      for (const person of everyPerson(facts)) {
        const status = deriveStatus(facts);
        const chip = statusSentence(status, person);
        const lines = statusLines(status, person);
        const law = brokenLaw(facts, person, chip, lines);
        if (law !== '') expect({ law, facts, person, said: [chip, lines] }).toBeNull();
        figures.chips.add(withoutNumbers(chip.text));
        for (const line of lines) figures.lines.add(withoutNumbers(line));
        figures.walked++;
      }
    }
  },
  120_000,
);

it('how much was walked, and how much there is to say', () => {
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

it('a time is counted down and never over before it has come', () => {
  expect([-5, 0, 1, 12_000, 12_001, 99_000, 99_001, 3_600_000, 6_000_000, 86_400_000].map(inTime)).toEqual([
    'now',
    'now',
    'in 1 s',
    'in 12 s',
    'in 13 s',
    'in 99 s',
    'in 2 min',
    'in 60 min',
    'in 2 h',
    'in 24 h',
  ]);
});
