/** The typed context of all components. `App.svelte` and `BoardPage.svelte` provide it; nothing is a global. */
import type { FirstParts } from '../browser/first-parts.ts';
import { createContext } from 'svelte';
import type { ImageWork } from '../browser/image-work.ts';
import type { KeyValue } from '../core/key-value.ts';
import type { AccountState } from './account.svelte.ts';
import type { Faces } from './faces.svelte.ts';
import type { InboxSlot } from './inbox-slot.svelte.ts';
import type { Me, RecentBoards } from './me.svelte.ts';
import type { OwnKeysState } from './own-keys.svelte.ts';
import type { Navigation } from './navigation.svelte.ts';
import type { Theme } from './theme.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import type { Updates } from './updates.svelte.ts';

export interface AppContext {
  /** Kept on this device. */
  facts: KeyValue;
  /** Kept for as long as the tab lives, reloads included. */
  tabFacts: KeyValue;
  me: Me;
  /** The pictures of people. */
  faces: Faces;
  /** Late parts that the page shows at once. */
  firstParts: FirstParts;
  account: AccountState;
  /** The person's notifications. */
  inbox: InboxSlot;
  /** `ws://…` or `wss://…`. */
  relayUrl: string;
  recent: RecentBoards;
  navigation: Navigation;
  /** The keys of actions. */
  ownKeys: OwnKeysState;
  theme: Theme;
  toasts: Toasts;
  updates: Updates;
  /** The worker that prepares and decodes images. Rejects while its code can't be fetched. */
  imageWork: () => Promise<ImageWork>;
  /** A file dropped on the home page, for the board that is about to open. */
  pendingFile: File | null;
}

export const [getApp, setApp] = createContext<AppContext>();
