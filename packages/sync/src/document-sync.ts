/**
 * Syncs the document over one connection at a time. Uploads what the server lacks once the server has sent its state
 * vector, passes the server's messages to the replica and the other tabs, and settles what it acknowledges.
 */
import { failureOf, type ClientMessage, type ErrorName, type Role, type ServerMessage } from '@wetink/protocol';
import * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { Counters } from './ledger.ts';
import { linkFactsOf } from './link-facts.ts';
import type { Presence } from './presence.ts';
import type { Replica, Verdict } from './replica.ts';
import type { LinkFacts, Trouble } from './status.ts';
import type { Notice, WetMessage } from './tab-channel.ts';
import type { Tabs } from './tabs.ts';

/** Least time between two requests for missing structs. */
const ASK_AGAIN_MS = 1_000;

/** The state vector of an empty document. */
const NOTHING = new Uint8Array([0]);

type DocumentMessage = Extract<ClientMessage, { type: 'update' | 'sync-step-2' }>;

export interface DocumentSyncOptions extends Pick<ConnectionOptions, 'url' | 'room' | 'params' | 'environment' | 'WebSocket' | 'getToken'> {
  replica(): Replica;
  presence(): Presence;
  tabs(): Tabs;
  /** Every change of every tab so far: what a message with the whole document covers. */
  allMade(): Counters;
  /** Changes of all tabs that are not acknowledged. */
  waiting(): number;
  onSettled(counters: Counters): void;
  /** The server won't have our document, or has another one under our client id. */
  onRefused(code: ErrorName): void;
  /** The facts have changed. */
  onLink(): void;
  onWet(message: WetMessage): void;
  onNotice(notice: Notice): void;
}

export class DocumentSync {
  readonly #options: DocumentSyncOptions;
  readonly #connection: Connection;
  #role: Role | null = null;
  /** The server has sent its state vector, so nothing that we send from here on builds on changes it lacks. */
  #canUpload = false;
  #isUploaded = false;
  /** The link was usable, so that clients behind it were seen. */
  #wasOpen = false;
  /** The relay's notice on the open link. */
  #notice: Trouble | null = null;
  readonly #noticeEnd: Alarm;
  #askedAt = -Infinity;

  constructor(options: DocumentSyncOptions) {
    this.#options = options;
    this.#noticeEnd = new Alarm(options.environment, () => this.#considerNotice('due'));
    this.#connection = new Connection({
      ...options,
      clientId: () => this.#doc.clientID,
      onState: () => this.#stateChanged(),
      onBegin: () => {
        this.#ask();
        options.presence().announce();
        // No relay asks a viewer for changes. Those from an earlier role it acknowledges if it has them, and refuses if not.
        if (this.#role === 'viewer' && options.waiting() > 0) this.#answer(NOTHING);
      },
      onMessage: (message) => this.#receive(message),
      onQuiet: () => this.#ask(),
    });
  }

  get facts(): LinkFacts {
    const { state, retryAtMs } = this.#connection;
    return linkFactsOf(state, { role: this.#role, isUploaded: this.#isUploaded, retryAtMs, notice: this.#notice });
  }

  get #doc(): Y.Doc {
    return this.#options.replica().doc;
  }

  start(): void {
    this.#connection.dispatch({ type: 'start' });
  }

  /** Lets go of the socket, for another tab. */
  stop(): void {
    this.#connection.dispatch({ type: 'stop' });
  }

  wake(): void {
    this.#connection.dispatch({ type: 'wake' });
  }

  /** The machine says that its network is gone. */
  doubt(): void {
    this.#connection.doubt();
  }

  /** A new connection: this one is of no further use. */
  renew(): void {
    this.#connection.renew();
  }

  /** Sends the relay what `getToken` gives now. Without a link nothing is sent: the next connection asks anyway. */
  authenticate(): void {
    if (this.facts.isExtension) void this.#connection.authenticate();
  }

  close(): void {
    this.#connection.dispatch({ type: 'close' });
    this.#noticeEnd.stop();
  }

  /**
   * Sends nothing before the server has sent its state vector, since it gets the whole then. A client that has become a viewer on
   * this connection still sends: the relay refuses what was under way, so it becomes a kept copy and is not lost.
   */
  upload(message: DocumentMessage, covers: Counters): void {
    if (!this.#canUpload) return;
    if (this.facts.isExtension) return this.#connection.sendDocument(message, covers);
    // A stock server acknowledges nothing, so the status claims no more than "sent".
    this.#connection.send(message);
    this.#options.onSettled(covers);
  }

  sendWet(message: WetMessage): void {
    if (this.facts.isExtension) this.#connection.sendEphemeral({ type: 'wet', ...message });
  }

  /** @returns False when the link is too far behind; true without a link, since there is nothing to send then. */
  sendPresence(body: Uint8Array): boolean {
    return this.facts.link !== 'open' || this.#connection.sendEphemeral({ type: 'awareness', body });
  }

  #stateChanged(): void {
    const isDown = this.facts.link !== 'open';
    const isLost = this.#wasOpen && isDown;
    this.#wasOpen = !isDown;
    if (isDown) {
      this.#canUpload = this.#isUploaded = false;
      this.#notice = null;
    }
    if (isLost && this.#options.tabs().isLeader) this.#options.presence().forgetRemote();
    this.#options.onLink();
  }

  /** @returns A promise if the next message has to wait for it. */
  #receive(message: ServerMessage): void | Promise<void> {
    switch (message.type) {
      case 'welcome':
        this.#role = message.role;
        this.#options.presence().repeat(); // A new token may bring a new name.
        return this.#options.onLink();
      case 'sync-step-1':
        return this.#role === 'viewer' ? undefined : this.#answer(message.stateVector);
      case 'sync-step-2':
      case 'update':
        return this.#takeUpdate(message);
      case 'awareness':
        if (!this.#options.presence().receive(message.body, this)) return this.#connection.renew('MALFORMED');
        return this.#options.tabs().post(message);
      case 'ack':
        return this.#takeAck(message.count);
      case 'refused':
        return this.#options.onRefused(message.code);
      case 'wet':
        this.#options.tabs().post({ type: 'wet', message, isOwn: false });
        return this.#options.onWet(message);
      case 'notice':
        this.#takeNotice(message);
        // Not at once: a token that lasts less than a relay's notice would be fetched again and again.
        if (failureOf(message.code).retry === 'reauth')
          this.#options.environment.schedule(() => this.authenticate(), message.retryAfterMs / 4);
        this.#options.tabs().post({ type: 'notice', notice: message });
        return this.#options.onNotice(message);
      case 'permission-denied':
        return this.#connection.dispatch({ type: 'lost', nextTry: { kind: 'never', cause: { code: 'FORBIDDEN', reason: '' } } });
      // `Connection` handles `hello` and `reconnect`; `unknown` is a message of a newer relay.
    }
  }

  #takeUpdate({ type, update }: DocumentMessage): void | Promise<void> {
    const { line } = this.#connection;
    const replica = this.#options.replica();
    const verdict = replica.take(update, 'relay');
    if (typeof verdict === 'string') return this.#afterUpdate(type, verdict);
    return verdict.then((late) => {
      if (line === this.#connection.line && replica === this.#options.replica()) this.#afterUpdate(type, late);
    });
  }

  #afterUpdate(type: DocumentMessage['type'], verdict: Verdict): void {
    if (verdict === 'forged') return this.#options.onRefused('FOREIGN_CLIENT');
    if (verdict === 'malformed') return this.#connection.renew('MALFORMED');
    if (type === 'sync-step-2') {
      this.#connection.dispatch({ type: 'synced' });
      // A server that never asks would never get anything: send it all.
      if (!this.#canUpload && !this.facts.isExtension) this.#answer(NOTHING);
    }
    const hasHole = this.#doc.store.pendingStructs !== null;
    if (hasHole && this.#options.environment.elapsed() - this.#askedAt >= ASK_AGAIN_MS) this.#ask();
  }

  #takeAck(count: number): void {
    const settled = this.#connection.acked(count);
    if (settled === null) return;
    const isFirst = !this.#isUploaded;
    this.#isUploaded = true; // The first document message of a connection is the answer to the relay's SyncStep1.
    this.#options.onSettled(settled);
    this.#considerNotice('ack');
    if (isFirst) this.#options.onLink();
  }

  /** Keeps what the relay says is wrong, until it says that this is over (`retryAfterMs` is 0). Ignores ends of tokens. */
  #takeNotice({ code, retryAfterMs }: Notice): void {
    if (failureOf(code).retry === 'reauth') return;
    if (retryAfterMs > 0) {
      this.#notice = { code, reason: '', retryAtMs: this.#options.environment.elapsed() + retryAfterMs, isHinted: true };
      this.#noticeEnd.stop();
      this.#noticeEnd.within(retryAfterMs);
      this.#options.onLink();
    } else if (this.#notice?.code === code) this.#endNotice();
  }

  /**
   * Called on an acknowledgement, and when the time that the relay named is over. Any acknowledgement shows that the relay
   * can store again; one after that time shows that it reads on. The notice also ends then when no change waits.
   */
  #considerNotice(event: 'ack' | 'due'): void {
    if (this.#notice === null) return;
    const isAcknowledged = event === 'ack';
    const { code, retryAtMs } = this.#notice;
    const isDue = this.#options.environment.elapsed() >= (retryAtMs ?? 0);
    const isOver = code === 'STORAGE_UNAVAILABLE' ? isAcknowledged : isDue && (isAcknowledged || this.#options.waiting() === 0);
    if (isOver) this.#endNotice();
  }

  #endNotice(): void {
    this.#notice = null;
    this.#noticeEnd.stop();
    this.#options.onLink();
  }

  #ask(): void {
    this.#askedAt = this.#options.environment.elapsed();
    this.#connection.send({ type: 'sync-step-1', stateVector: Y.encodeStateVector(this.#doc) });
  }

  /** Uploads everything that this state vector lacks, deletions included. */
  #answer(stateVector: Uint8Array): void {
    const replica = this.#options.replica();
    let clocks: Map<number, number>;
    try {
      clocks = Y.decodeStateVector(stateVector);
    } catch {
      return this.#connection.renew('MALFORMED'); // Like any other broken message of a server.
    }
    if (replica.isForged(clocks)) return this.#options.onRefused('FOREIGN_CLIENT');
    replica.flush();
    this.#canUpload = true;
    this.upload({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(this.#doc, stateVector) }, this.#options.allMade());
  }
}
