/**
 * What the status chip says: a fact about bytes, in words a person would use.
 *
 * Total over `RoomStatus`: a kind that has no sentence does not compile. The sentence never promises more than the
 * status knows, so "Saved" is said only for `saved` (the relay has made every change durable).
 */
import type { CopyFact, RoomStatus } from '@wetink/sync';

export interface StatusSentence {
  /** On the chip. */
  text: string;
  /** In the popover: what it means and, where there is something to do, what. */
  detail: string;
  /** 'quiet' is shown without colour: nothing to worry about and nothing to celebrate. */
  tone: 'good' | 'quiet' | 'warn' | 'bad';
  icon: 'saved' | 'sending' | 'device' | 'offline' | 'view' | 'alert';
}

export function statusSentence(status: RoomStatus): StatusSentence {
  switch (status.kind) {
    case 'loading':
      return { text: 'Opening', detail: 'Reading the copy that is kept on this device.', tone: 'quiet', icon: 'device' };
    case 'memory-only':
      return status.waiting === 0
        ? {
            text: 'Online, not kept on this device',
            detail:
              'This browser refuses to store anything. Nothing waits for the server, but what you draw without a connection is lost when this page closes.',
            tone: 'warn',
            icon: 'alert',
          }
        : {
            text: `${changes(status.waiting)} only in this tab`,
            detail: 'This browser refuses to store anything and the server has not saved these yet. Keep this page open until it says so.',
            tone: 'bad',
            icon: 'alert',
          };
    case 'device':
      return deviceSentence(status.waiting, status.copy);
    case 'sending':
      return {
        text: `Saving ${changes(status.count)}`,
        detail: 'On the way to the server, which has not confirmed yet that they are stored.',
        tone: 'quiet',
        icon: 'sending',
      };
    case 'saved':
      return { text: 'Saved', detail: 'The server has stored every change.', tone: 'good', icon: 'saved' };
    case 'sent':
      return {
        text: 'Sent',
        detail: 'This server does not confirm what it stores, so all that is known is that it got every change.',
        tone: 'quiet',
        icon: 'sending',
      };
    case 'offline':
      return offlineSentence(status.waiting, status.copy);
    case 'read-only':
      return {
        text: status.waiting === 0 ? 'View only' : `View only: ${changes(status.waiting)} not saved`,
        detail: 'You can look around, and see what others draw, but not change this board.',
        tone: 'quiet',
        icon: 'view',
      };
    case 'refused':
      return {
        text: `${changes(status.count)} not saved`,
        detail:
          'The server did not take them. They are kept on this device, apart from the board: look at them, save them as a file, or discard them.',
        tone: 'bad',
        icon: 'alert',
      };
    case 'error':
      return { text: shutTexts[status.code] ?? 'Cannot sync', detail: status.sentence, tone: 'bad', icon: 'alert' };
  }
}

/** Where the reason is the person's access, and not the line. */
const shutTexts: Readonly<Record<string, string>> = {
  FORBIDDEN: 'No access',
  ROOM_NOT_FOUND: 'No access',
  ROOM_ERASED: 'Deleted',
  UNAUTHENTICATED: 'Not signed in',
};

function deviceSentence(waiting: number, copy: CopyFact): StatusSentence {
  const detail = 'Your changes are kept on this device. They go to the server as soon as it answers.';
  const text =
    waiting === 0 ? 'On this device' : copy === 'writing' ? `Keeping ${changes(waiting)}` : `${changes(waiting)} kept on this device`;
  return { text, detail, tone: 'quiet', icon: 'device' };
}

function offlineSentence(waiting: number, copy: CopyFact): StatusSentence {
  if (copy === 'none') {
    return waiting > 0
      ? {
          text: `Offline: ${changes(waiting)} only in this tab`,
          detail:
            'The server cannot be reached and this browser refuses to store anything. Keep this page open until the connection is back.',
          tone: 'bad',
          icon: 'alert',
        }
      : {
          text: 'Offline, not kept on this device',
          detail: 'The server cannot be reached and this browser refuses to store anything: what you draw now lives in this tab only.',
          tone: 'warn',
          icon: 'offline',
        };
  }
  if (waiting > 0 && copy === 'writing') {
    return {
      text: `Offline: keeping ${changes(waiting)}`,
      detail: 'The server cannot be reached. What you just did is being written to this device.',
      tone: 'warn',
      icon: 'offline',
    };
  }
  return waiting === 0
    ? {
        text: 'Offline',
        detail: 'The server cannot be reached. Keep drawing: changes are kept on this device and merge when the connection is back.',
        tone: 'warn',
        icon: 'offline',
      }
    : {
        text: `Offline: ${changes(waiting)} kept on this device`,
        detail: 'The server cannot be reached. Keep drawing: everything merges when the connection is back, also after closing this page.',
        tone: 'warn',
        icon: 'offline',
      };
}

/**
 * What a change of status is worth interrupting a screen reader for: going off and on, never the counts in between.
 *
 * @returns The sentence to announce, or '' for none.
 */
export function statusAnnouncement(before: RoomStatus, after: RoomStatus): string {
  if (before.kind === after.kind) return '';
  switch (after.kind) {
    case 'offline':
    case 'refused':
    case 'error':
    case 'read-only':
      return statusSentence(after).text;
    case 'saved':
      return before.kind === 'sending' ? '' : 'Saved';
    case 'memory-only':
      return statusSentence(after).text;
    case 'loading':
    case 'device':
    case 'sending':
    case 'sent':
      return '';
  }
}

/** What is known beside the status, which counts nothing while it is `loading` or an `error`. */
export interface LeaveFacts {
  /** Something was changed on this page that no server has confirmed. */
  hasUnsavedEdits: boolean;
  /** The copy on this device: only a `persistent` one keeps anything. */
  device: 'unused' | 'opening' | 'persistent' | 'memory-only';
}

/** True when leaving the page now would lose something: the browser should ask first. */
export function wouldLoseOnLeave(status: RoomStatus, facts: LeaveFacts): boolean {
  switch (status.kind) {
    case 'memory-only':
      return status.waiting > 0;
    case 'offline':
      // A write that is under way is finished when the page hides.
      return status.copy === 'none' && status.waiting > 0;
    case 'refused':
      // The kept copy of what was refused is on the device too, or in this tab alone.
      return facts.device !== 'persistent';
    case 'read-only':
    case 'loading':
    case 'error':
      return facts.hasUnsavedEdits && facts.device !== 'persistent';
    default:
      return false;
  }
}

/**
 * How many changes wait on this device for the server, for the list of boards; null when this status does not tell.
 * What lives in a tab alone does not wait anywhere: it ends with the tab.
 */
export function waitingOnDevice(status: RoomStatus): number | null {
  switch (status.kind) {
    case 'device':
    case 'read-only':
      return status.waiting;
    case 'offline':
      return status.copy === 'none' ? 0 : status.waiting;
    case 'sending':
    case 'refused':
      return status.count;
    case 'saved':
    case 'sent':
    case 'memory-only':
      return 0;
    case 'loading':
    case 'error':
      return null;
  }
}

/** True when nothing waits for the server, so that the page may reload into a new version of the app. */
export function isSettled(status: RoomStatus): boolean {
  switch (status.kind) {
    case 'saved':
    case 'sent':
      return true;
    case 'read-only':
    case 'memory-only':
    case 'offline':
      return status.waiting === 0;
    case 'loading':
    case 'device':
    case 'sending':
    case 'refused':
    case 'error':
      return false;
  }
}

/** '1 change', '3 changes'. */
export function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
