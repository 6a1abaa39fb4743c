/**
 * The words on the status chip: a fact about bytes, in words a person would use. The explanation and the advice are in
 * status-lines.ts, shown when the chip is pressed.
 *
 * Total over `RoomStatus`: a kind that has no sentence does not compile. The chip never promises more than the status
 * knows: "Saved" appears only for `saved`, "kept" only after a completed write, "Offline" only when nothing answers. The
 * number of unsaved changes is never left out.
 */
import type { Cause, Refused, RoomStatus, StorageFact, Work } from '@wetink/sync';
import { labels, reasonLabels } from '@wetink/sync/failures';
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

/** '1 change', '3 changes'. */
export function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
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
      return { text: withCount('Opening', now), tone: 'quiet', icon: 'device' };
    case 'connecting':
      if (waiting > 0) return { text: capital(countPhrase(now)), tone: copy === 'none' ? 'bad' : 'quiet', icon: 'device' };
      return { text: copy === 'none' ? 'Connecting' : 'On this device', tone: 'quiet', icon: 'device' };
    case 'sending':
      if (isBroken(storage) && copy === 'none') return { text: `${changes(waiting)} only in this tab`, ...lost };
      return { text: `Saving ${changes(waiting)}`, tone: 'quiet', icon: 'sending' };
    case 'saved':
      if (isTooNew) return { text: 'View only', tone: 'warn', icon: 'view' };
      if (isBroken(storage)) return { text: 'Saved, not kept on this device', tone: 'warn', icon: 'saved' };
      return { text: 'Saved', tone: 'good', icon: 'saved' };
    case 'unread':
      return { text: isTooNew ? 'View only' : 'Online, not kept on this device', tone: 'warn', icon: 'alert' };
    case 'sent':
      return { text: isTooNew ? 'View only' : 'Sent', tone: 'quiet', icon: 'sending' };
    case 'read-only':
      return { text: waiting === 0 ? 'View only' : `View only: ${changes(waiting)} not saved`, tone: 'quiet', icon: 'view' };
    case 'offline': {
      const isAlone = copy === 'none' && role !== 'viewer';
      const label = role === 'viewer' ? 'Offline, view only' : isAlone && waiting === 0 ? 'Offline, not kept on this device' : 'Offline';
      return { text: withCount(label, now), ...(isAlone && waiting > 0 ? lost : { tone: 'warn', icon: 'offline' }) };
    }
    case 'trouble': {
      const isSlow = now.isConnected && now.code === 'RATE_LIMITED';
      const text = isSlow ? `${labelOf(now)}: saving ${changes(waiting)}` : withCount(labelOf(now), now);
      return { text, tone: copy === 'none' && waiting > 0 ? 'bad' : 'warn', icon: 'alert' };
    }
    case 'error':
      return { text: withCount(labelOf(now), now), ...lost };
  }
}

const lost = { tone: 'bad', icon: 'alert' } as const;

/** Both facts: what was not saved, and the state of the rest. */
function textWith(refused: Refused, now: Now, text: string): string {
  const lacking = `${changes(refused.count)} not saved`;
  switch (now.kind) {
    case 'saved':
      return `${lacking}, the rest is`;
    case 'sending':
      return `${lacking}, saving ${now.waiting} more`;
    case 'sent':
      return `${lacking}, the rest is sent`;
    case 'connecting':
      return now.waiting === 0 ? lacking : `${lacking} · ${text}`;
    default:
      return `${lacking} · ${text}`;
  }
}

function labelOf({ code, reason }: Cause): string {
  return Object.hasOwn(reasonLabels, reason) ? reasonLabels[reason as keyof typeof reasonLabels] : labels[code];
}

function withCount(label: string, work: Work): string {
  return work.waiting === 0 ? label : `${label}: ${countPhrase(work)}`;
}

/** How many are not saved, and where they are. */
function countPhrase({ waiting, copy }: Work): string {
  switch (copy) {
    case 'kept':
      return `${changes(waiting)} kept on this device`;
    case 'writing':
      return `keeping ${changes(waiting)}`;
    case 'none':
      return `${changes(waiting)} only in this tab`;
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
