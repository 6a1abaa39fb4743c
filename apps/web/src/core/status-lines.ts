/**
 * The explanation of a status, shown when the chip is pressed: the reason, in the words of the one table (failure-words.ts) ·
 * the state of my changes · refused changes · what this device can't do · what to do.
 *
 * Nothing is promised that is not known: a viewer, or a person who was not let in, never reads that changes will merge.
 */
import type { Refused, RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { isShutCode, refusedOf, statusNow, type Now } from './status-facts.ts';
import { changes, isBroken, type Person } from './status-sentence.ts';
import { failureWords, type FailureWords } from './failure-words.ts';

/** @returns One paragraph for each; none twice, since the link and a refusal may have the same reason. */
export function statusLines(status: RoomStatus, person: Person): string[] {
  const now = statusNow(status);
  const refused = refusedOf(status);
  const failure = whyOf(now, person);
  const lines = [
    ...(person.isTooNew ? [TOO_NEW] : []),
    ...(now.kind === 'connecting' ? ['The server has not answered yet.'] : []),
    ...(failure === null ? [] : [failure.sentence]),
    ...workLines(now, person),
    ...(refused === null ? [] : refusedLines(refused, person)),
    ...storageLines(now, person),
    ...(failure === null ? [] : [failure.advice]),
  ];
  return [...new Set(lines)];
}

/** How many changes are not saved, and where they are; '' when there are none. */
export function unsavedLine(work: Work): string {
  const { waiting } = work;
  return waiting === 0 ? '' : `${changes(waiting)} ${waiting === 1 ? 'is' : 'are'} not saved. ${whereLine(work)}`;
}

const TOO_NEW = 'A newer version of Wetink wrote this board. Reload to get it; until then you can look but not change.';
const VIEWERS = 'The server takes no changes from somebody who can only view: they become a kept copy, apart from the board.';
const NOT_LET_IN = 'When the server was last heard it did not let you in.';
const SHUT = `${NOT_LET_IN} Unless that has changed, what you draw stays on this device alone.`;
const OLD = 'You can only view this board, and it may be old: it is as it was when the server was last heard.';
const NOT_TAKEN = 'The server does not take them: look at them here, and save the board as a file to keep them.';
const AGAIN = 'They go to the server when it lets this page in again. To be safe, save the board as a file.';
const MERGE = 'Keep drawing: changes are kept on this device, and merge when the server takes them.';

/** Without it no sentence mentions drawing. */
function canDraw({ role, isTooNew }: Person): boolean {
  return role !== 'viewer' && !isTooNew;
}

function whyOf(now: Now, { role }: Person): FailureWords | null {
  if (now.kind === 'offline') return failureWords({ code: 'CONNECTION_LOST', reason: '' }, role);
  return now.kind === 'trouble' || now.kind === 'error' ? failureWords(now, role) : null;
}

/** The state of my changes. */
function workLines(now: Now, person: Person): string[] {
  const { waiting, copy } = now;
  switch (now.kind) {
    case 'loading':
      return ['Reading what this device has of the board.', ...(waiting > 0 ? [whereLine(now, 'Your')] : [])];
    case 'saved':
      return ['The server has stored all your changes.'];
    case 'unread':
      return ['The server has stored all that you did on this page.'];
    case 'sent':
      return ['This server does not confirm what it stores, so all that is known is that it got all your changes.'];
    case 'sending':
      return [
        'On the way to the server, which has not confirmed yet that they are stored.',
        ...(copy === 'none' ? [whereLine(now, 'Your')] : []),
      ];
    case 'read-only':
      return [
        'You can look around, and see what others draw, but not change this board.',
        ...(waiting > 0 ? [whereLine(now, 'Your'), VIEWERS] : []),
      ];
    case 'error':
      return waiting > 0 ? [unsavedLine(now), isShutCode(now.code) ? NOT_TAKEN : AGAIN] : [];
    default:
      if (waiting > 0) return [whereLine(now, 'Your'), fateOf(now, person)];
      return now.kind === 'trouble' && now.isConnected ? connectedLines(now) : cutOffLines(now, person);
  }
}

/** Lines for no waiting changes, while the server is there but takes none. */
function connectedLines({ code, hasUnread }: DocumentStatus & { kind: 'trouble' }): string[] {
  return [
    ...(hasUnread ? [] : ['None of your own changes waits to be saved.']),
    ...(code === 'STORAGE_UNAVAILABLE' ? ['What others draw now may not be saved yet.'] : []),
  ];
}

function cutOffLines({ kind, copy }: DocumentStatus, person: Person): string[] {
  if (person.wasShut) return [canDraw(person) ? SHUT : NOT_LET_IN];
  if (!canDraw(person)) return kind === 'connecting' ? [] : [OLD];
  return copy === 'none' ? [] : [MERGE];
}

/** Where unsaved changes are. @param subject Names them, if no earlier line has. */
function whereLine({ waiting, copy }: Work, subject?: 'Your'): string {
  const are = waiting === 1 ? 'is' : 'are';
  const they = subject === undefined ? (waiting === 1 ? 'It' : 'They') : waiting === 1 ? 'Your change' : 'Your changes';
  switch (copy) {
    case 'kept':
      return `${they} ${are} kept on this device, also after closing this page.`;
    case 'writing':
      return `${they} ${are} being written to this device.`;
    case 'none':
      return `${they} ${are} only in this tab: keep this page open.`;
  }
}

/** The next thing to happen to waiting changes. */
function fateOf({ waiting }: Work, person: Person): string {
  if (person.wasShut) return canDraw(person) ? SHUT : NOT_LET_IN;
  if (person.role === 'viewer') return VIEWERS;
  return waiting === 1 ? 'It goes to the server as soon as that takes it.' : 'They go to the server as soon as that takes them.';
}

function refusedLines({ count, code, where }: Refused, { role }: Person): string[] {
  const { sentence, advice } = failureWords({ code, reason: '' }, role);
  const [it, they, were] = count === 1 ? ['it', 'It is', 'was'] : ['them', 'They are', 'were'];
  const place = { kept: 'kept on this device', writing: 'being written to this device', none: 'only in this tab' }[where];
  const until = where === 'kept' ? '' : ' Keep this page open.';
  return [
    `${changes(count)} ${were} not taken. ${sentence}`,
    `${they} ${place}, apart from the board: look at ${it}, save ${it} as a file, or discard ${it}.${until}`,
    advice,
  ];
}

const storageSentences = {
  blocked: 'This browser does not let the page store anything',
  full: 'There is no room left in the storage of this browser',
  failing: 'The storage of this browser fails',
} as const;

/** Faults of this device's storage, and the facts that stay unknown because of them. */
function storageLines({ kind, storage, hasUnread, copy, waiting }: Now, person: Person): string[] {
  if (kind === 'loading') return [];
  const lines: string[] = [];
  if (isBroken(storage)) {
    const isAtRisk = canDraw(person) && kind !== 'error' && (copy === 'none' || waiting === 0);
    lines.push(`${storageSentences[storage]}${isAtRisk ? ': what you draw without a connection is lost when this page closes.' : '.'}`);
  }
  if (hasUnread) lines.push('What an earlier visit left on this device could not be read, so more changes may wait here than are counted.');
  return lines;
}
