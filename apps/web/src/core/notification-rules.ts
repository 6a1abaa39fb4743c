/** The words of a person's rules for notifications. */
import { MAX_BLOCKED, MAX_MUTED, type NotificationKind, type NotificationLevel } from '@wetink/board';

/** How a browser could be set up for pushes. `none`: this relay sends none, or this browser takes none. */
export type PushOutcome = 'registered' | 'none' | 'failed';

/** `unavailable`: this browser, or a page on plain http, has none. */
export type AlertPermission = NotificationPermission | 'unavailable';

export const kindLabels: Readonly<Record<NotificationKind, string>> = {
  mention: 'Mentions',
  reply: 'Answers',
  message: 'Messages',
  invitation: 'Invitations',
  role: 'Your role',
  custom: 'News',
};

export const levelLabels: Readonly<Record<NotificationLevel, string>> = {
  push: 'List and devices',
  bell: 'List only',
  none: 'Never',
};

/** Whether this device shows notifications outside the page, and why not. */
export function alertsSentence({
  permission,
  areOn,
  push,
}: {
  permission: AlertPermission;
  areOn: boolean;
  push: PushOutcome | null;
}): string {
  if (areOn) {
    switch (push) {
      case 'registered':
        return 'Shown on this device, also while this page is closed, unless a page on another device shows them.';
      case 'failed':
        return 'Shown while this page is open and you look at something else. This browser could not be set up for more; the next visit tries again.';
      default:
        return 'Shown while this page is open and you look at something else.';
    }
  }
  switch (permission) {
    case 'unavailable':
      return 'This browser shows notifications outside the page only on https and, on an iPhone or iPad, only for an app on the home screen.';
    case 'denied':
      return 'This browser blocks notifications of this site. Its settings for the site can change that.';
    default:
      return 'Notifications can also be shown when you look at something else.';
  }
}

export function mutedFullSentence(): string {
  return `You have muted ${MAX_MUTED.toLocaleString('en')} boards, which is the limit.`;
}

export function blockedFullSentence(): string {
  return `You have blocked ${MAX_BLOCKED.toLocaleString('en')} people, which is the limit.`;
}

/** Before a person is blocked. */
export function blockQuestion(name: string): string {
  return `Block ${name}? You get no notifications of what they write, and don’t see conversations that they begin. The notification settings can undo it.`;
}
