/**
 * Mounts the app, once its words are there: main.ts. The service worker is registered after the first paint: it must not compete
 * with it.
 */
import { mount } from 'svelte';
import App from './App.svelte';
import { IDENTITY_KEY } from './core/identity.ts';
import { keepInputMethodKeys } from './core/input-method.ts';
import { createKeyValue } from './core/key-value.ts';
import { apiUrlFor, relayUrlFor } from './core/relay-url.ts';
import { FirstParts } from './browser/first-parts.ts';
import { lazyImageWork } from './browser/lazy-image-work.ts';
import { USER_KEY } from './account/account.ts';
import { createRelayApi } from './account/relay-api.ts';
import { AccountState } from './state/account.svelte.ts';
import { Faces } from './state/faces.svelte.ts';
import { InboxSlot } from './state/inbox-slot.svelte.ts';
import { Me, PICTURE_KEY, RecentBoards } from './state/me.svelte.ts';
import { OwnKeysState } from './state/own-keys.svelte.ts';
import { Navigation } from './state/navigation.svelte.ts';
import { Theme } from './state/theme.svelte.ts';
import { Toasts } from './state/toasts.svelte.ts';
import { Updates } from './state/updates.svelte.ts';

keepInputMethodKeys(window);
const target = document.getElementById('app');
if (target === null) throw new RangeError('index.html has no #app');

const facts = createKeyValue(() => localStorage);
const tabFacts = createKeyValue(() => sessionStorage);
const me = new Me(facts);
const relayUrl = relayUrlFor(location, import.meta.env['VITE_RELAY_URL'] as string | undefined);
const account = new AccountState(createRelayApi(apiUrlFor(relayUrl)), facts, me);
// Other tabs of this browser are the same person; this event comes only from them, never from this tab.
addEventListener('storage', ({ key }) => {
  if (key === IDENTITY_KEY || key === PICTURE_KEY) me.reread();
  else if (key === USER_KEY) account.account.follow();
});
const updates = new Updates(() => facts.isDurable && tabFacts.isDurable);
mount(App, {
  target,
  props: {
    app: {
      facts,
      tabFacts,
      me,
      faces: new Faces(me, account),
      firstParts: new FirstParts(),
      account,
      inbox: new InboxSlot(),
      relayUrl,
      recent: new RecentBoards(facts),
      navigation: new Navigation(),
      ownKeys: new OwnKeysState(facts),
      theme: new Theme(),
      toasts: new Toasts(),
      updates,
      imageWork: lazyImageWork(),
      pendingFile: null,
    },
  },
});

// In development Vite serves the modules itself and there is no worker to register.
if (import.meta.env.PROD) afterLoad(() => updates.register());
void account.account.meet();

/** The words of a language can take longer than all that the page itself names. */
function afterLoad(run: () => void): void {
  if (document.readyState === 'complete') run();
  else addEventListener('load', run, { once: true });
}
