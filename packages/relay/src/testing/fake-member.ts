/** A member without a socket. Keeps what its room sent, as messages and as the Buffers themselves. */

import { decodeFrame, type ErrorName, type Message, type Role } from '@wetink/protocol';
import { Acks } from '../member/acks.ts';
import type { Member } from '../member/member.ts';
import type { Framing, Outgoing } from '../framing/outgoing.ts';

export interface FakeMember extends Member {
  isStuck: boolean;
  buffers: Buffer[];
  /** Buffers that reached the socket together. */
  writes: Buffer[][];
  /** WebSocket frames with their headers taken off, decoded. Only for unfragmented frames. */
  messages(): Message[];
}

export const testFraming: Framing = { fragmentBytes: 64 * 1024, maxChunkBytes: 256 * 1024, nextChunkId: () => 1 };

export function fakeMember(id: number, options: { isExtension?: boolean; role?: Role } = {}): FakeMember {
  const isExtension = options.isExtension ?? true;
  const buffers: Buffer[] = [];
  const writes: Buffer[][] = [];
  let corked: Buffer[] | null = null;
  const take = (outgoing: Outgoing): void => {
    for (const frame of outgoing.frames({ isExtension })) {
      buffers.push(frame);
      if (corked === null) writes.push([frame]);
      else corked.push(frame);
    }
  };
  return {
    id,
    userId: '',
    ownClientId: id,
    isExtension,
    role: options.role ?? 'editor',
    acks: new Acks(),
    isStuck: false,
    buffers,
    writes,
    introduce: () => undefined,
    isBehind() {
      return this.isStuck;
    },
    isWaiting() {
      return this.isStuck;
    },
    cork: () => void (corked = []),
    uncork() {
      if (corked !== null && corked.length > 0) writes.push(corked);
      corked = null;
    },
    send: take,
    sendEphemeral(outgoing) {
      if (!this.isStuck) take(outgoing);
    },
    sendSync: take,
    during: (_message, work) => work(),
    worked: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    end(code: ErrorName) {
      throw new Error(`ended with ${code}`);
    },
    messages: () => buffers.flatMap(payloadsOf).flatMap((payload) => decodeFrame(payload, { isExtension })),
  };
}

/** One Buffer may hold several WebSocket frames. */
export function payloadsOf(buffer: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < buffer.length;) {
    const short = (buffer[at + 1] ?? 0) & 0x7f;
    const headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? buffer.readUInt16BE(at + 2) : Number(buffer.readBigUInt64BE(at + 2));
    payloads.push(buffer.subarray(at + headerBytes, at + headerBytes + length));
    at += headerBytes + length;
  }
  return payloads;
}
