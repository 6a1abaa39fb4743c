/**
 * Whether the app opens without a network, and what it says about new versions. The service worker's own code comes after the
 * first paint: worker-updates.svelte.ts.
 */
import { fetchInTime } from '../browser/fetch-part.ts';
import { offlineFactOf, type OfflineFact } from '../core/offline-sentence.ts';
import type { Hold } from '../core/update-sentence.ts';
import type { WorkerUpdates } from './worker-updates.svelte.ts';

export class Updates {
  readonly #keepsDrafts: () => boolean;
  readonly #holders = new Set<() => readonly Hold[]>();
  /** Null until its code is there. */
  #worker = $state.raw<WorkerUpdates | null>(null);

  /** @param keepsDrafts Whether the text of a field survives a reload. */
  constructor(keepsDrafts: () => boolean) {
    this.#keepsDrafts = keepsDrafts;
  }

  /** Whether this page can be opened again without a network. */
  get offline(): OfflineFact {
    const { isReady = false, hasFailed = false } = this.#worker ?? {};
    return offlineFactOf({ isSecure: window.isSecureContext, hasWorkers: 'serviceWorker' in navigator, isReady, hasFailed });
  }
  /** The sentence about a new version, and whether it has a button. */
  get said(): { text: string; canAsk: boolean } | null {
    return this.#worker?.said ?? null;
  }

  /** Adds a page's own list of things that a reload would lose or interrupt, read when a reload is due. @returns How to remove it. */
  holdWhile(holds: () => readonly Hold[]): () => void {
    this.#holders.add(holds);
    return () => this.#holders.delete(holds);
  }

  register(): void {
    if (!('serviceWorker' in navigator)) return;
    fetchInTime(
      () => Promise.all([import('./worker-updates.svelte.ts'), import('workbox-window')]),
      ([{ WorkerUpdates }, { Workbox }]) => {
        const worker = new WorkerUpdates({ keepsDrafts: this.#keepsDrafts, holders: this.#holders });
        this.#worker = worker;
        void worker.register(Workbox);
      },
    );
  }

  /** Loads the page again, as soon as nothing would be lost. Without a service worker the browser itself asks before that. */
  restart(): void {
    if (this.#worker === null) location.reload();
    else this.#worker.ask();
  }
  /** The new version is wanted, as soon as nothing would be lost. */
  ask(): void {
    this.#worker?.ask();
  }
}
