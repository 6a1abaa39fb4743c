/** A client of a cluster's node, without a socket. */

import { decodeFrame, type Message, type Role } from '@wetink/protocol';
import * as Y from 'yjs';
import { Acks } from '../member/acks.ts';
import type { Member } from '../member/member.ts';
import type { Room } from '../room/room.ts';
import { payloadsOf } from './fake-member.ts';

export interface ClientOptions {
  doc?: Y.Doc;
  room?: string;
  role?: Role;
  userId?: string;
  clientId?: number;
  isExtension?: boolean;
  /** Leaves SyncStep1 unanswered, as behind a broken link. */
  isSilent?: boolean;
}

/** A client with a document. It applies the room's messages at once. */
export class TestClient implements Member {
  readonly id: number;
  readonly userId: string;
  readonly ownClientId: number;
  readonly isExtension: boolean;
  readonly role: Role;
  readonly acks = new Acks();
  readonly doc: Y.Doc;
  readonly received: Message[] = [];
  isSilent: boolean;
  isPaused = false;
  ended: string | null = null;
  acked = 0;
  sent = 0;
  readonly #room: Room;

  constructor(id: number, room: Room, options: ClientOptions) {
    this.id = id;
    this.userId = options.userId ?? '';
    this.isExtension = options.isExtension ?? true;
    this.role = options.role ?? 'editor';
    this.isSilent = options.isSilent ?? false;
    this.doc = options.doc ?? new Y.Doc();
    this.ownClientId = options.clientId ?? this.doc.clientID;
    this.#room = room;
    this.#room.join(this);
    if (this.ended === null) this.#room.receive(this, { type: 'sync-step-1', stateVector: Y.encodeStateVector(this.doc) });
  }

  /** The relay has refused a change. Stock clients do not hear of it this way. */
  get isRefused(): boolean {
    return this.received.some(({ type }) => type === 'refused');
  }

  /** Changes the document and sends the update. */
  edit(change: (doc: Y.Doc) => void): void {
    const updates: Uint8Array[] = [];
    const onUpdate = (update: Uint8Array): void => void updates.push(update);
    this.doc.on('update', onUpdate);
    this.doc.transact(() => change(this.doc));
    this.doc.off('update', onUpdate);
    for (const update of updates) this.sendUpdate(update);
  }

  set(key: string, value: unknown): void {
    this.edit((doc) => doc.getMap('m').set(key, value));
  }

  sendUpdate(update: Uint8Array): void {
    this.sent += 1;
    this.say({ type: 'update', update });
  }

  say(message: Message): void {
    if (this.ended === null) this.#room.receive(this, message);
  }

  keys(): string[] {
    return [...this.doc.getMap('m').keys()].sort();
  }

  leave(): void {
    this.#room.leave(this);
    this.ended ??= 'left';
  }

  introduce(): void {}

  isBehind(): boolean {
    return false;
  }

  isWaiting(): boolean {
    return false;
  }

  cork(): void {}

  uncork(): void {}

  send(outgoing: Parameters<Member['send']>[0]): void {
    for (const buffer of outgoing.frames(this)) {
      for (const payload of payloadsOf(buffer))
        for (const message of decodeFrame(payload, { isExtension: this.isExtension })) this.#take(message);
    }
  }

  sendEphemeral(outgoing: Parameters<Member['send']>[0]): void {
    this.send(outgoing);
  }

  sendSync(outgoing: Parameters<Member['send']>[0]): void {
    this.send(outgoing);
  }

  during(_message: unknown, work: () => void): void {
    work();
  }

  worked(): void {}

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(code: string): void {
    this.ended = code;
    this.#room.leave(this);
  }

  #take(message: Message): void {
    this.received.push(message);
    if (message.type === 'ack') this.acked = message.count;
    if (message.type === 'update' || message.type === 'sync-step-2') Y.applyUpdate(this.doc, message.update, 'relay');
    if (message.type !== 'sync-step-1' || this.isSilent) return;
    const update = Y.encodeStateAsUpdate(this.doc, message.stateVector);
    // Deferred: this runs within the room's own call.
    queueMicrotask(() => {
      this.sent += 1;
      this.say({ type: 'sync-step-2', update });
    });
  }
}
