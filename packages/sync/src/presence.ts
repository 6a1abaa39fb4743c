/**
 * The transport of one Awareness. Sends only states that are ours to send (this tab's, and those of tabs whose socket
 * this is), the newest only, and less often the more people are here. Stock clients send every state they hear
 * back to the server; among 60 people one moving cursor costs it 60 messages.
 */
import { encodeAwareness, readServerAwareness, type AwarenessEntry } from '@wetink/protocol';
import { applyAwarenessUpdate, removeAwarenessStates, type Awareness } from 'y-protocols/awareness';
import { Alarm } from './alarm.ts';
import type { Environment } from './environment.ts';
import { isShallow } from './is-shallow.ts';

/** Stock servers and clients drop a client that was silent for 30 s: one renewal may get lost. */
export const RENEW_MS = 10_000;
/**
 * Our own renewals, 90 s in all: a client that sends nothing meanwhile is gone, unless a relay says who leaves. Three times the
 * patience of y-protocols, since a page that was hidden for five minutes gets one timer a minute, and its person has not left.
 * Counted and not measured: a clock that is set, or a page that slept, makes nobody absent.
 */
export const FORGET_AFTER_RENEWALS = 9;
/** Nesting of a state; a relay lets no more through. */
const MAX_STATE_DEPTH = 32;
/** Delay after the socket was too far behind. */
const RETRY_MS = 100;

export interface PresenceOptions {
  awareness: Awareness;
  environment: Environment;
  /** Client ids of other tabs of this browser. */
  neighbours(): ReadonlySet<number>;
  /** Those of them that go out through our socket. */
  spokenFor(): ReadonlySet<number>;
  /** The relay says who leaves, so silence means nothing, and a hidden page sends it no renewals. */
  isWatched(): boolean;
  /** @returns False when it could not be sent now. */
  toRelay(body: Uint8Array): boolean;
  /** Our own state has changed. */
  toTabs(): void;
}

export class Presence {
  readonly awareness: Awareness;
  readonly #options: PresenceOptions;
  readonly #environment: Environment;
  #changed = new Set<number>();
  /** Each client's clock as we last renewed, and how many of our renewals found it there. */
  #heard = new Map<number, [clock: number, renewals: number]>();
  #sentAt = -Infinity;
  readonly #sending: Alarm;
  readonly #renewal: Alarm;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.awareness = options.awareness;
    // Its own timer drops clients after 30 s of silence, by the wall clock.
    clearInterval(this.awareness._checkInterval as NodeJS.Timeout);
    this.awareness.on('change', this.#onChange);
    this.#sending = new Alarm(this.#environment, () => this.#send());
    this.#renewal = new Alarm(this.#environment, () => this.#renew());
    this.#renewal.within(RENEW_MS);
  }

  /** Sends all our states at once: the link is new. */
  announce(): void {
    this.#changed = this.#ours;
    this.#send();
  }

  /** Clients whose states are ours to send. */
  get #ours(): Set<number> {
    return new Set([this.awareness.clientID, ...this.#options.spokenFor()]);
  }

  /** Sends our own state once more, as a change. */
  repeat(): void {
    this.#raiseClock();
    this.announce();
  }

  #raiseClock(): void {
    const state = this.awareness.getLocalState();
    if (state !== null) this.awareness.setLocalState(state);
  }

  /** Our own state as a message body, for a tab that has just come. */
  ownBody(): Uint8Array {
    return this.#encode([this.awareness.clientID]);
  }

  allBody(): Uint8Array {
    return this.#encode([...this.awareness.meta.keys()]);
  }

  /**
   * Takes states of others. A state that can't be read is passed over: y-protocols would stop there and
   * hide everyone behind it.
   * @returns False when the body itself can't be read.
   */
  receive(body: Uint8Array, origin: unknown): boolean {
    const entries = readServerAwareness(body);
    const readable = entries?.filter(isReadable) ?? [];
    if (readable.length > 0) applyAwarenessUpdate(this.awareness, encodeAwareness(readable), origin);
    return entries !== null;
  }

  /** Takes over a new client id of the document (Yjs, too, changes it when it meets its own id in what it loads). */
  followClientId(): void {
    const { clientID } = this.awareness.doc;
    if (clientID === this.awareness.clientID) return;
    const state = this.awareness.getLocalState();
    this.awareness.setLocalState(null);
    this.awareness.clientID = clientID;
    this.awareness.setLocalState(state);
  }

  /** Removes all clients behind a lost link, since nothing is known of them. Tabs of this browser stay. */
  forgetRemote(): void {
    const here = new Set([this.awareness.clientID, ...this.#options.neighbours()]);
    const others = [...this.awareness.getStates().keys()].filter((id) => !here.has(id));
    removeAwarenessStates(this.awareness, others, this);
  }

  /** Removes a closed tab of this browser. If its states went through us, so does this. */
  farewell(clientId: number): void {
    removeAwarenessStates(this.awareness, [clientId], this);
  }

  /** Says goodbye and stops. The Awareness is destroyed. */
  close(): void {
    this.awareness.setLocalState(null);
    this.#send();
    this.awareness.off('change', this.#onChange);
    this.#renewal.stop();
    this.#sending.stop();
    this.awareness.destroy();
  }

  readonly #onChange = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }): void => {
    // Also when it came from outside: the relay claims that we have left, and we answer with a higher clock.
    const ours = this.#ours;
    const changed = [...added, ...updated, ...removed].filter((id) => ours.has(id));
    this.#changed = new Set([...this.#changed, ...changed]);
    if (changed.length > 0) this.#sendSoon();
  };

  /**
   * Each state goes to everyone, so all clients of a room together send 600 a second: 29 each among 20 (a cursor looks smooth from
   * 20 on), 10 among 60, and 5 from 120. Receivers glide over 200 ms between two places of a cursor; over longer they would show a
   * path that nobody took.
   */
  #sendSoon(): void {
    if (this.#sending.isSet) return;
    const intervalMs = Math.min(200, Math.max(34, this.awareness.getStates().size / 0.6));
    const waitMs = this.#sentAt + intervalMs - this.#environment.elapsed();
    if (waitMs <= 0) this.#send();
    else this.#sending.within(waitMs);
  }

  #send(): void {
    this.#sending.stop();
    const ids = [...this.#changed].filter((id) => this.awareness.meta.has(id));
    if (ids.length === 0) return;
    this.#sentAt = this.#environment.elapsed();
    if (!this.#options.toRelay(this.#encode(ids))) return this.#sending.within(RETRY_MS);
    if (this.#changed.has(this.awareness.clientID)) this.#options.toTabs();
    this.#changed.clear();
  }

  #encode(ids: readonly number[]): Uint8Array {
    const entries = ids.map((clientId): AwarenessEntry => {
      const state = this.awareness.getStates().get(clientId) ?? null;
      return { clientId, clock: this.awareness.meta.get(clientId)?.clock ?? 0, state: JSON.stringify(state) };
    });
    return encodeAwareness(entries);
  }

  #renew(): void {
    this.#raiseClock();
    if (this.#options.isWatched() && !this.#environment.page.isVisible()) this.#options.toTabs();
    else this.announce();
    this.#forgetSilent();
    this.#renewal.within(RENEW_MS);
  }

  #forgetSilent(): void {
    const { isWatched, neighbours } = this.#options;
    const before = this.#heard;
    this.#heard = new Map();
    const silent: number[] = [];
    for (const [id, { clock }] of this.awareness.meta) {
      const [last, count] = before.get(id) ?? [-1, 0];
      const renewals = last === clock ? count + 1 : 1;
      this.#heard.set(id, [clock, renewals]);
      if (renewals >= FORGET_AFTER_RENEWALS && (!isWatched() || neighbours().has(id))) silent.push(id);
    }
    removeAwarenessStates(this.awareness, silent, this);
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
