/** Mounts the app. The service worker is registered after the first paint: it must not compete with it. */
import { mount } from 'svelte';
import App from './App.svelte';
import { IDENTITY_KEY } from './core/identity.ts';
import { keepInputMethodKeys } from './core/input-method.ts';
import { createKeyValue } from './core/key-value.ts';
import { apiUrlFor, relayUrlFor } from './core/relay-url.ts';
import { lazyImageWork } from './browser/lazy-image-work.ts';
import { createRelayApi } from './account/relay-api.ts';
import { AccountState } from './state/account.svelte.ts';
import { Me, RecentBoards } from './state/me.svelte.ts';
import { Navigation } from './state/navigation.svelte.ts';
import { Theme } from './state/theme.svelte.ts';
import { Toasts } from './state/toasts.svelte.ts';
import { Updates } from './state/updates.svelte.ts';
import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';

keepInputMethodKeys(window);
const target = document.getElementById('app');
if (target === null) throw new RangeError('index.html has no #app');

const facts = createKeyValue(() => localStorage);
const tabFacts = createKeyValue(() => sessionStorage);
const me = new Me(facts);
// Other tabs of this browser are the same person; this event comes only from them, never from this tab.
addEventListener('storage', ({ key }) => key === IDENTITY_KEY && me.reread());
const relayUrl = relayUrlFor(location, import.meta.env['VITE_RELAY_URL'] as string | undefined);
const account = new AccountState(createRelayApi(apiUrlFor(relayUrl)), facts, me);
const updates = new Updates(() => facts.isDurable && tabFacts.isDurable);
mount(App, {
  target,
  props: {
    app: {
      facts,
      tabFacts,
      me,
      account,
      relayUrl,
      recent: new RecentBoards(facts),
      navigation: new Navigation(),
      theme: new Theme(),
      toasts: new Toasts(),
      updates,
      imageWork: lazyImageWork(),
      pendingFile: null,
    },
  },
});

// In development Vite serves the modules itself and there is no worker to register.
if (import.meta.env.PROD) addEventListener('load', () => updates.register(), { once: true });
void account.account.meet();
