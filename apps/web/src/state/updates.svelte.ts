/**
 * The service worker: makes the app open without a network, and brings new versions.
 *
 * A new version is installed beside the running one and waits. It takes over when the person says so, and only while
 * nothing is unsaved; a tab that holds unsaved changes is never reloaded by another tab's decision either.
 */
import { Workbox } from 'workbox-window';
import { workerAddress, type TrustedTypes } from '../session/worker-address.ts';

export class Updates {
  #workbox: Workbox | null = null;
  #isWaiting = $state(false);
  #isReady = $state(false);
  #isAsked = $state(false);
  /** Whether nothing is unsaved, so that this tab may reload. Read inside effects: may read runes. */
  #mayReload = $state.raw<() => boolean>(() => true);

  /** A new version is installed and waits. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }
  /** This page can be opened again without a network. */
  get isOfflineReady(): boolean {
    return this.#isReady;
  }
  /** False on plain http (but for localhost) and in browsers without service workers. */
  get isSupported(): boolean {
    return 'serviceWorker' in navigator;
  }

  /** The person has asked for the new version, and nothing is unsaved any more. */
  get isDue(): boolean {
    return this.#isAsked && this.#mayReload();
  }

  /** A page with work of its own says when it may reload. @returns How to take that back. */
  allowWhen(mayReload: () => boolean): () => void {
    this.#mayReload = mayReload;
    return () => {
      if (this.#mayReload === mayReload) this.#mayReload = () => true;
    };
  }

  async register(): Promise<void> {
    if (!this.isSupported) return;
    const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
    const workbox = new Workbox(workerAddress(trustedTypes), { scope: '/' });
    workbox.addEventListener('waiting', () => (this.#isWaiting = true));
    workbox.addEventListener('activated', () => (this.#isReady = true));
    workbox.addEventListener('controlling', ({ isUpdate }) => {
      if (isUpdate && this.#mayReload()) location.reload();
    });
    this.#isReady = navigator.serviceWorker.controller !== null;
    try {
      await workbox.register();
      this.#workbox = workbox;
    } catch (error) {
      // Blocked by the browser's settings: the app works, only not from a cold start without a network.
      console.warn('Wetink cannot open offline here:', error);
    }
  }

  /** The new version is wanted, as soon as nothing is unsaved. */
  ask(): void {
    this.#isAsked = true;
  }
  /** Lets the new version take over; the page reloads into it. */
  takeOver(): void {
    this.#isAsked = false;
    this.#workbox?.messageSkipWaiting();
  }
}
