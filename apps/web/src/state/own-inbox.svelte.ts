/** Opens the inbox of the person on this page, for the component that is there as long as the app. */
import { untrack } from 'svelte';
import { watchLookedAt } from '../browser/looked-at.ts';
import {
  askForSystemNotifications,
  onNotificationPress,
  pushManager,
  showSystemNotification,
  systemNotificationPermission,
} from '../browser/system-notifications.ts';
import { createConversationApi } from '../account/conversation-api.ts';
import { createPushApi } from '../account/push-api.ts';
import { scheduleTimeout, whenIdle } from '../browser/timers.ts';
import { takeNotification } from '../core/fragment.ts';
import { notificationAddress } from '../core/notification-sentence.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import { openConversationPlace } from '../session/conversation-place.ts';
import { InboxSession } from '../session/inbox-session.ts';
import { createPushDevice, type PushDevice } from '../session/push-device.ts';
import type { AccountState } from './account.svelte.ts';
import { askHistory } from './ask-history.ts';
import { getApp, type AppContext } from './context.ts';
import { Conversations } from './conversations.svelte.ts';
import { InboxAlerts } from './inbox-alerts.svelte.ts';
import { InboxState } from './inbox.svelte.ts';
import type { Me } from './me.svelte.ts';

/** While the component is being made. */
export function keepInbox(): void {
  const app = getApp();
  const userId = $derived(inboxOwner(app));
  const device = pushDeviceOf(app);
  $effect(() => keepDevice(app.account.auth, userId, device));
  $effect(() => {
    if (userId === null) return;
    return untrack(() => {
      let opened: InboxState | null = null;
      const taken = takeNotification(app.navigation.hash);
      let pressed = taken.notificationId;
      if (pressed !== null) app.navigation.replaceHash(taken.hash);
      const stop = onNotificationPress((id) => {
        pressed = id;
        opened?.alerts.open(id);
      });
      const cancel = whenIdle(() => {
        opened = openInboxState(app, { userId, device });
        app.inbox.current = opened;
        if (pressed !== null) opened.alerts.open(pressed);
      });
      return () => {
        stop();
        cancel();
        app.inbox.current = null;
        void opened?.close();
      };
    });
  });
}

/** Pushes for a person must not come to this device once another is here, or nobody is signed in. */
export function keepDevice(auth: AccountState['auth'], userId: string | null, device: Pick<PushDevice, 'keepFor'>): void {
  if (auth !== null) void device.keepFor(userId);
}

/** Null: the relay identifies nobody, or nobody is signed in, or neither is known yet. */
export function inboxOwner({ account, me }: { account: Pick<AccountState, 'auth'>; me: Pick<Me, 'id' | 'guest'> }): string | null {
  if (account.auth === 'guests') return me.id;
  return account.auth === 'tokens' && me.id !== me.guest.id ? me.id : null;
}

function pushDeviceOf({ account, facts, relayUrl }: AppContext): PushDevice {
  return createPushDevice({
    api: createPushApi(apiUrlFor(relayUrl)),
    facts,
    token: () => account.account.token({ mustBeFresh: false }),
    manager: pushManager,
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
  });
}

function openInboxState(app: AppContext, { userId, device }: { userId: string; device: PushDevice }): InboxState {
  const { account, facts, navigation, relayUrl } = app;
  const session: InboxSession = new InboxSession({
    userId,
    relayUrl,
    getToken: account.account.forConnection(),
    page: document,
    staysOpen: () => alerts.areOn && alerts.push !== 'registered',
    isPushed: () => alerts.push === 'registered',
    schedule: scheduleTimeout,
  });
  const alerts: InboxAlerts = new InboxAlerts({
    userId,
    session,
    device,
    facts,
    onFacts(callback) {
      addEventListener('storage', callback);
      return () => removeEventListener('storage', callback);
    },
    lookedAt: watchLookedAt({ page: document, window, locks: navigator.locks }),
    permission: systemNotificationPermission,
    ask: askForSystemNotifications,
    show: showSystemNotification,
    open: (entry) => {
      state.markRead(entry.id);
      if (state.isTalk(entry)) return void state.conversations.show(entry.room, entry.message);
      const address = notificationAddress(entry);
      if (address?.startsWith('/') === true) navigation.toPath(address);
      else if (address !== null) open(address, '_blank', 'noopener');
    },
    minute: () => {
      const now = new Date();
      return now.getHours() * 60 + now.getMinutes();
    },
  });
  const state: InboxState = new InboxState(
    session,
    alerts,
    (inbox) =>
      new Conversations({
        api: createConversationApi(apiUrlFor(relayUrl)),
        account: account.account,
        facts,
        me: { id: userId },
        inbox,
        openPlace: (conversation) =>
          openConversationPlace({
            conversation,
            // Read when it is used: the person may take another name meanwhile.
            me: {
              id: userId,
              get name() {
                return app.me.name;
              },
            },
            relayUrl,
            getToken: account.account.forConnection(),
          }),
        history: (id) => askHistory(app, id),
      }),
  );
  return state;
}
