/**
 * The explanation of a status, shown when the chip is pressed: the reason, in the words of the one table (failure-words.ts) ·
 * the state of my changes · refused changes · what this device can't do · what to do.
 *
 * Nothing is promised that is not known: a viewer, or a person who was not let in, never reads that changes will merge.
 */
import * as m from '$words/status-lines';
import type { Refused, RoomStatus, DocumentStatus, Work } from '@wetink/sync';
import { isShutCode, refusedOf, statusNow, type Now } from './status-facts.ts';
import { isBroken, type Person } from './status-sentence.ts';
import { failureWords, type FailureWords } from './failure-words.ts';

/** @returns One paragraph for each; none twice, since the link and a refusal may have the same reason. */
export function statusLines(status: RoomStatus, person: Person): string[] {
  const now = statusNow(status);
  const refused = refusedOf(status);
  const failure = whyOf(now, person);
  const lines = [
    ...(person.isTooNew ? [m.tooNew()] : []),
    ...(now.kind === 'connecting' ? [m.notAnsweredYet()] : []),
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
  return waiting === 0 ? '' : m.unsaved({ count: waiting, where: whereLine(work, 'they') });
}

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
      return [m.reading(), ...(waiting > 0 ? [whereLine(now, 'your')] : [])];
    case 'saved':
      return [m.allStored()];
    case 'unread':
      return [m.allOfPageStored()];
    case 'sent':
      return [m.allGot()];
    case 'sending':
      return [m.onTheWay(), ...(copy === 'none' ? [whereLine(now, 'your')] : [])];
    case 'read-only':
      return [m.canLook(), ...(waiting > 0 ? [whereLine(now, 'your'), m.viewers()] : [])];
    case 'error':
      return waiting > 0 ? [unsavedLine(now), isShutCode(now.code) ? m.notTaken() : m.again()] : [];
    default:
      if (waiting > 0) return [whereLine(now, 'your'), fateOf(now, person)];
      return now.kind === 'trouble' && now.isConnected ? connectedLines(now) : cutOffLines(now, person);
  }
}

/** Lines for no waiting changes, while the server is there but takes none. */
function connectedLines({ code, hasUnread }: DocumentStatus & { kind: 'trouble' }): string[] {
  return [...(hasUnread ? [] : [m.noneWaits()]), ...(code === 'STORAGE_UNAVAILABLE' ? [m.othersMayNotBeSaved()] : [])];
}

function cutOffLines({ kind, copy }: DocumentStatus, person: Person): string[] {
  if (person.wasShut) return [canDraw(person) ? m.shut() : m.notLetIn()];
  if (!canDraw(person)) return kind === 'connecting' ? [] : [m.old()];
  return copy === 'none' ? [] : [m.merge()];
}

/** Where unsaved changes are. @param subject 'they' after a line that has named them. */
function whereLine({ waiting: count, copy }: Work, subject: 'they' | 'your'): string {
  switch (copy) {
    case 'kept':
      return subject === 'they' ? m.theyKept({ count }) : m.yourKept({ count });
    case 'writing':
      return subject === 'they' ? m.theyWriting({ count }) : m.yourWriting({ count });
    case 'none':
      return subject === 'they' ? m.theyOnlyInTab({ count }) : m.yourOnlyInTab({ count });
  }
}

/** The next thing to happen to waiting changes. */
function fateOf({ waiting }: Work, person: Person): string {
  if (person.wasShut) return canDraw(person) ? m.shut() : m.notLetIn();
  if (person.role === 'viewer') return m.viewers();
  return m.theyGo({ count: waiting });
}

function refusedLines({ count, code, where }: Refused, { role }: Person): string[] {
  const { sentence, advice } = failureWords({ code, reason: '' }, role);
  const place = { kept: m.refusedKept, writing: m.refusedWriting, none: m.refusedOnlyInTab }[where];
  return [m.refused({ count, why: sentence }), place({ count }), advice];
}

const storageSentences = {
  blocked: { calm: m.blocked, atRisk: m.blockedAtRisk },
  full: { calm: m.full, atRisk: m.fullAtRisk },
  failing: { calm: m.failing, atRisk: m.failingAtRisk },
} as const;

/** Faults of this device's storage, and the facts that stay unknown because of them. */
function storageLines({ kind, storage, hasUnread, copy, waiting }: Now, person: Person): string[] {
  if (kind === 'loading') return [];
  const lines: string[] = [];
  if (isBroken(storage)) {
    const isAtRisk = canDraw(person) && kind !== 'error' && (copy === 'none' || waiting === 0);
    lines.push(storageSentences[storage][isAtRisk ? 'atRisk' : 'calm']());
  }
  if (hasUnread) lines.push(m.unread());
  return lines;
}
