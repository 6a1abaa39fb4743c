/**
 * Who is here: the transport of one Awareness. Sends only states that are ours to send (this tab's, and those of tabs
 * whose socket this is), at most `PRESENCE_HZ`, the newest only. Stock clients send every state they hear back to the
 * server; among 60 people one moving cursor costs it 60 messages.
 */
import { encodeAwareness, readServerAwareness, type AwarenessEntry } from '@wetink/protocol';
import { applyAwarenessUpdate, removeAwarenessStates, type Awareness } from 'y-protocols/awareness';
import type { Environment } from './environment.ts';
import { isShallow } from './is-shallow.ts';

/** A cursor looks smooth from 20 Hz on; a relay coalesces anyway. */
export const PRESENCE_HZ = 30;
const INTERVAL_MS = 1000 / PRESENCE_HZ;
/** Stock servers and clients drop whoever was silent for 30 s: one renewal may get lost. */
export const RENEW_MS = 10_000;
/** Nesting of a state; a relay lets no more through. */
const MAX_STATE_DEPTH = 32;
/** After the socket was too far behind. */
const RETRY_MS = 100;

export interface PresenceOptions {
  awareness: Awareness;
  environment: Environment;
  /** Client ids of other tabs that go out through our socket. */
  spokenFor(): ReadonlySet<number>;
  /** @returns False when it could not be sent now. */
  toRelay(body: Uint8Array): boolean;
  toTabs(body: Uint8Array): void;
}

export class Presence {
  readonly awareness: Awareness;
  readonly #options: PresenceOptions;
  readonly #environment: Environment;
  #changed = new Set<number>();
  #sentAt = -Infinity;
  #cancelSend: (() => void) | null = null;
  #cancelRenewal: () => void;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.awareness = options.awareness;
    this.awareness.on('update', this.#onUpdate);
    this.#cancelRenewal = this.#renewLater();
  }

  /** Everything that is ours, now: the link is new. */
  announce(): void {
    this.#changed = new Set([this.awareness.clientID, ...this.#options.spokenFor()]);
    this.#send();
  }

  /** Our own state as a message body, for a tab that has just come. */
  ownBody(): Uint8Array {
    return this.#encode([this.awareness.clientID]);
  }

  allBody(): Uint8Array {
    return this.#encode([...this.awareness.meta.keys()]);
  }

  /**
   * Takes what others show. A state that can't be read is passed over: y-protocols would stop there and
   * hide everyone behind it.
   * @returns False when the body itself can't be read.
   */
  receive(body: Uint8Array, origin: unknown): boolean {
    const entries = readServerAwareness(body);
    const readable = entries?.filter(isReadable) ?? [];
    if (readable.length > 0) applyAwarenessUpdate(this.awareness, encodeAwareness(readable), origin);
    return entries !== null;
  }

  /** The link is gone, so nobody behind it can be known to be here. Tabs of this browser are. */
  forgetRemote(): void {
    const here = new Set([this.awareness.clientID, ...this.#options.spokenFor()]);
    const others = [...this.awareness.getStates().keys()].filter((id) => !here.has(id));
    removeAwarenessStates(this.awareness, others, this);
  }

  /** A tab whose states went through us has closed. */
  farewell(clientId: number): void {
    const meta = this.awareness.meta.get(clientId);
    if (meta === undefined || !this.awareness.getStates().has(clientId)) return;
    if (this.#options.spokenFor().has(clientId))
      this.#options.toRelay(encodeAwareness([{ clientId, clock: meta.clock + 1, state: 'null' }]));
    removeAwarenessStates(this.awareness, [clientId], this);
  }

  /** Says goodbye and stops. The Awareness is destroyed. */
  close(): void {
    this.awareness.setLocalState(null);
    this.#send();
    this.awareness.off('update', this.#onUpdate);
    this.#cancelRenewal();
    this.#cancelSend?.();
    this.awareness.destroy();
  }

  readonly #onUpdate = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }): void => {
    const spokenFor = this.#options.spokenFor();
    let isOurs = false;
    for (const id of [...added, ...updated, ...removed]) {
      // Also when it came from outside: that is a relay's claim that we had left, answered with a higher clock.
      if (id !== this.awareness.clientID && !spokenFor.has(id)) continue;
      this.#changed.add(id);
      isOurs = true;
    }
    if (isOurs) this.#sendSoon();
  };

  #sendSoon(): void {
    if (this.#cancelSend !== null) return;
    const waitMs = this.#sentAt + INTERVAL_MS - this.#environment.now();
    if (waitMs <= 0) return this.#send();
    this.#sendIn(waitMs);
  }

  #sendIn(delayMs: number): void {
    this.#cancelSend = this.#environment.schedule(() => this.#send(), delayMs);
  }

  #send(): void {
    this.#cancelSend?.();
    this.#cancelSend = null;
    const ids = [...this.#changed].filter((id) => this.awareness.meta.has(id));
    if (ids.length === 0) return;
    this.#sentAt = this.#environment.now();
    if (!this.#options.toRelay(this.#encode(ids))) return this.#sendIn(RETRY_MS);
    if (this.#changed.has(this.awareness.clientID)) this.#options.toTabs(this.ownBody());
    this.#changed.clear();
  }

  #encode(ids: readonly number[]): Uint8Array {
    const entries = ids.map((clientId): AwarenessEntry => {
      const state = this.awareness.getStates().get(clientId) ?? null;
      return { clientId, clock: this.awareness.meta.get(clientId)?.clock ?? 0, state: JSON.stringify(state) };
    });
    return encodeAwareness(entries);
  }

  #renewLater(): () => void {
    return this.#environment.schedule(() => {
      const state = this.awareness.getLocalState();
      if (state !== null && this.#environment.now() - this.#sentAt >= RENEW_MS) this.awareness.setLocalState(state);
      this.#cancelRenewal = this.#renewLater();
    }, RENEW_MS);
  }
}

/** JSON of an object or null, and not so deep that comparing two states overflows the stack. */
function isReadable({ state }: AwarenessEntry): boolean {
  try {
    const value: unknown = JSON.parse(state);
    return typeof value === 'object' && !Array.isArray(value) && isShallow(value, MAX_STATE_DEPTH);
  } catch {
    return false;
  }
}
