/**
 * A client that writes tokens and records which it wrote, which were acknowledged, and how often and how long its link was
 * lost. It runs the sync package in Node, over a real socket.
 */

import { openRoom, type Room } from '@wetink/sync';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { SCRATCH, TOKENS } from './judge.ts';

export interface WriterOptions {
  /** Part of its tokens, so unique among the writers of the room. */
  name: string;
  room: string;
  /** ws:// or wss://. */
  url: string;
  /** Certificate of an authority to trust, as PEM; '': none. */
  certificate?: string;
  /** Factor by which its clock runs faster, so that timeouts and pauses are shorter. */
  speed?: number;
  /** Offset of its clock, ms. */
  skewMs?: number;
}

export class Writer {
  readonly name: string;
  readonly room: Room;
  readonly written = new Set<string>();
  readonly acked = new Set<string>();
  /** Number of sockets opened. */
  opened = 0;
  /** Longest time from the loss of a link to the next sync, ms. */
  longestGapMs = 0;
  #waiting: string[] = [];
  #lostAtMs: number | null = null;

  constructor({ name, room, url, certificate = '', speed = 1, skewMs = 0 }: WriterOptions) {
    this.name = name;
    const startMs = Date.now();
    const counted = this.#countedSocket(certificate);
    this.room = openRoom({
      url,
      room,
      createDoc: () => new Y.Doc(),
      offline: false,
      tabs: false,
      environment: {
        WebSocket: counted as never,
        now: () => startMs + skewMs + (Date.now() - startMs) * speed,
        schedule: (task, delayMs) => {
          const timer = setTimeout(task, delayMs / speed);
          return () => clearTimeout(timer);
        },
      },
    });
    this.room.onStatus(() => this.#look());
    this.room.onSynced(() => this.#look());
  }

  get doc(): Y.Doc {
    return this.room.doc;
  }

  /** Whether all its changes are acknowledged and its link is open. */
  get isSaved(): boolean {
    return this.room.status.kind === 'saved';
  }

  get reconnects(): number {
    return Math.max(0, this.opened - 1);
  }

  /** Makes one change: a token, and sometimes a text that is written and deleted. */
  write(): string {
    const token = `${this.name}:${this.written.size}`;
    this.written.add(token);
    this.#waiting.push(token);
    this.doc.transact(() => {
      this.doc.getMap(TOKENS).set(token, 1);
      if (this.written.size % 4 !== 0) return;
      const scratch = this.doc.getText(SCRATCH);
      scratch.insert(scratch.length, 'ab');
      scratch.delete(Math.max(0, scratch.length - 3), 1);
    });
    return token;
  }

  close(): Promise<void> {
    return this.room.close();
  }

  #look(): void {
    if (this.#lostAtMs !== null && this.room.link === 'open' && this.room.isSynced) {
      this.longestGapMs = Math.max(this.longestGapMs, Date.now() - this.#lostAtMs);
      this.#lostAtMs = null;
    }
    // Acknowledgements come in the order of writing, so the tokens still waiting are the last ones.
    const { status } = this.room;
    const isCounted = status.kind === 'saved' || status.kind === 'sending' || status.kind === 'offline' || status.kind === 'trouble';
    const unacked = isCounted ? status.waiting : Infinity;
    for (const token of this.#waiting.splice(0, Math.max(0, this.#waiting.length - unacked))) this.acked.add(token);
  }

  #countedSocket(certificate: string): new (url: string) => WebSocket {
    const options = { perMessageDeflate: false, ...(certificate === '' ? {} : { ca: certificate }) };
    const opened = (): void => void (this.opened += 1);
    const lost = (): void => void (this.#lostAtMs ??= this.opened > 0 ? Date.now() : null);
    return class extends WebSocket {
      constructor(url: string) {
        super(url, options);
        this.once('open', opened);
        this.once('close', lost);
      }
    };
  }
}
