/**
 * Which tab holds the socket. With Web Locks exactly one, a visible one if there is one: a hidden tab gets a timer a
 * second and no animation frames. Without them (plain http), or where the browser refuses them, every tab leads itself.
 *
 * A visible tab asks (`want`), a hidden leader lets go of the socket and answers (`yield`), the asker steals the lock.
 * Stealing rather than queueing, since the queue is first come first served and the next in it may be hidden, too.
 *
 * A browser may freeze the page that leads, or one of its tasks may take long: it holds the lock and does nothing. So a
 * visible tab pings it, and takes the lock when it is silent. Answers to messages are not held back as timers are.
 */
import { Alarm } from './alarm.ts';
import type { Environment, LocksLike } from './environment.ts';
import type { TabMessage } from './tab-channel.ts';

/** Long enough to not move the socket while somebody flips through tabs. */
export const WANT_DELAY_MS = 500;
/** The tab that asked may be gone by now. */
const YIELD_DEADLINE_MS = 3_000;
export const PING_MS = 400;
/** After this many pings without an answer, the leader's last facts are too old to be shown... */
const PINGS_UNTIL_STALE = 2;
/** ...and after this many the tab takes the lock: within 2 s of the leader's last sign of life. */
const PINGS_UNTIL_TAKEN = 3;

export interface LeadershipOptions {
  name: string;
  tab: string;
  environment: Environment;
  post(message: TabMessage): void;
  onChange(isLeader: boolean): void;
  /** The tab that leads does not answer. */
  onSilence(): void;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #environment: Environment;
  readonly #unlisten: (() => void)[] = [];
  #locks: LocksLike | undefined;
  #isLeader = false;
  #release: (() => void) | null = null;
  #queued: AbortController | null = null;
  readonly #want: Alarm;
  /** Deadline for the asking tab to take the lock. */
  readonly #yielding: Alarm;
  readonly #pulse: Alarm;
  #pings = 0;
  #nextPingAt = 0;
  #isClosed = false;

  constructor(options: LeadershipOptions) {
    this.#options = options;
    const { page, locks } = (this.#environment = options.environment);
    this.#locks = locks;
    this.#want = new Alarm(this.#environment, () => {
      if (!this.#isLeader && page.isVisible()) options.post({ type: 'want' });
    });
    this.#yielding = new Alarm(this.#environment, () => {
      if (this.#release !== null) this.#lead(true); // Nobody took it.
    });
    this.#pulse = new Alarm(this.#environment, () => this.#ping());
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  /** Whether others may reach the relay only through this tab. */
  get isShared(): boolean {
    return this.#locks !== undefined;
  }

  start(): void {
    const { page } = this.#environment;
    if (!this.isShared) return this.#lead(true);
    this.#unlisten.push(
      page.onVisibility(() => {
        this.#wantSoon();
        this.#pingSoon();
      }),
      page.onHide(() => this.#letGo()),
      page.onShow(() => this.#queue()),
    );
    this.#queue();
    this.#wantSoon();
    this.#pingSoon();
  }

  receive(from: string, message: TabMessage): void {
    if (!this.isShared) return;
    if (message.type === 'link' || message.type === 'pong') this.#pings = 0;
    if (message.type === 'ping' && this.#isLeader) this.#options.post({ type: 'pong' });
    if (message.type === 'link' && !message.isVisible) this.#wantSoon();
    if (message.type === 'want') this.#yieldTo(from);
    if (message.type === 'yield' && message.to === this.#options.tab) this.#steal();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const unlisten of this.#unlisten) unlisten();
    this.#want.stop();
    this.#pulse.stop();
    this.#letGo();
  }

  #wantSoon(): void {
    if (!this.#isLeader && !this.#isClosed && this.#environment.page.isVisible()) this.#want.within(WANT_DELAY_MS);
  }

  #pingSoon(): void {
    this.#pings = 0;
    this.#nextPingAt = this.#environment.elapsed() + PING_MS;
    if (!this.#isLeader && !this.#isClosed && this.#environment.page.isVisible()) this.#pulse.within(PING_MS);
  }

  #ping(): void {
    const { page, elapsed } = this.#environment;
    if (this.#isLeader || this.#isClosed || !this.isShared || !page.isVisible()) return;
    // This timer is late itself, so answers may be queued behind it.
    if (elapsed() > this.#nextPingAt + PING_MS) this.#pings = 0;
    if (this.#pings === PINGS_UNTIL_TAKEN) {
      this.#steal();
      return this.#pingSoon();
    }
    if (this.#pings === PINGS_UNTIL_STALE) this.#options.onSilence();
    this.#pings++;
    this.#options.post({ type: 'ping' });
    this.#nextPingAt = elapsed() + PING_MS;
    this.#pulse.within(PING_MS);
  }

  #yieldTo(tab: string): void {
    if (!this.#isLeader || this.#environment.page.isVisible()) return;
    this.#lead(false);
    this.#options.post({ type: 'yield', to: tab });
    this.#yielding.within(YIELD_DEADLINE_MS);
  }

  #queue(): void {
    if (!this.isShared && !this.#isClosed) return this.#lead(true);
    if (this.#isClosed || this.#queued !== null || this.#release !== null) return;
    const queued = new AbortController();
    this.#queued = queued;
    this.#request({ signal: queued.signal });
  }

  #steal(): void {
    if (this.#isClosed || this.#release !== null) return;
    this.#queued?.abort();
    this.#queued = null;
    this.#request({ steal: true });
  }

  #request(how: { steal?: boolean; signal?: AbortSignal }): void {
    let isGranted = false;
    const hold = (): Promise<void> => {
      isGranted = true;
      this.#queued = null;
      if (this.#isClosed) return Promise.resolve();
      const held = new Promise<void>((resolve) => (this.#release = resolve));
      this.#lead(true);
      return held;
    };
    this.#locks?.request(this.#options.name, how, hold).catch(() => {
      // Stolen by a visible tab, refused by the browser, or given up by ourselves before it was granted.
      if (how.signal?.aborted) return;
      if (!isGranted && !how.steal) this.#locks = undefined;
      this.#release = this.#queued = null;
      this.#lead(false);
      this.#queue();
    });
  }

  #letGo(): void {
    this.#queued?.abort();
    this.#queued = null;
    this.#lead(false);
    this.#release?.();
    this.#release = null;
  }

  #lead(isLeader: boolean): void {
    this.#yielding.stop();
    if (this.#isLeader === isLeader) return;
    this.#isLeader = isLeader;
    this.#options.onChange(isLeader);
    this.#pingSoon();
  }
}
