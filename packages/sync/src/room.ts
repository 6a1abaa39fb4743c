/**
 * One document, kept in step with a relay, this device and the other tabs. This file only wires the parts together;
 * each decision is in its part. When the document is given up, `Epochs` decides how the room goes on in a new one.
 *
 *        edits ──> Replica ──batch──┬──> DeviceCopy   (at once)
 *                     ^             ├──> Tabs         (other tabs)
 *                     │             └──> DocumentSync (if this tab leads)
 *       applied, checked                    │
 *                     └─────────────────────┘   ack ──> Ledger ──> Announcer
 */
import type { Role } from '@wetink/protocol';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Announcer, type Replaced } from './announcer.ts';
import { DeviceCopy } from './device-copy.ts';
import type { DeviceState } from './device-copy-options.ts';
import type { KeptMeta } from './device-layout.ts';
import { Epochs } from './epochs.ts';
import { hasTabs, mintId, type Environment, type SocketConstructor } from './environment.ts';
import { KeptCopies } from './kept-copies.ts';
import { Ledger, type Counters } from './ledger.ts';
import { Presence } from './presence.ts';
import { ensureFreshClientId, Replica } from './replica.ts';
import { DocumentSync } from './document-sync.ts';
import { SpareEdits } from './spare-edits.ts';
import { NO_LINK, type LinkFacts, type RoomStatus } from './status.ts';
import type { Notice, WetMessage } from './tab-channel.ts';
import { Tabs } from './tabs.ts';
import type { KeptCopy, Room, RoomOptions } from './types.ts';

export class OpenRoom implements Room {
  readonly #announcer: Announcer;
  readonly #options: RoomOptions;
  readonly #environment: Environment;
  readonly #tab: string;
  readonly #ledger = new Ledger();
  readonly #sync: DocumentSync;
  readonly #device: DeviceCopy | null;
  readonly #kept: KeptCopies;
  readonly #tabs: Tabs;
  readonly #spare: SpareEdits;
  readonly #epochs: Epochs;
  readonly #unlisten: (() => void)[];
  #replica: Replica;
  #presence: Presence;
  #isLoaded = false;
  #closing: Promise<void> | null = null;

  constructor(options: RoomOptions, environment: Environment, WebSocket: SocketConstructor) {
    this.#announcer = new Announcer(environment.report);
    this.#options = options;
    this.#environment = environment;
    this.#tab = mintId(environment);
    this.#sync = this.#makeSync(WebSocket);
    this.#device = this.#makeDevice();
    this.#kept = new KeptCopies(
      this.#device,
      () => this.#update(),
      (id) => this.#tabs.post({ type: 'discarded', id }),
    );
    this.#tabs = this.#makeTabs();
    this.#spare = new SpareEdits({
      environment,
      ledger: this.#ledger,
      write: (update, covers) => this.#device?.appendLater(update, covers),
    });
    this.#epochs = this.#makeEpochs();
    this.#replica = this.#bind(options.createDoc());
    this.#presence = this.#makePresence();
    this.#unlisten = this.#listen();
    void this.#load();
  }

  get doc(): Y.Doc {
    return this.#replica.doc;
  }
  get awareness(): Awareness {
    return this.#presence.awareness;
  }
  get role(): Role | null {
    return this.#facts().role;
  }
  get link(): Room['link'] {
    return this.#facts().link;
  }
  get isSynced(): boolean {
    return this.#facts().isSynced;
  }
  get device(): DeviceState | { kind: 'unused' } {
    return this.#device?.state ?? { kind: 'unused' };
  }
  get changes(): Room['changes'] {
    return { made: this.#ledger.made(this.#tab), settled: this.#ledger.settled(this.#tab) };
  }
  get status(): RoomStatus {
    return this.#announcer.status;
  }

  get whenLoaded(): Promise<void> {
    return this.#announcer.loaded.opened;
  }
  get whenSynced(): Promise<void> {
    return this.#announcer.firstSync.opened;
  }

  onStatus(listener: (status: RoomStatus) => void): () => void {
    return this.#announcer.statuses.on(listener);
  }
  onSynced(listener: () => void): () => void {
    return this.#announcer.syncs.on(listener);
  }
  onReplaced(listener: (event: Replaced) => void): () => void {
    return this.#announcer.replaced.on(listener);
  }
  onWet(listener: (message: WetMessage) => void): () => void {
    return this.#announcer.wet.on(listener);
  }
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#announcer.notices.on(listener);
  }

  sendWet(message: Omit<WetMessage, 'clientId'>): void {
    const own = { ...message, clientId: this.doc.clientID };
    this.#tabs.post({ type: 'wet', message: own, isOwn: true });
    this.#sync.sendWet(own);
  }

  refreshToken(): void {
    this.#tabs.post({ type: 'authenticate' }); // Another tab may hold the socket.
    this.#sync.authenticate();
  }

  keptCopies(): Promise<KeptCopy[]> {
    return this.#kept.list();
  }

  async flush(): Promise<void> {
    this.#replica.flush();
    await this.#device?.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#replica.release();
    for (const unlisten of this.#unlisten) unlisten();
    this.#spare.write();
    this.#presence.close();
    this.#tabs.close();
    this.#sync.close();
    await this.#device?.close();
    this.#announcer.end();
  }

  // The parts

  #makeSync(WebSocket: SocketConstructor): DocumentSync {
    const { url, room, params = {}, getToken = () => Promise.resolve('') } = this.#options;
    return new DocumentSync({
      url,
      room,
      params,
      getToken,
      environment: this.#environment,
      WebSocket,
      replica: () => this.#replica,
      presence: () => this.#presence,
      tabs: () => this.#tabs,
      allMade: () => this.#ledger.allMade(),
      waiting: () => this.#ledger.waiting(),
      onSettled: (counters) => this.#settle(counters),
      onRefused: (code) => this.#epochs.replace(code),
      onLink: () => this.#linkChanged(),
      onWet: (message) => this.#announcer.wet.emit(message),
      onNotice: (notice) => this.#announcer.notices.emit(notice),
    });
  }

  #makeDevice(): DeviceCopy | null {
    const { offline, room } = this.#options;
    const isWanted = offline !== false && (this.#environment.indexedDB !== undefined || offline !== undefined || hasTabs());
    if (!isWanted) return null;
    return new DeviceCopy({
      name: offline?.name ?? room,
      environment: this.#environment,
      tab: this.#tab,
      ledger: this.#ledger,
      doc: () => this.doc,
      absorb: (rows) => this.#absorb(rows),
      onRows: async (rows, epoch) => {
        if (!this.#epochs.enter(epoch)) return []; // The document was given up while the disk was slow.
        const replica = this.#replica;
        const broken = await replica.restore(rows);
        if (!this.#isLoaded || this.#closing !== null || replica !== this.#replica) return broken;
        this.#renewClientId(); // A slow disk: the rows came after all.
        this.#sync.renew(); // They go up with a new connection.
        return broken;
      },
      onNewer: (epoch) => this.#epochs.follow(epoch),
      onWritten: (covers) => {
        this.#spare.heard();
        this.#tabs.postWritten(covers);
      },
      onErased: () => {
        this.#tabs.post({ type: 'erased' });
        this.#tabs.sayHello(); // Others may have written some of it to the new copy.
        for (const record of this.#kept.erased()) this.#device?.keep(record);
      },
      onState: () => this.#update(),
    });
  }

  #makeTabs(): Tabs {
    const { url, room, tabs } = this.#options;
    return new Tabs({
      isShared: tabs ?? hasTabs(),
      name: `wetink:${url}/${room}`,
      tab: this.#tab,
      environment: this.#environment,
      ledger: this.#ledger,
      replica: () => this.#replica,
      presence: () => this.#presence,
      facts: () => this.#sync.facts,
      onLead: (isLeader) => {
        if (isLeader) this.#presence.forgetRemote();
        if (isLeader) this.#sync.start();
        else this.#sync.stop();
        this.#linkChanged();
      },
      epoch: () => this.#epochs.current,
      copyId: () => this.#device?.copyId ?? null,
      apply: (update) => this.#applyFromTab(update),
      onApplied: (update, covers) => {
        if (covers !== null) {
          this.#sync.upload({ type: 'update', update }, covers);
          this.#spare.add(update, covers);
        }
        this.#update();
      },
      onUnkept: (update) => this.#device?.appendLater(update, new Map()),
      onWritten: () => {
        this.#spare.heard();
        this.#update();
      },
      onErased: () => {
        this.#device?.doubt();
      },
      onDiscarded: (id) => void this.#kept.forget(id).catch(() => undefined), // The tab in which it was discarded does it, too.
      onSettled: () => this.#settledElsewhere(),
      onNewer: (epoch, covered) => this.#epochs.follow(epoch, covered),
      onWet: ({ message, isOwn }) => {
        this.#announcer.wet.emit(message);
        if (isOwn) this.#sync.sendWet(message);
      },
      onNotice: (notice) => this.#announcer.notices.emit(notice),
      onAuthenticate: () => this.#sync.authenticate(),
      onFacts: () => this.#update(),
    });
  }

  #makeEpochs(): Epochs {
    return new Epochs({
      environment: this.#environment,
      tab: this.#tab,
      ledger: this.#ledger,
      device: this.#device,
      kept: this.#kept,
      spare: this.#spare,
      tabs: this.#tabs,
      replica: () => this.#replica,
      beginAnew: (kept) => this.#beginAnew(kept),
    });
  }

  #bind(doc: Y.Doc): Replica {
    return new Replica({
      doc,
      clock: this.#environment,
      onChange: () => {
        this.#ledger.count(this.#tab);
        this.#update();
      },
      onBatch: (update) => this.#sendOut(update),
      onArrival: (update, source) => {
        if (source !== 'relay') return; // The tab that received it writes it; all share one database.
        this.#device?.appendLater(update, new Map());
        this.#tabs.postRemote(update, { isUnkept: this.#device?.storage !== 'working' });
      },
      report: this.#environment.report,
    });
  }

  #makePresence(): Presence {
    return new Presence({
      awareness: new Awareness(this.doc),
      environment: this.#environment,
      neighbours: () => this.#tabs.neighbours(),
      spokenFor: () => this.#tabs.spokenFor(),
      isWatched: () => this.#facts().isExtension === true,
      toRelay: (body) => this.#sync.sendPresence(body),
      toTabs: () => this.#tabs.postPresence(),
    });
  }

  #listen(): (() => void)[] {
    const { page, onOnline, onOffline } = this.#environment;
    const wake = (): void => this.#sync.wake();
    const save = (): void => {
      this.#replica.flush();
      this.#spare.write();
      this.#device?.hurry(); // There may be no time for what `flush` asks first.
      void this.flush();
    };
    const onVisibility = (): void => {
      if (page.isVisible()) {
        wake();
        this.#tabs.sayHello(); // It may have been frozen.
      } else {
        save();
      }
      this.#tabs.postLink();
      this.#update();
    };
    return [onOnline(wake), onOffline(() => this.#sync.doubt()), page.onVisibility(onVisibility), page.onHide(save)];
  }

  // Events

  async #load(): Promise<void> {
    const initial = this.#replica.content();
    await this.#device?.load();
    if (this.#closing !== null) return;
    if (initial === null) this.#renewClientId();
    else this.#adopt(initial);
    this.#isLoaded = true;
    this.#announcer.loaded.open();
    await this.#kept.restore();
    if (this.#closing !== null) return;
    this.#update();
    this.#tabs.join();
  }

  /** Counts what the application put in before we listened as a change of this tab. */
  #adopt(initial: Uint8Array): void {
    this.#ledger.count(this.#tab);
    this.#sendOut(initial);
  }

  #renewClientId(): void {
    ensureFreshClientId(this.doc, this.#environment.random);
    this.#presence.followClientId();
  }

  #sendOut(update: Uint8Array): void {
    this.#device?.append(update, new Map([[this.#tab, this.#ledger.made(this.#tab)]]));
    const covers = this.#tabs.postUpdate(update);
    this.#sync.upload({ type: 'update', update }, covers);
    this.#update();
  }

  #applyFromTab(update: Uint8Array): boolean {
    const verdict = this.#replica.apply(update, 'tabs');
    if (verdict === 'forged') this.#epochs.replace('FOREIGN_CLIENT');
    return verdict === 'applied';
  }

  /** Rows of another tab, found when the copy is rewritten. */
  async #absorb(rows: readonly Uint8Array[]): Promise<number[]> {
    const before = Y.encodeStateVector(this.doc);
    const broken = await this.#replica.restore(rows);
    // Perhaps no tab has sent these: they go up with a new connection.
    if (String(before) !== String(Y.encodeStateVector(this.doc))) this.#sync.renew();
    return broken;
  }

  #settle(counters: Counters): void {
    this.#ledger.settle(counters);
    this.#tabs.settled();
    this.#settledElsewhere();
  }

  #settledElsewhere(): void {
    this.#device?.mark();
    this.#update();
  }

  #linkChanged(): void {
    this.#tabs.postLink();
    this.#update();
  }

  #beginAnew(kept: KeptMeta): void {
    const state = this.awareness.getLocalState();
    this.#presence.close();
    this.#replica = this.#bind(this.#options.createDoc());
    this.#presence = this.#makePresence();
    this.awareness.setLocalState(state);
    const initial = this.#replica.content();
    if (initial !== null) this.#adopt(initial);
    this.#sync.renew(); // The relay takes nothing more on this connection.
    this.#sync.wake(); // The person sees an empty document until the next one.
    this.#announcer.replaced.emit({ doc: this.doc, kept: this.#kept.present(kept) });
    this.#update();
  }

  // The view of the application

  #facts(): LinkFacts {
    return this.#tabs.isLeader ? this.#sync.facts : (this.#tabs.leaderFacts ?? NO_LINK);
  }

  #update(): void {
    if (this.#closing !== null) return;
    const waiting = this.#ledger.waiting();
    this.#device?.lookSoon();
    this.#announcer.announce({
      ...this.#facts(),
      isLoaded: this.#isLoaded,
      waiting,
      copy: this.#device?.copyOf(waiting) ?? 'none',
      storage: this.#device?.storage ?? 'unused',
      hasUnread: this.#device?.hasUnread ?? false,
      refused: this.#kept.refused,
    });
  }
}
