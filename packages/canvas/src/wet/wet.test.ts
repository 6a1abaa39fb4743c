import { describe, expect, it } from 'vitest';
import { encodeWet } from '@wetink/board';
import type { BoardElement, ElementId } from '@wetink/board';
import { plain, shape } from '../fixtures/elements.ts';
import { SILENCE_MS, WetInk } from './wet-ink.ts';
import { WetSender, WET_INTERVAL_MS } from './wet-sender.ts';
import type { WetMessage } from './wet-sender.ts';

const nothing = (): undefined => undefined;
const noChange = { added: [], changed: [], removed: [], isReordered: false, isLocal: false };

/** A sender on a clock of its own, and everything it sent. */
function sender(): { out: WetMessage[]; wet: WetSender; pass(ms: number): void; at(): number } {
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  const out: WetMessage[] = [];
  const wet = new WetSender({
    send: (message) => out.push(message),
    now: () => now,
    zoom: () => 1,
    schedule(task, delayMs) {
      const timer = { at: now + delayMs, task };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  });
  const pass = (ms: number): void => {
    now += ms;
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const { task } of due) task();
  };
  return { out, wet, pass, at: () => now };
}

const strokePreview = (gesture: string, xyp: number[]) => ({ kind: 'stroke', gesture, style: plain, hasPressure: false, xyp }) as const;
const strokePiece = (xyp: number[]): Uint8Array =>
  encodeWet({ kind: 'stroke', style: plain, hasPressure: false, xyp: Float64Array.from(xyp) }, 1);

describe('wet ink on its way', () => {
  it('[W1] arrives whole, at most 30 times a second', () => {
    const { out, wet, pass } = sender();
    const received = new WetInk();
    const xyp: number[] = [];
    for (let i = 0; i < 200; i++) {
      xyp.push(i, i % 7, 0.5);
      wet.offer(strokePreview('s.1', xyp));
      pass(5);
    }
    wet.finish('s.1');
    expect(out.length).toBeLessThanOrEqual(1000 / WET_INTERVAL_MS + 2);
    expect(out.filter((message) => message.isEnd)).toHaveLength(1);
    for (const message of out) received.receive({ ...message, clientId: 1 }, 0, nothing);
    const [entry] = received.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual(xyp);
  });

  it('[W1] a straightened stroke replaces what was sent of it', () => {
    const { out, wet, pass } = sender();
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 10, 0, 0.5, 20, 5, 0.5]));
    pass(100);
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 80, 80, 0.5]));
    const received = new WetInk();
    for (const message of out) received.receive({ ...message, clientId: 1 }, 0, nothing);
    const [entry] = received.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual([0, 0, 0.5, 80, 80, 0.5]);
  });

  it('says when a gesture leaves nothing, and is silent about one nobody heard of', () => {
    const { out, wet } = sender();
    wet.abandon('s.0');
    expect(out).toEqual([]);
    wet.offer(strokePreview('s.1', [0, 0, 0.5]));
    wet.abandon('s.1');
    expect(out.at(-1)).toEqual({ gesture: 's.1', index: 1, isEnd: true, payload: new Uint8Array(0) });
  });

  it('sends nothing after its gesture has ended', () => {
    const { out, wet, pass } = sender();
    wet.offer(strokePreview('s.1', [0, 0, 0.5]));
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 1, 1, 0.5]));
    wet.finish('s.1');
    const { length } = out;
    pass(1000);
    expect(out).toHaveLength(length);
  });
});

describe('wet ink of others', () => {
  const piece = (gesture: string, index: number, xyp: number[], more: { isEnd?: boolean; clientId?: number } = {}) => ({
    clientId: more.clientId ?? 1,
    gesture,
    index,
    isEnd: more.isEnd ?? false,
    payload: strokePiece(xyp),
  });

  it('[W2] goes when its record arrives, and not before', () => {
    const wet = new WetInk();
    wet.receive(piece('s.1', 0, [0, 0, 0.5]), 0, nothing);
    wet.receive(piece('s.1', 1, [5, 5, 0.5], { isEnd: true }), 10, nothing);
    expect([...wet.entries()]).toHaveLength(1);
    wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.2' })] }, nothing);
    expect([...wet.entries()]).toHaveLength(1);
    expect(wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.1' })] }, nothing)).toBe(true);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W3] late points of a dry stroke are ignored, also when the record overtook all of them', () => {
    const wet = new WetInk();
    wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.1' })] }, nothing);
    expect(wet.receive(piece('s.1', 0, [0, 0, 0.5]), 0, nothing)).toBe(false);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W2] goes when abandoned, when its author leaves, and after 5 s of silence', () => {
    const wet = new WetInk();
    wet.receive(piece('s.1', 0, [0, 0, 0.5]), 0, nothing);
    wet.receive({ clientId: 1, gesture: 's.1', index: 1, isEnd: true, payload: new Uint8Array(0) }, 5, nothing);
    expect(wet.isEmpty).toBe(true);
    wet.receive(piece('s.1', 1, [1, 1, 0.5]), 6, nothing);
    expect(wet.isEmpty).toBe(true);

    wet.receive(piece('s.2', 0, [0, 0, 0.5], { clientId: 1 }), 0, nothing);
    wet.receive(piece('t.1', 0, [0, 0, 0.5], { clientId: 2 }), 0, nothing);
    wet.dropClient(1);
    expect([...wet.entries()].map((entry) => entry.clientId)).toEqual([2]);
    expect(wet.expire(SILENCE_MS - 1)).toBe(false);
    expect(wet.expire(SILENCE_MS)).toBe(true);
    expect(wet.isEmpty).toBe(true);
  });

  it('starts in the middle for someone who has just come', () => {
    const wet = new WetInk();
    wet.receive(piece('s.1', 40, [7, 7, 0.5]), 0, nothing);
    const [entry] = wet.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual([7, 7, 0.5]);
  });

  it('[W4] a finished move stays until the element is where it was moved to', () => {
    const wet = new WetInk();
    const id = 'aaaaaaaa1' as ElementId;
    const at = (x: number): BoardElement => shape('rectangle', { x, w: 10, h: 10 }, { id });
    let shown = at(0);
    const get = (): BoardElement => shown;
    const payload = encodeWet({ kind: 'move', items: [{ id, geometry: at(90).geometry }] }, 1);
    wet.receive({ clientId: 1, gesture: 's.1', index: 3, isEnd: true, payload }, 0, get);
    expect(wet.isEmpty).toBe(false);
    shown = at(90);
    wet.follow({ ...noChange, changed: [{ before: at(0), after: shown }] }, get);
    expect(wet.isEmpty).toBe(true);
    // The record first, the last piece after it: nothing to wait for.
    wet.receive({ clientId: 1, gesture: 's.2', index: 3, isEnd: true, payload }, 0, get);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W4] what does not decode changes nothing, and no one can fill the room', () => {
    const wet = new WetInk();
    expect(wet.receive({ clientId: 1, gesture: 's.1', index: 0, isEnd: false, payload: Uint8Array.of(9, 9, 9) }, 0, nothing)).toBe(false);
    for (let i = 0; i < 100; i++) wet.receive(piece(`s.${i}`, 0, [0, 0, 0.5]), 0, nothing);
    expect([...wet.entries()].length).toBeLessThanOrEqual(8);
    for (let client = 2; client < 200; client++) {
      for (let i = 0; i < 8; i++) wet.receive(piece(`c${client}.${i}`, 0, [0, 0, 0.5], { clientId: client }), 0, nothing);
    }
    expect([...wet.entries()].length).toBeLessThanOrEqual(400);
  });
});
