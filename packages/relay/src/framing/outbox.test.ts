/** The outbox: the order and the bounds of what waits for a socket. */

import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Outbox, type ByteSink } from './outbox.ts';

/** A socket that takes everything and drains on command. */
function sink(): ByteSink & { written: Buffer[]; drain(): void } {
  const listeners: (() => void)[] = [];
  const written: Buffer[] = [];
  return {
    written,
    writableLength: 0,
    writable: true,
    write(bytes) {
      written.push(bytes);
      (this as { writableLength: number }).writableLength += bytes.length;
      return false;
    },
    cork: () => undefined,
    uncork: () => undefined,
    on: (_event, listener) => listeners.push(listener),
    drain() {
      (this as { writableLength: number }).writableLength = 0;
      for (const listener of listeners) listener();
    },
  };
}

describe('outbox', () => {
  const own = { isShared: false, isBulk: false };

  it('[RL23] bulk gives way to everything else, and each keeps its order', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], own);
    outbox.push([Buffer.alloc(10, 2), Buffer.alloc(10, 3)], { isShared: true, isBulk: true });
    outbox.push([Buffer.alloc(10, 4)], own);
    expect(outbox.hasBulk).toBe(true);
    for (let i = 0; i < 4; i++) socket.drain();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 4, 2, 3]);
    expect([outbox.hasBulk, outbox.isEmpty]).toEqual([false, true]);
  });

  it('[RL25] an outbox counts its own bytes but not shared ones, and closing frees both', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10)], own);
    outbox.push([Buffer.alloc(1_000)], { isShared: true, isBulk: false });
    expect(outbox.heldBytes).toBe(10);
    outbox.push([Buffer.alloc(500)], own);
    expect(outbox.heldBytes).toBe(510);
    outbox.close();
    expect(outbox.heldBytes).toBe(10);
    socket.drain();
    expect(socket.written).toHaveLength(1);
  });
});

describe('an outbox with several messages at once', () => {
  it('[RL92] hands what is pushed between cork and uncork to the socket as one write, in order', () => {
    const writes: string[][] = [];
    const socket = new Writable({
      write: (bytes: Buffer, _encoding, done) => (writes.push([String(bytes)]), done()),
      writev: (chunks, done) => (writes.push(chunks.map(({ chunk }) => String(chunk))), done()),
    });
    const outbox = new Outbox(socket, 1_000, () => undefined);
    const own = { isShared: false, isBulk: false };
    outbox.push([Buffer.from('alone')], own);
    outbox.cork();
    outbox.push([Buffer.from('change')], own);
    outbox.push([Buffer.from('cursor')], own);
    outbox.uncork();
    outbox.push([Buffer.from('ack')], own);
    expect(writes).toEqual([['alone'], ['change', 'cursor'], ['ack']]);
  });
});

describe('an outbox that gathers more than its socket may hold', () => {
  it('[RL25] [RL92] hands it over in parts, so that a reader that keeps up does not look slow', () => {
    const writes: number[] = [];
    const socket = new Writable({
      highWaterMark: 1_000_000,
      write: (bytes: Buffer, _encoding, done) => (writes.push(bytes.length), done()),
      writev: (chunks, done) => (writes.push(chunks.reduce((sum, { chunk }) => sum + (chunk as Buffer).length, 0)), done()),
    });
    const outbox = new Outbox(socket, 100, () => undefined);
    outbox.cork();
    for (let i = 0; i < 5; i++) {
      outbox.push([Buffer.alloc(60)], { isShared: false, isBulk: false });
      expect(outbox.heldBytes).toBeLessThan(100);
    }
    outbox.uncork();
    expect(writes).toEqual([120, 120, 60]);
  });
});

describe('an outbox that is closed', () => {
  const control = { isShared: false, isBulk: false, isControl: true };
  const data = { isShared: false, isBulk: false };

  it('[RL43] a closed outbox hands over its control frames, in order, and drops the rest', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], data);
    outbox.push([Buffer.alloc(10, 2)], control);
    outbox.push([Buffer.alloc(10, 3)], data);
    outbox.push([Buffer.alloc(10, 4)], { isShared: true, isBulk: true });
    outbox.push([Buffer.alloc(10, 5)], control);
    outbox.close();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 2, 5]);
    socket.drain();
    outbox.push([Buffer.alloc(10, 6)], control);
    expect(socket.written).toHaveLength(3);
  });

  it('[RL43] a closed outbox hands over at most the newest 64 KiB, and nothing to a socket that is gone', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], data);
    for (let i = 2; i < 10; i++) outbox.push([Buffer.alloc(20_000, i)], control);
    outbox.close();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 7, 8, 9]);

    const gone = sink();
    const other = new Outbox(gone, 10, () => undefined);
    other.push([Buffer.alloc(10, 1)], data);
    other.push([Buffer.alloc(10, 2)], control);
    Object.assign(gone, { writable: false });
    other.close();
    expect(gone.written).toHaveLength(1);
  });
});

it('[RL25] a socketBytes below the high-water mark of the socket stalls no client: the outbox waits only for a drain that will come', () => {
  const socket = sink();
  // Like net.Socket: below its high-water mark it returns true and emits no drain afterwards.
  const take = socket.write.bind(socket);
  socket.write = (bytes) => (take(bytes), socket.writableLength < 100);
  const outbox = new Outbox(socket, 10, () => undefined);
  const pieces = Array.from({ length: 8 }, (_, n) => Buffer.alloc(20, n));
  for (const bytes of pieces) outbox.push([bytes], { isShared: false, isBulk: false });
  expect([socket.written.length, outbox.isWaiting]).toEqual([5, true]);
  socket.drain();
  expect(socket.written.map((bytes) => bytes[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(outbox.isWaiting).toBe(false);
});
