/**
 * The words on the status chip: a fact about bytes, in words a person would use. The explanation and the advice are in
 * status-lines.ts, shown when the chip is pressed.
 *
 * Total over `RoomStatus`: a kind that has no sentence does not compile. The chip never promises more than the status
 * knows: "Saved" appears only for `saved`, "kept" only after a completed write, "Offline" only when nothing answers. The
 * number of unsaved changes is never left out.
 */
import * as m from '$words/status-sentence';
import type { Refused, RoomStatus, StorageFact, Work } from '@wetink/sync';
import { failureLabel } from './failure-labels.ts';
import type { Role } from './board-info.ts';
import { refusedOf, statusNow, type Now } from './status-facts.ts';

export interface StatusSentence {
  /** On the chip. */
  text: string;
  /** Time of the next try, by `performance.now`; null when that is now, or not known. */
  retryAtMs: number | null;
  /** A person may ask for a try now instead. */
  canHurry: boolean;
  /** 'quiet' has no colour: nothing to worry about and nothing to celebrate. */
  tone: 'good' | 'quiet' | 'warn' | 'bad';
  icon: 'saved' | 'sending' | 'device' | 'offline' | 'view' | 'alert';
}

/** Facts about the person, beside the status. */
export interface Person {
  /** As the server last sent it. Null: never. */
  role: Role | null;
  /** The server's last answer did not let them in. */
  wasShut: boolean;
  /** A newer version of the app wrote this board. */
  isTooNew: boolean;
}

export function statusSentence(status: RoomStatus, person: Person): StatusSentence {
  const now = statusNow(status);
  const chip = chipOf(now, person);
  const refused = refusedOf(status);
  return {
    ...chip,
    retryAtMs: 'retryAtMs' in now ? now.retryAtMs : null,
    canHurry: now.kind === 'offline' || (now.kind === 'trouble' && !now.isConnected && !now.isHinted),
    ...(refused === null ? {} : { text: textWith(refused, now, chip.text), tone: 'bad', icon: 'alert' }),
  };
}

/** The browser was asked to keep a copy and does not, for a reason that the page shows. */
export function isBroken(storage: StorageFact): storage is 'blocked' | 'full' | 'failing' {
  return storage !== 'working' && storage !== 'unused';
}

type Chip = Pick<StatusSentence, 'text' | 'tone' | 'icon'>;

function chipOf(now: Now, { role, isTooNew }: Person): Chip {
  const { waiting, copy, storage } = now;
  switch (now.kind) {
    case 'loading':
      return { text: withCount(m.opening(), now), tone: 'quiet', icon: 'device' };
    case 'connecting':
      if (waiting > 0) return { text: capital(countPhrase(now)), tone: copy === 'none' ? 'bad' : 'quiet', icon: 'device' };
      return { text: copy === 'none' ? m.connecting() : m.onThisDevice(), tone: 'quiet', icon: 'device' };
    case 'sending':
      if (isBroken(storage) && copy === 'none') return { text: m.onlyInTab({ count: waiting }), ...lost };
      return { text: m.saving({ count: waiting }), tone: 'quiet', icon: 'sending' };
    case 'saved':
      if (isTooNew) return { text: m.viewOnly(), tone: 'warn', icon: 'view' };
      if (isBroken(storage)) return { text: m.savedNotKept(), tone: 'warn', icon: 'saved' };
      return { text: m.saved(), tone: 'good', icon: 'saved' };
    case 'unread':
      return { text: isTooNew ? m.viewOnly() : m.onlineNotKept(), tone: 'warn', icon: 'alert' };
    case 'sent':
      return { text: isTooNew ? m.viewOnly() : m.sent(), tone: 'quiet', icon: 'sending' };
    case 'read-only':
      return { text: waiting === 0 ? m.viewOnly() : m.viewOnlyNotSaved({ count: waiting }), tone: 'quiet', icon: 'view' };
    case 'offline': {
      const isAlone = copy === 'none' && role !== 'viewer';
      const label = role === 'viewer' ? m.offlineViewOnly() : isAlone && waiting === 0 ? m.offlineNotKept() : m.offline();
      return { text: withCount(label, now), ...(isAlone && waiting > 0 ? lost : { tone: 'warn', icon: 'offline' }) };
    }
    case 'trouble': {
      const isSlow = now.isConnected && now.code === 'RATE_LIMITED';
      const text = isSlow ? m.savingAfter({ label: failureLabel(now), count: waiting }) : withCount(failureLabel(now), now);
      return { text, tone: copy === 'none' && waiting > 0 ? 'bad' : 'warn', icon: 'alert' };
    }
    case 'error':
      return { text: withCount(failureLabel(now), now), ...lost };
  }
}

const lost = { tone: 'bad', icon: 'alert' } as const;

/** Both facts: what was not saved, and the state of the rest. */
function textWith(refused: Refused, now: Now, text: string): string {
  const lacking = m.notSaved({ count: refused.count });
  switch (now.kind) {
    case 'saved':
      return m.restIsSaved({ lacking });
    case 'sending':
      return m.savingMore({ lacking, count: now.waiting });
    case 'sent':
      return m.restIsSent({ lacking });
    case 'connecting':
      return now.waiting === 0 ? lacking : `${lacking} · ${text}`;
    default:
      return `${lacking} · ${text}`;
  }
}

function withCount(label: string, work: Work): string {
  return work.waiting === 0 ? label : m.labelled({ label, work: countPhrase(work) });
}

/** How many are not saved, and where they are. */
function countPhrase({ waiting, copy }: Work): string {
  switch (copy) {
    case 'kept':
      return m.kept({ count: waiting });
    case 'writing':
      return m.keeping({ count: waiting });
    case 'none':
      return m.onlyInTab({ count: waiting });
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
