/** The words of a person's rules for notifications. */
import * as m from '$words/notification-rules';
import { MAX_BLOCKED, MAX_MUTED, type NotificationKind, type NotificationLevel } from '@wetink/board';

/** How a browser could be set up for pushes. `none`: this relay sends none, or this browser takes none. */
export type PushOutcome = 'registered' | 'none' | 'failed';

/** `unavailable`: this browser, or a page on plain http, has none. */
export type AlertPermission = NotificationPermission | 'unavailable';

export const kindLabels: Readonly<Record<NotificationKind, string>> = {
  mention: m.mentions(),
  reply: m.answers(),
  message: m.messages(),
  invitation: m.invitations(),
  role: m.yourRole(),
  custom: m.news(),
};

export const levelLabels: Readonly<Record<NotificationLevel, string>> = {
  push: m.listAndDevices(),
  bell: m.listOnly(),
  none: m.never(),
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
        return m.shownOnThisDeviceAlso();
      case 'failed':
        return m.shownWhileThisPageIs();
      default:
        return m.shownWhileThisPageIs2();
    }
  }
  switch (permission) {
    case 'unavailable':
      return m.thisBrowserShowsNotificationsOutside();
    case 'denied':
      return m.thisBrowserBlocksNotificationsOf();
    default:
      return m.notificationsCanAlsoBeShown();
  }
}

export function mutedFullSentence(): string {
  return m.muted({ count: MAX_MUTED });
}

export function blockedFullSentence(): string {
  return m.blocked({ count: MAX_BLOCKED });
}

/** Before a person is blocked. */
export function blockQuestion(name: string): string {
  return m.blockYouGetNoNotifications({ name });
}
