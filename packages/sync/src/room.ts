/**
 * `openRoom`: one document, kept in step with a relay, this device and the other tabs. This file only wires the parts
 * together; each decision is in its part.
 *
 *        edits ──> Replica ──batch──┬──> DeviceCopy   (100 ms)
 *                     ^             ├──> TabChannel   (other tabs)
 *                     │             └──> Connection   (if this tab leads)
 *       applied, checked                     │
 *                     └──────────────────────┘   ack ──> Ledger ──> status
 */
import { failures, type ErrorName, type Role, type ServerMessage } from '@wetink/protocol';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Connection } from './connection.ts';
import { DeviceCopy, type DeviceState } from './device-copy.ts';
import { Emitter, Gate } from './emitter.ts';
import { environmentOf, hasTabs, type Environment } from './environment.ts';
import { KeptCopies, type KeptMeta } from './kept-copies.ts';
import { Ledger, type Counters } from './ledger.ts';
import { linkFactsOf } from './link-facts.ts';
import { Presence } from './presence.ts';
import { ensureFreshClientId, Replica, type Source } from './replica.ts';
import { deriveStatus, isSameStatus, NO_LINK, type LinkFacts, type RoomStatus } from './status.ts';
import { Tabs } from './tabs.ts';
import type { Notice, WetMessage } from './tab-channel.ts';
import type { KeptCopy, Room, RoomOptions } from './types.ts';

/** A hole in what arrived is asked for at most this often. */
const ASK_AGAIN_MS = 1_000;

/**
 * Opens a room. Returns at once: the document can be edited before anything is loaded or connected.
 *
 * @throws {RangeError} When there is no WebSocket in this environment, or the url is none.
 */
export function openRoom(options: RoomOptions): Room {
  const environment = environmentOf(options.environment);
  if (environment.WebSocket === undefined) throw new RangeError('no WebSocket here: pass one as environment.WebSocket');
  if (!/^wss?:$/.test(new URL(options.url).protocol)) throw new RangeError('url must begin with ws:// or wss://');
  return new OpenRoom(options, environment);
}

class OpenRoom implements Room {
  readonly #options: RoomOptions;
  readonly #environment: Environment;
  readonly #tab: string;
  readonly #ledger = new Ledger();
  readonly #connection: Connection;
  readonly #device: DeviceCopy | null;
  readonly #kept: KeptCopies;
  readonly #tabs: Tabs;
  readonly #unlisten: (() => void)[] = [];
  readonly #status: Emitter<RoomStatus>;
  readonly #synced: Emitter<void>;
  readonly #replaced: Emitter<{ doc: Y.Doc; kept: KeptCopy }>;
  readonly #wet: Emitter<WetMessage>;
  readonly #notices: Emitter<Notice>;
  readonly #loadedGate = new Gate();
  readonly #syncedGate = new Gate();
  #replica: Replica;
  #presence: Presence;
  #role: Role | null = null;
  /** The relay has said what it has, so that what we send from here on builds on nothing it lacks. */
  #canUpload = false;
  #isUploaded = false;
  #isLoaded = false;
  #wasSynced = false;
  #askedAt = -Infinity;
  #lastStatus: RoomStatus = { kind: 'loading' };
  #closing: Promise<void> | null = null;

  constructor(options: RoomOptions, environment: Environment) {
    this.#options = options;
    this.#environment = environment;
    this.#tab = mintId(environment);
    const { report } = environment;
    this.#status = new Emitter(report);
    this.#synced = new Emitter(report);
    this.#replaced = new Emitter(report);
    this.#wet = new Emitter(report);
    this.#notices = new Emitter(report);
    this.#connection = new Connection({
      url: options.url,
      room: options.room,
      params: options.params ?? {},
      environment,
      clientId: () => this.doc.clientID,
      getToken: options.getToken ?? (() => Promise.resolve('')),
      onState: () => this.#linkChanged(),
      onBegin: () => this.#beginSync(),
      onMessage: (message) => this.#receive(message),
      onQuiet: () => this.#ask(),
    });
    this.#device = this.#makeDevice();
    this.#kept = new KeptCopies(this.#device, () => this.#update());
    this.#replica = this.#bind(options.createDoc());
    this.#presence = this.#makePresence();
    this.#tabs = new Tabs({
      isShared: options.tabs ?? hasTabs(),
      name: `wetink:${options.url}/${options.room}`,
      tab: this.#tab,
      environment,
      ledger: this.#ledger,
      doc: () => this.doc,
      flush: () => this.#replica.flush(),
      presence: () => this.#presence,
      facts: () => this.#ownFacts(),
      onLead: (isLeader) => this.#lead(isLeader),
      onUpdate: (update, covers) => this.#takeFromTab(update, covers),
      onSettled: () => this.#settledElsewhere(),
      onReplaced: (code, kept, isCovered) => this.#replace(code, { kept, isCovered }),
      onWet: (message, isOwn) => this.#takeWet(message, isOwn),
      onNotice: (notice) => this.#notices.emit(notice),
      onFacts: () => this.#update(),
    });
    this.#listen();
    void this.#load();
  }

  get doc(): Y.Doc {
    return this.#replica.doc;
  }
  get awareness(): Awareness {
    return this.#presence.awareness;
  }
  get status(): RoomStatus {
    return this.#lastStatus;
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
  get whenLoaded(): Promise<void> {
    return this.#loadedGate.opened;
  }
  get whenSynced(): Promise<void> {
    return this.#syncedGate.opened;
  }

  onStatus(listener: (status: RoomStatus) => void): () => void {
    return this.#status.on(listener);
  }
  onSynced(listener: () => void): () => void {
    return this.#synced.on(listener);
  }
  onReplaced(listener: (event: { doc: Y.Doc; kept: KeptCopy }) => void): () => void {
    return this.#replaced.on(listener);
  }
  onWet(listener: (message: WetMessage) => void): () => void {
    return this.#wet.on(listener);
  }
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.on(listener);
  }

  sendWet(message: Omit<WetMessage, 'clientId'>): void {
    const own = { ...message, clientId: this.doc.clientID };
    this.#tabs.postWet(own, true);
    this.#sendWetToRelay(own);
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
    this.#presence.close();
    this.#tabs.close();
    this.#connection.dispatch({ type: 'close' });
    await this.#device?.close();
    this.#loadedGate.open();
    for (const emitter of [this.#status, this.#synced, this.#replaced, this.#wet, this.#notices]) emitter.clear();
  }

  // Setting up

  #makeDevice(): DeviceCopy | null {
    const { offline, room } = this.#options;
    const isWanted = offline !== false && (this.#environment.indexedDB !== undefined || offline !== undefined || hasTabs());
    if (!isWanted) return null;
    return new DeviceCopy({
      name: offline?.name ?? room,
      environment: this.#environment,
      tab: this.#tab,
      made: () => this.#ledger.made(this.#tab),
      settled: () => this.#ledger.allSettled(),
      snapshot: () => Y.encodeStateAsUpdate(this.doc),
      onRows: (rows) => {
        const replica = this.#replica;
        replica.doc.transact(() => rows.forEach((row) => replica.apply(row, 'device')), replica.originOf('device'));
        if (this.#isLoaded) this.#renewClientId(); // A slow disk: the rows came after all.
      },
      onUnsaved: (tab, made, settled) => {
        this.#ledger.settle(new Map([[tab, settled]]));
        this.#ledger.note(tab, made);
      },
      onState: () => this.#update(),
    });
  }

  #bind(doc: Y.Doc): Replica {
    return new Replica({
      doc,
      schedule: this.#environment.schedule,
      onChange: () => {
        this.#ledger.count(this.#tab);
        this.#update();
      },
      onBatch: (update) => this.#sendOut(update),
      onArrival: (update, source) => this.#arrived(update, source),
      report: this.#environment.report,
    });
  }

  #makePresence(): Presence {
    return new Presence({
      awareness: new Awareness(this.doc),
      environment: this.#environment,
      spokenFor: () => this.#tabs.spokenFor(),
      toRelay: (body) => !this.#isOpen() || this.#connection.sendEphemeral({ type: 'awareness', body }),
      toTabs: (body) => this.#tabs.post({ type: 'presence', clientId: this.doc.clientID, body }),
    });
  }

  #listen(): void {
    const { page, onOnline } = this.#environment;
    const wake = (): void => this.#connection.dispatch({ type: 'wake' });
    const save = (): void => void this.flush();
    this.#unlisten.push(
      onOnline(wake),
      page.onVisibility(() => {
        if (page.isVisible()) wake();
        else save();
        this.#tabs.postLink();
      }),
      page.onHide(save),
    );
  }

  async #load(): Promise<void> {
    const initial = contentOf(this.doc);
    await this.#device?.load();
    if (this.#closing !== null) return;
    if (initial === null) this.#renewClientId();
    else this.#adopt(initial);
    this.#isLoaded = true;
    this.#loadedGate.open();
    await this.#kept.restore();
    if (this.#closing !== null) return;
    this.#update();
    this.#tabs.join();
  }

  /** What the application put in before anybody listened is a change of this tab like any other. */
  #adopt(initial: Uint8Array): void {
    this.#ledger.count(this.#tab);
    this.#sendOut(initial);
  }

  /** Yjs, too, takes a new client id when it meets its own in what it loads; presence must follow. */
  #renewClientId(): void {
    ensureFreshClientId(this.doc, this.#environment.random);
    if (this.doc.clientID === this.awareness.clientID) return;
    const state = this.awareness.getLocalState();
    this.awareness.setLocalState(null);
    this.awareness.clientID = this.doc.clientID;
    this.awareness.setLocalState(state);
  }

  // What goes out

  #sendOut(update: Uint8Array): void {
    this.#device?.append(update);
    const covers = this.#tabs.postUpdate(update);
    this.#upload({ type: 'update', update }, covers);
    this.#update();
  }

  #upload(message: Extract<ServerMessage, { type: 'update' | 'sync-step-2' }>, covers: Counters): void {
    if (!this.#canUpload || this.#role === 'viewer') return;
    this.#connection.sendDocument(message, covers);
    // A stock server acknowledges nothing; "sent" is all that can be said, and its status says no more.
    if (!this.#isExtension()) this.#settle(covers);
  }

  #settle(counters: Counters): void {
    this.#ledger.settle(counters);
    this.#tabs.settled();
    this.#device?.mark();
    this.#update();
  }

  #settledElsewhere(): void {
    this.#device?.mark();
    this.#update();
  }

  #sendWetToRelay(message: WetMessage): void {
    if (this.#isOpen() && this.#isExtension()) this.#connection.sendEphemeral({ type: 'wet', ...message });
  }

  // What comes in

  #arrived(update: Uint8Array, source: Source): void {
    if (source !== 'relay') return; // The tab that has it from somewhere writes it down; all share one database.
    this.#device?.append(update);
    this.#tabs.postRemote(update);
  }

  #takeFromTab(update: Uint8Array, covers: Counters | null): void {
    const verdict = this.#replica.apply(update, 'tabs');
    if (verdict === 'forged') return this.#replace('FOREIGN_CLIENT');
    if (verdict === 'applied' && covers !== null) this.#upload({ type: 'update', update }, covers);
    this.#update();
  }

  #takeWet(message: WetMessage, isOwn: boolean): void {
    this.#wet.emit(message);
    if (isOwn) this.#sendWetToRelay(message);
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#role = message.role;
        return this.#linkChanged();
      case 'sync-step-1':
        return this.#answer(message.stateVector);
      case 'sync-step-2':
      case 'update':
        return this.#takeFromRelay(message);
      case 'awareness':
        return this.#takePresence(message.body);
      case 'ack':
        return this.#takeAck(message.count);
      case 'refused':
        return this.#replace(message.code);
      case 'wet':
        this.#tabs.postWet(message, false);
        return this.#takeWet(message, false);
      case 'notice':
        if (failures[message.code].retry === 'reauth') void this.#connection.authenticate();
        this.#tabs.post({ type: 'notice', notice: message });
        return this.#notices.emit(message);
      case 'permission-denied':
        return this.#connection.dispatch({ type: 'lost', verdict: { kind: 'never', code: 'FORBIDDEN' } });
      default:
        return; // Messages that only a client sends, or that a newer relay knows.
    }
  }

  #takeFromRelay(message: Extract<ServerMessage, { type: 'update' | 'sync-step-2' }>): void {
    const verdict = this.#replica.apply(message.update, 'relay');
    if (verdict === 'forged') return this.#replace('FOREIGN_CLIENT');
    if (verdict === 'malformed') {
      return this.#connection.renew();
    }
    if (message.type === 'sync-step-2') {
      this.#connection.dispatch({ type: 'synced' });
      // A server that never asks would never get anything: give it all.
      if (!this.#canUpload && !this.#isExtension()) this.#answer(Y.encodeStateVector(new Y.Doc()));
    }
    if (this.doc.store.pendingStructs !== null && this.#environment.now() - this.#askedAt >= ASK_AGAIN_MS) this.#ask();
  }

  #takePresence(body: Uint8Array): void {
    if (!this.#presence.receive(body, this)) return this.#connection.renew();
    this.#tabs.post({ type: 'awareness', body });
  }

  #takeAck(count: number): void {
    const settled = this.#connection.acked(count);
    if (settled === null) return;
    const isFirst = !this.#isUploaded;
    this.#isUploaded = true; // The first document message of a connection is the answer to the relay's SyncStep1.
    this.#settle(settled);
    if (isFirst) this.#linkChanged();
  }

  // The link

  #lead(isLeader: boolean): void {
    if (isLeader) this.#presence.forgetRemote();
    this.#connection.dispatch({ type: isLeader ? 'start' : 'stop' });
    this.#linkChanged();
  }

  #beginSync(): void {
    this.#ask();
    this.#presence.announce();
  }

  #ask(): void {
    this.#askedAt = this.#environment.now();
    this.#connection.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
  }

  /** The server has said what it has: everything else goes up now, deletions included. */
  #answer(stateVector: Uint8Array): void {
    let clocks: Map<number, number>;
    try {
      clocks = Y.decodeStateVector(stateVector);
    } catch {
      // Bytes of a server that can't be read: like any other broken message of it.
      return this.#connection.renew();
    }
    if (this.#replica.isForged(clocks)) return this.#replace('FOREIGN_CLIENT');
    this.#replica.flush();
    if (this.#role === 'viewer') return;
    this.#canUpload = true;
    this.#upload({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.doc, stateVector) }, this.#ledger.allMade());
  }

  #linkChanged(): void {
    const { name } = this.#connection.state;
    const isUp = name === 'syncing' || name === 'synced';
    if (!isUp) {
      if (this.#canUpload && this.#tabs.isLeader) this.#presence.forgetRemote();
      this.#canUpload = this.#isUploaded = false;
    }
    this.#tabs.postLink();
    this.#update();
  }

  #isOpen(): boolean {
    const { name } = this.#connection.state;
    return name === 'syncing' || name === 'synced';
  }

  #isExtension(): boolean {
    const { state } = this.#connection;
    return (state.name === 'syncing' || state.name === 'synced') && state.isExtension;
  }

  // Given up

  /**
   * The room goes on in a new document. @param byTab Another tab has begun it and made a copy, which may hold our
   * changes as well.
   */
  #replace(code: ErrorName, byTab?: { kept: KeptMeta; isCovered: boolean }): void {
    const old = this.#replica;
    old.release();
    const covered = this.#ledger.allMade();
    const meta: KeptMeta = { id: mintId(this.#environment), at: this.#environment.now(), changes: this.#ledger.waiting(), code };
    const record = { ...meta, update: Y.encodeStateAsUpdate(old.doc) };
    this.#ledger.settle(covered);
    this.#tabs.beginEpoch();
    if (byTab !== undefined) this.#kept.add(byTab.kept);
    const isOurs = byTab === undefined || !byTab.isCovered;
    if (isOurs) this.#kept.add(record);
    if (byTab === undefined) this.#tabs.postReplaced(code, meta, covered);
    this.#device?.replace(isOurs ? record : null, { mustClear: byTab === undefined });
    this.#renew();
    // A new connection: the relay takes nothing more on this one.
    this.#connection.renew();
    const kept = this.#kept.present(isOurs ? record : byTab.kept);
    this.#replaced.emit({ doc: this.doc, kept });
    this.#update();
  }

  #renew(): void {
    const state = this.awareness.getLocalState();
    this.#presence.close();
    this.#replica = this.#bind(this.#options.createDoc());
    this.#presence = this.#makePresence();
    this.#presence.awareness.setLocalState(state);
    const initial = contentOf(this.doc);
    if (initial !== null) this.#adopt(initial);
  }

  // What is said

  #ownFacts(): LinkFacts {
    return linkFactsOf(this.#connection.state, { role: this.#role, isUploaded: this.#isUploaded });
  }

  #facts(): LinkFacts {
    return this.#tabs.isLeader ? this.#ownFacts() : (this.#tabs.leaderFacts ?? NO_LINK);
  }

  #update(): void {
    if (this.#closing !== null) return;
    const facts = this.#facts();
    const state = this.#device?.state.kind;
    const device =
      state === undefined ? 'unused' : state === 'memory-only' ? state : this.#device?.isWritten === true ? 'written' : 'writing';
    const status = deriveStatus({
      ...facts,
      isLoaded: this.#isLoaded,
      device,
      waiting: this.#ledger.waiting(),
      refused: this.#kept.refused,
    });
    if (!isSameStatus(status, this.#lastStatus)) {
      this.#lastStatus = status;
      this.#status.emit(status);
    }
    if (facts.isSynced === this.#wasSynced) return;
    this.#wasSynced = facts.isSynced;
    if (!facts.isSynced) return;
    this.#syncedGate.open();
    this.#synced.emit(undefined);
  }
}

function contentOf(doc: Y.Doc): Uint8Array | null {
  return doc.store.clients.size === 0 ? null : Y.encodeStateAsUpdate(doc);
}

/** Unique among the tabs and copies of one browser; not a secret. */
function mintId({ random, now }: Environment): string {
  return (
    now().toString(36) +
    Math.floor(random() * 36 ** 8)
      .toString(36)
      .padStart(8, '0')
  );
}
