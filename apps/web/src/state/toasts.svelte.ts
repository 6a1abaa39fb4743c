/** Runes around the toast queue. */
import { createSubscriber } from 'svelte/reactivity';
import { createToastQueue, type Toast } from '../core/toast-queue.ts';
import { scheduleTimeout } from '../browser/timers.ts';

export class Toasts {
  #queue = createToastQueue(scheduleTimeout);
  #subscribe = createSubscriber((update) => this.#queue.onChange(update));

  get shown(): readonly Toast[] {
    this.#subscribe();
    return this.#queue.shown;
  }
  /** @returns Its id, to dismiss it by. */
  say(text: string, action: Toast['action'] = null): number {
    return this.#queue.add({ text, action });
  }
  /** For a failure: stands out a little more, but does not stay longer. */
  fail(text: string): void {
    this.#queue.add({ text, tone: 'bad' });
  }
  /** Stays until dismissed. */
  ask(text: string, action: Toast['action']): number {
    return this.#queue.add({ text, action, isSticky: true });
  }
  dismiss(id: number): void {
    this.#queue.dismiss(id);
  }
  /** From now on nothing appears. */
  hold(): void {
    this.#queue.hold();
  }
  release(): void {
    this.#queue.release();
  }
}
