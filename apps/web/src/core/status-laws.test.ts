/**
 * Laws for every sentence about a status, checked for every combination of link, role, code, waiting changes, where they are,
 * storage, kept copies, and what the server answered before.
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

/** The copy on this device says which version wrote the board, so `isTooNew` is known before the server answers. */
function* everyPerson({ role, link }: Facts): Generator<Person> {
  for (const isTooNew of [false, true]) {
    yield { role, wasShut: false, isTooNew };
    // Remembered from an earlier page, so only until the relay answers this one.
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

  if (/^Saved/.test(text) && !(isAcked && refused === null && !hasUnread))
    return '"Saved" only if everything is acknowledged, synced and uploaded';
  if (/has stored all your changes/.test(all) && !(isAcked && !hasUnread)) return '"stored" only if everything is acknowledged';
  if (/the rest is(?! sent)/.test(text) && !isAcked) return '"the rest is" saved only if it is';
  if (tone === 'good' && !(isAcked && refused === null)) return 'green only if saved';

  const isUnanswered = trouble?.code === 'CONNECTION_LOST' && !isOpen;
  if (/cannot be reached|No answer/.test(all + serverLine(status, link, 0)) && !isUnanswered)
    return '"cannot be reached" only if nothing answers';
  if (isUnanswered && isLoaded && link !== 'closed' && !/cannot be reached/.test(all)) return 'if nothing answers, "cannot be reached"';
  if (/Offline/.test(text) && !isUnanswered) return '"Offline" only if nothing answers';

  const isIdle = isOpen && trouble?.code === 'RATE_LIMITED' && waiting === 0;
  if (trouble !== null && isLoaded && !isIdle) {
    const { sentence, advice } = toldOf(trouble, role);
    if (!all.includes(sentence) || !all.includes(advice)) return 'every trouble has its reason and advice';
    if (!text.includes(labelOf(trouble))) return 'the label of a reason is on the chip, for every role';
  }
  const isWaitingFor = trouble !== null && isLoaded && !isIdle && link !== 'closed';
  if (isWaitingFor && retryAtMs !== trouble.retryAtMs) return 'the time of the next try is passed on';

  if (waiting > 0 && !text.includes(`${waiting} more`) && !text.includes(`${waiting} change`))
    return 'changes that are not saved are counted on the chip';
  if (refused !== null && isLoaded && !text.includes(`${refused.count} change`)) return 'refused changes are counted on the chip';
  if (refused !== null && isLoaded && !all.includes(toldOf({ code: refused.code, reason: '' }, role).sentence))
    return 'refused changes have a reason';
  if (refused !== null && isLoaded && waiting > 0 && !all.includes(`${waiting} `)) return 'both facts are on the chip';

  if (
    /(is|are) kept on this device/.test(all.replaceAll('changes are kept on this device, and', '')) ||
    /kept on this device$/.test(text)
  ) {
    const isOwnKept = waiting > 0 && copy === 'kept';
    if (!isOwnKept && refused?.where !== 'kept' && !/not kept on this device$/.test(text)) return '"kept" only if it is';
  }
  if (/changes are kept on this device, and/.test(all) && (copy === 'none' || storage !== 'working') && copy !== 'kept')
    return '"changes are kept" only if there is storage';
  const isOwn = /\d changes? kept on this device/.test(text) || /(Your changes? (is|are)|saved\. (It is|They are)) kept on/.test(all);
  if (isOwn && !(waiting > 0 && copy === 'kept')) return 'waiting changes are "kept" only if they are, whatever happened to others';
  if (/kept on this device, apart/.test(all) && refused?.where !== 'kept') return 'refused changes are "kept" only if they are';
  if (waiting > 0 && copy === 'none' && !/only in this tab/.test(all)) return 'changes without a copy are "only in this tab"';

  if (/Keep drawing|what you draw/.test(all) && (role === 'viewer' || person.isTooNew))
    return 'nothing about drawing for a person who cannot draw';

  const isHopeless = role === 'viewer' || person.wasShut || link === 'closed';
  if (/merge when|as soon as that takes/.test(all) && isHopeless) return 'no promise that is known to be false';
  if (hasUnread && isLoaded && link !== 'closed' && !/could not be read/.test(all)) return 'unread storage "could not be read"';
  if (hasUnread && /None of your own changes waits|Nothing waits/.test(all)) return 'never "nothing waits" if storage is unread';

  const isLost = (waiting > 0 && copy !== 'kept') || (isLoaded && refused !== null && refused.where !== 'kept');
  if (wouldLoseOnLeave(status) !== isLost && isLoaded) return 'leaving asks if and only if something would be lost';
  if (isSettled(status) && (waiting > 0 || isLost)) return 'settled only if nothing waits and nothing would be lost';
  const counted = waitingOnDevice(status);
  if (counted !== null && counted > waiting + (refused?.count ?? 0)) return 'no more changes wait than there are';
  if (statusAnnouncement(status, status, person) !== '') return 'nothing is announced twice';

  if (text.length > CHIP_MAX_CHARS) return `the chip is short: ${text.length}`;
  if (lines.length === 0 || lines.some((line) => !/^[A-Z\d“].*\.$/.test(line))) return 'every line of the popover is a sentence';
  if (new Set(lines).size !== lines.length) return 'no sentence twice';
  return '';
}

/** Counts over all combinations. Sentences that differ only in numbers count once. */
const figures = { walked: 0, chips: new Set<string>(), lines: new Set<string>() };
const withoutNumbers = (text: string): string => text.replaceAll(/\d+/g, 'n');

it.each(everyRole)(
  'T1: T2: T5: K5: K9: K10: K11: in every state of a room the chip and the popover say nothing untrue and leave out nothing that matters: %s',
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

it('a countdown rounds up, so it never ends before its time', () => {
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
