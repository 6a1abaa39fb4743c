/**
 * The service worker: makes the app open without a network, and brings new versions. Fetched after the first paint, see
 * updates.svelte.ts.
 *
 * A new version is installed beside the running one and waits until the person asks for it, here or in another tab. The
 * reload waits for everything it would lose or interrupt, and the page says so: browser/app-update.ts has the rules,
 * core/update-sentence.ts the words.
 */
import { createSubscriber } from 'svelte/reactivity';
import type { Workbox as WorkboxClass } from 'workbox-window';
import { keepLanguage } from '../words/kept-language.ts';
import { language } from '../words/language.ts';
import { updateSentence, type Hold } from '../core/update-sentence.ts';
import { AppUpdate } from '../browser/app-update.ts';
import { watchPageUse, type PageUse } from '../browser/page-in-use.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import { watchForUpdates } from '../browser/update-checks.ts';
import { workerAddress, type TrustedTypes } from '../browser/worker-address.ts';

export class WorkerUpdates {
  #registration: ServiceWorkerRegistration | null = null;
  #isReady = $state(false);
  #hasFailed = $state(false);
  #pageUse: PageUse;
  readonly #holders: ReadonlySet<() => readonly Hold[]>;
  #changed = new Set<() => void>();
  #subscribe = createSubscriber((update) => {
    this.#changed.add(update);
    return () => this.#changed.delete(update);
  });
  #update = new AppUpdate({
    activate: () => {
      const waiting = this.#registration?.waiting ?? null;
      waiting?.postMessage({ type: 'SKIP_WAITING' });
      return waiting !== null;
    },
    reload: () => location.reload(),
    holds: () => new Set([...this.#pageUse.holds(), ...[...this.#holders].flatMap((holds) => holds())]),
    idleMs: () => this.#pageUse.idleMs(),
    schedule: scheduleTimeout,
    onChange: () => this.#changed.forEach((changed) => changed()),
  });

  /**
   * @param keepsDrafts Whether the text of a field survives a reload.
   * @param holders Lists of things that a reload would lose or interrupt; read when a reload is due.
   */
  constructor({ keepsDrafts, holders }: { keepsDrafts: () => boolean; holders: ReadonlySet<() => readonly Hold[]> }) {
    this.#pageUse = watchPageUse(document, keepsDrafts);
    this.#holders = holders;
  }

  get isReady(): boolean {
    return this.#isReady;
  }
  /** The browser refused the worker, or the worker could not store the app. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }
  /** The sentence about a new version, and whether it has a button. */
  get said(): { text: string; canAsk: boolean } | null {
    this.#subscribe();
    return updateSentence(this.#update.step, this.#update.hold);
  }

  async register(Workbox: typeof WorkboxClass): Promise<void> {
    const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
    const workbox = new Workbox(workerAddress(trustedTypes), { scope: '/' });
    const { serviceWorker } = navigator;
    let isControlled = serviceWorker.controller !== null;
    workbox.addEventListener('waiting', () => this.#update.found());
    workbox.addEventListener('activated', () => {
      // A second worker. It does not wait if no page used the first, as after a reload with Shift.
      if (this.#isReady) this.#update.found();
      this.#isReady = true;
    });
    // The worker could not fetch or store its files.
    workbox.addEventListener('redundant', () => (this.#hasFailed = true));
    serviceWorker.addEventListener('controllerchange', () => {
      if (isControlled || this.#update.step === 'asked') this.#update.tookOver();
      isControlled = true; // The page had no worker, and now has its first.
    });
    this.#isReady = isControlled;
    try {
      const registration = (await workbox.register()) ?? null;
      // Without it the worker's notifications are in English.
      keepLanguage(caches, language()).catch((error: unknown) => console.warn('the language is not kept:', error));
      this.#isReady ||= registration?.active !== undefined && registration.active !== null;
      this.#registration = registration;
      if (registration !== null) watchForUpdates(registration, { page: document, schedule: scheduleTimeout });
    } catch (error) {
      // Blocked by the browser's settings: the app works, only not from a cold start without a network.
      this.#hasFailed = true;
      console.warn('Wetink cannot open offline here:', error);
    }
  }

  /** The new version is wanted, as soon as nothing would be lost. */
  ask(): void {
    this.#update.ask();
  }
}
