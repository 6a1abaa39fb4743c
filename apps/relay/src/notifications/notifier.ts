/**
 * Writes notifications into people's inboxes, by `relay.edit`: applied, journaled and passed on like any change, so the
 * person's devices have it at once, and later if they are offline.
 */

import { randomBytes } from 'node:crypto';
import { openInbox, postNotifications, type NewNotification, type NotificationPlace, type QuietHours } from '@wetink/board';
import { refusalCode, type Relay } from '@wetink/relay';
import { inboxRoomOf } from '@wetink/relay/access';

export interface Notifier {
  /**
   * Resolves when the notifications are durable, or the person does not want them.
   * @returns Those that were written: not those that the person has already, or does not want.
   * @throws {SyncError} The inbox cannot be written now: the same call later writes what is missing.
   */
  notify(userId: string, notifications: readonly NewNotification[]): Promise<readonly NewNotification[]>;
}

export interface NotifierPorts {
  relay(): Pick<Relay, 'edit'>;
  /** An inbox takes no more: it was erased by an operator, or its user filled it. */
  onLost(error: unknown): void;
  /** Notifications were written by this call that the person wants pushed to their devices. Never rejects. */
  onPushed?(userId: string, notifications: readonly NewNotification[], quiet: QuietHours | null): Promise<void>;
}

const WRITER_BYTES = 6;
/** Below the 30 s after which proxies usually give up. */
const EDIT_MS = 10_000;

export function createNotifier({ relay, onLost, onPushed }: NotifierPorts): Notifier {
  const writer = randomBytes(WRITER_BYTES).toString('base64url');
  let lastNumber = 0;
  const nextPlace = (): NotificationPlace => ({ writer, number: (lastNumber += 1) });
  return {
    async notify(userId, notifications) {
      if (userId === '' || notifications.length === 0) return [];
      try {
        const write = (doc: Parameters<typeof postNotifications>[0]): Written => {
          const written = postNotifications(doc, notifications, nextPlace);
          return { written, ...pushesOf(doc, written) };
        };
        const { written, pushed, quiet } = await relay().edit(inboxRoomOf(userId), write, { signal: AbortSignal.timeout(EDIT_MS) });
        if (pushed.length > 0) void onPushed?.(userId, pushed, quiet);
        return written;
      } catch (error) {
        if (!isForGood(error)) throw error;
        onLost(error);
        return [];
      }
    },
  };
}

interface Written {
  written: readonly NewNotification[];
  pushed: readonly NewNotification[];
  quiet: QuietHours | null;
}

/** The part of what was written that its person wants as pushes. */
function pushesOf(doc: Parameters<typeof openInbox>[0], written: readonly NewNotification[]): Pick<Written, 'pushed' | 'quiet'> {
  if (written.length === 0) return { pushed: [], quiet: null };
  const inbox = openInbox(doc);
  const pushed = written.filter(({ kind }) => inbox.level(kind) === 'push');
  const quiet = inbox.quietHours();
  inbox.close();
  return { pushed, quiet };
}

/** Trying again later cannot help. */
function isForGood(error: unknown): boolean {
  const code = refusalCode(error);
  return code === 'ROOM_ERASED' || code === 'DOCUMENT_TOO_LARGE' || code === 'TOO_LARGE';
}
