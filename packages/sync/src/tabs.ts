/**
 * The room in the other tabs of this browser. Promises:
 *  - edits reach the other tabs without any network;
 *  - a tab keeps its own edits until the leader said that they are saved, and hands them to the next leader;
 *  - nothing is claimed for a tab beyond what arrived from it without a gap.
 *
 * `epoch` counts documents given up: an edit on a refused document never gets into its successor. A tab that
 * missed the refusal gets it in answer to its next message.
 */
import * as Y from 'yjs';
import type { Epoch } from './device-layout.ts';
import type { Environment } from './environment.ts';
import { Leadership } from './leadership.ts';
import type { CounterList, Counters, Ledger } from './ledger.ts';
import type { Presence } from './presence.ts';
import type { Replica } from './replica.ts';
import type { LinkFacts } from './status.ts';
import { TabChannel, type KeptClaim, type Notice, type TabMessage, type WetMessage } from './tab-channel.ts';
import { UnsavedEdits } from './unsaved-edits.ts';

export interface TabsOptions {
  isShared: boolean;
  /** Name of channel and lock. */
  name: string;
  tab: string;
  environment: Environment;
  ledger: Ledger;
  replica(): Replica;
  presence(): Presence;
  facts(): LinkFacts;
  onLead(isLeader: boolean): void;
  /** Id of the copy on the device, as known here. */
  copyId(): string | null;
  /** Epoch of the current document. */
  epoch(): Epoch;
  /** Applies an update. @returns Whether it is in the document now. */
  apply(update: Uint8Array): boolean;
  /** An update was applied. @param covers Its changes, if we are to upload them; null if a relay has them. */
  onApplied(update: Uint8Array, covers: Counters | null): void;
  /** A relay's update was applied that no other tab will write to the device. */
  onUnkept(update: Uint8Array): void;
  onSettled(): void;
  /** Some tab wrote something to the device. */
  onWritten(): void;
  /** Another tab found that the copy on the device is gone. */
  onErased(): void;
  /** A person discarded a kept copy in another tab. */
  onDiscarded(id: string): void;
  /** Another tab gave the document up. @param covered What its kept copy holds. */
  onNewer(epoch: Epoch, covered: Counters): void;
  onWet(wet: { message: WetMessage; isOwn: boolean }): void;
  onNotice(notice: Notice): void;
  /** Another tab asks the tab with the socket to send a new token. */
  onAuthenticate(): void;
  onFacts(): void;
}

export class Tabs {
  readonly #options: TabsOptions;
  readonly #leadership: Leadership;
  readonly #clientIds = new Map<string, number>();
  #channel: TabChannel | null = null;
  #leaderFacts: LinkFacts | null = null;
  #unsaved = new UnsavedEdits();
  #posted = 0;
  /** This tab has asked for what it lacks, and no tab has answered yet. */
  #hasAsked = false;
  #isClosed = false;

  constructor(options: TabsOptions) {
    this.#options = options;
    const { name, tab, environment, isShared } = options;
    this.#leadership = new Leadership({
      name,
      tab,
      environment: isShared ? environment : { ...environment, locks: undefined }, // Then every tab leads itself.
      post: (message) => this.post(message),
      onChange: (isLeader) => this.#lead(isLeader),
      onSilence: () => {
        // Nothing is known of the link now.
        this.#leaderFacts = null;
        options.onFacts();
      },
    });
  }

  get #doc(): Y.Doc {
    return this.#options.replica().doc;
  }

  get #epoch(): Epoch {
    return this.#options.epoch();
  }

  get isLeader(): boolean {
    return this.#leadership.isLeader;
  }

  /** The last facts of the tab that holds the socket. */
  get leaderFacts(): LinkFacts | null {
    return this.#leaderFacts;
  }

  /** Client ids of the other tabs. */
  neighbours(): ReadonlySet<number> {
    return new Set(this.#clientIds.values());
  }

  /** Client ids of tabs that reach the relay only through us. */
  spokenFor(): ReadonlySet<number> {
    return this.isLeader && this.#leadership.isShared ? this.neighbours() : new Set();
  }

  /** The document is loaded: meet the others, and hold the socket if it falls to us. */
  join(): void {
    const { isShared, environment, name, tab } = this.#options;
    if (this.#isClosed) return;
    const Channel = environment.BroadcastChannel;
    if (isShared && Channel !== undefined) {
      this.#channel = new TabChannel(Channel, name, tab, (from, message) => this.#receive(from, message));
      this.sayHello();
    }
    this.#leadership.start();
  }

  post(message: TabMessage): void {
    this.#channel?.post(message);
  }

  /** Posts a batch of this tab. @returns Changes that it covers. */
  postUpdate(update: Uint8Array): Counters {
    const { tab, ledger, isShared } = this.#options;
    const made = ledger.made(tab);
    if (isShared) {
      this.#unsaved.add(made, update);
      this.post({ type: 'update', update, since: this.#posted, made, settled: ledger.settled(tab), epoch: this.#epoch });
    }
    this.#posted = made;
    return new Map([[tab, made]]);
  }

  postLink(): void {
    const { facts, environment } = this.#options;
    if (!this.isLeader) return;
    this.post({ type: 'link', facts: shifted(facts(), -environment.elapsed()), isVisible: environment.page.isVisible() });
  }

  /** Posts this tab's own awareness state to the others. */
  postPresence(): void {
    this.post({ type: 'presence', clientId: this.#doc.clientID, body: this.#options.presence().ownBody() });
  }

  postRemote(update: Uint8Array, { isUnkept }: { isUnkept: boolean }): void {
    this.post({ type: 'remote', update, isUnkept, epoch: this.#epoch });
  }

  postWritten(covers: Counters): void {
    this.post({ type: 'written', kept: { copyId: this.#options.copyId(), made: [...covers] } });
  }

  /** The relay acknowledged something to this tab. */
  settled(): void {
    this.#forgetSaved();
    this.post({ type: 'settled', settled: [...this.#options.ledger.allSettled()] });
  }

  /** The documents before were given up. @param covered What the kept copy holds, if this tab made it. */
  beginEpoch(covered: Counters | null): void {
    this.#unsaved = new UnsavedEdits();
    if (covered !== null) this.post({ type: 'replaced', covered: [...covered], epoch: this.#epoch });
  }

  /** Asks for what this tab lacks. */
  sayHello(): void {
    this.post({ type: 'hello', epoch: this.#epoch, stateVector: Y.encodeStateVector(this.#doc) });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.post({ type: 'bye', clientId: this.#doc.clientID });
    this.#leadership.close();
    this.#channel?.close();
    this.#channel = null;
  }

  #lead(isLeader: boolean): void {
    this.#leaderFacts = null;
    if (this.#isClosed) return;
    this.#options.onLead(isLeader);
    if (!isLeader) return;
    this.post({ type: 'handover' });
    this.postLink();
  }

  #receive(from: string, message: TabMessage): void {
    const { ledger, presence } = this.#options;
    this.#leadership.receive(from, message);
    if ('epoch' in message && !this.#isOurs(message)) return;
    switch (message.type) {
      case 'hello':
        return this.#welcome(from, message.stateVector);
      case 'state':
        return message.to === this.#options.tab ? this.#takeState(message) : undefined;
      case 'offer':
        return this.#take(message);
      case 'update':
        return this.#takeUpdate(from, message);
      case 'remote':
        if (this.#apply(message.update, [], null) && message.isUnkept) this.#options.onUnkept(message.update);
        // This tab was frozen and missed what this builds on.
        return this.#doc.store.pendingStructs === null ? undefined : this.#ask();
      case 'settled':
        ledger.settle(new Map(message.settled));
        this.#forgetSaved();
        return this.#options.onSettled();
      case 'written':
        this.#keep(message.kept);
        return this.#options.onWritten();
      case 'erased':
        return this.#options.onErased();
      case 'discarded':
        return this.#options.onDiscarded(message.id);
      case 'link':
        this.#takeFacts(shifted(message.facts, this.#options.environment.elapsed()));
        // The leader may never have received edits that it has not settled by now; sending them twice is harmless.
        if (message.facts.isSynced) this.#handOver();
        return this.#options.onFacts();
      case 'pong':
        // The leader was silent, and its facts are forgotten.
        return this.#leaderFacts === null ? this.post({ type: 'facts' }) : undefined;
      case 'facts':
        return this.postLink();
      case 'handover':
        return this.#handOver();
      case 'presence':
        this.#clientIds.set(from, message.clientId);
        presence().receive(message.body, this);
        return;
      case 'awareness':
        presence().receive(message.body, this);
        return;
      case 'wet':
        return this.#options.onWet(message);
      case 'notice':
        return this.#options.onNotice(message.notice);
      case 'authenticate':
        return this.#options.onAuthenticate();
      case 'bye':
        presence().farewell(message.clientId);
        this.#clientIds.delete(from);
        return;
      // Leadership has heard `want` and `yield`; `replaced` is known already.
    }
  }

  /** Whether a message is about our document. If not, the tab that is behind catches up. */
  #isOurs(message: Extract<TabMessage, { epoch: Epoch }>): boolean {
    const ahead = message.epoch.number - this.#epoch.number;
    if (ahead > 0) {
      this.#options.replica().flush();
      this.#options.onNewer(message.epoch, new Map(message.type === 'replaced' ? message.covered : []));
    } else if (ahead < 0) {
      this.post({ type: 'replaced', covered: [], epoch: this.#epoch });
    }
    return ahead === 0;
  }

  #takeFacts(facts: LinkFacts): void {
    const isLost = this.#leaderFacts?.link === 'open' && facts.link !== 'open';
    this.#leaderFacts = facts;
    if (isLost) this.#options.presence().forgetRemote();
  }

  #welcome(newcomer: string, stateVector: Uint8Array): void {
    this.#options.replica().flush();
    this.post({ type: 'state', to: newcomer, stateVector: Y.encodeStateVector(this.#doc), ...this.#beyond(stateVector) });
    this.postPresence();
    if (!this.isLeader) return;
    this.post({ type: 'awareness', body: this.#options.presence().allBody() });
    this.postLink();
  }

  #takeState(message: Extract<TabMessage, { type: 'state' }>): void {
    const { ledger } = this.#options;
    this.#hasAsked = false;
    this.#take(message);
    this.postPresence();
    const theirs = Y.decodeStateVector(message.stateVector);
    const ours = Y.decodeStateVector(Y.encodeStateVector(this.#doc));
    if (!isAhead(ledger.allMade(), new Map(message.made)) && !isAhead(ours, theirs)) return;
    this.post({ type: 'offer', ...this.#beyond(message.stateVector) });
  }

  /** All that a tab with this state vector lacks, and whose changes those are. */
  #beyond(stateVector: Uint8Array): Omit<Extract<TabMessage, { type: 'offer' }>, 'type'> {
    const { ledger } = this.#options;
    return {
      epoch: this.#epoch,
      update: Y.encodeStateAsUpdate(this.#doc, stateVector),
      made: [...ledger.allMade()],
      settled: [...ledger.allSettled()],
      kept: { copyId: this.#options.copyId(), made: [...ledger.allKept()] },
    };
  }

  /** The sender has everything up to `made`, and the update that comes with it is all that we lack. */
  #take({ update, made, settled, kept }: Omit<Extract<TabMessage, { type: 'offer' }>, 'type'>): void {
    this.#options.ledger.settle(new Map(settled));
    if (kept !== undefined) this.#keep(kept);
    this.#apply(update, made, new Map(made));
  }

  #keep({ copyId, made }: KeptClaim): void {
    if (copyId !== null && copyId === this.#options.copyId()) this.#options.ledger.keep(new Map(made));
  }

  #takeUpdate(from: string, { update, since, made, settled }: Extract<TabMessage, { type: 'update' }>): void {
    const { ledger } = this.#options;
    ledger.settle(new Map([[from, settled]]));
    if (ledger.made(from) < since) return this.#ask();
    const own = [[from, made]] as const;
    this.#apply(update, own, new Map(own));
  }

  /** This tab missed something while it was frozen. What builds on it is not taken: the relay must not get it alone. */
  #ask(): void {
    if (this.#hasAsked) return;
    this.#hasAsked = true;
    this.sayHello();
    if (this.isLeader) this.post({ type: 'handover' });
  }

  /** Applies an update, and claims its changes only if that worked. @param made Changes in the document after it. */
  #apply(update: Uint8Array, made: CounterList, covers: Counters | null): boolean {
    const { apply, ledger, onApplied } = this.#options;
    if (!apply(update)) return false;
    for (const [tab, number] of made) ledger.note(tab, number);
    onApplied(update, covers);
    return true;
  }

  #handOver(): void {
    const { ledger, tab, replica } = this.#options;
    replica().flush();
    const update = this.#unsaved.merged();
    if (update === null) return;
    const settled = ledger.settled(tab);
    this.post({ type: 'update', update, since: settled, made: this.#posted, settled, epoch: this.#epoch });
  }

  #forgetSaved(): void {
    const { ledger, tab } = this.#options;
    this.#unsaved.forget(ledger.settled(tab));
  }
}

/** Times of one tab as times of another, whose clock may be set otherwise. */
function shifted(facts: LinkFacts, byMs: number): LinkFacts {
  const { trouble } = facts;
  if (trouble === null || trouble.retryAtMs === null) return facts;
  return { ...facts, trouble: { ...trouble, retryAtMs: trouble.retryAtMs + byMs } };
}

/** Whether `ours` is ahead of `theirs` in anything. */
function isAhead<K>(ours: ReadonlyMap<K, number>, theirs: ReadonlyMap<K, number>): boolean {
  return [...ours].some(([key, number]) => number > (theirs.get(key) ?? 0));
}
