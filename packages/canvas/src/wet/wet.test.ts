import { describe, expect, it } from 'vitest';
import { encodeWet, type BoardElement, type ElementId } from '@wetink/board';
import { plain, shape } from '../fixtures/elements.ts';
import type { Preview } from '../tools/tool.ts';
import { WetInk } from './wet-ink.ts';
import { WetSender, WET_INTERVAL_MS, type WetMessage } from './wet-sender.ts';
import { CONTESTED_MS, KEEPALIVE_MS, RECORD_MS, SILENCE_MS } from './wet-timing.ts';

const nothing = (): undefined => undefined;
const moved = 'aaaaaaaa1' as ElementId;
/** The moved element, in its old place. */
const before = (): BoardElement => shape('rectangle', { w: 10, h: 10 }, { id: moved });
/** A gesture in progress of every kind that others see. */
const previews: Record<string, Preview> = {
  stroke: { kind: 'stroke', gesture: 's.1', style: plain, hasPressure: false, xyp: [0, 0, 0.5, 10, 0, 0.5, 20, 5, 0.5] },
  shape: { kind: 'shape', gesture: 's.1', shape: 'ellipse', style: plain, geometry: shape('ellipse', { w: 40, h: 30 }).geometry },
  move: {
    kind: 'move',
    gesture: 's.1',
    items: [{ id: moved, geometry: shape('rectangle', { x: 90, w: 10, h: 10 }).geometry }],
    guides: [],
  },
};
const noChange = { added: [], changed: [], removed: [], isReordered: false, isLocal: false };

/**
 * A sender on a clock of its own, and everything it sent.
 *
 * @param tickMs Timers ring at multiples of this: 1000 on a hidden page.
 */
function sender(tickMs = 1): { out: WetMessage[]; wet: WetSender; pass(ms: number): void; at(): number } {
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  const out: WetMessage[] = [];
  const wet = new WetSender({
    send: (message) => out.push(message),
    now: () => now,
    zoom: () => 1,
    schedule(task, delayMs) {
      const timer = { at: Math.ceil((now + delayMs) / tickMs) * tickMs, task };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  });
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const [next] = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.task();
    }
    now = end;
  };
  return { out, wet, pass, at: () => now };
}

/** A sender and one receiver, which gets every message at once while the line is not cut. */
function pair(tickMs?: number) {
  const { out, wet, pass, at } = sender(tickMs);
  const received = new WetInk();
  let heard = 0;
  const line = { isCut: false };
  const deliver = (): void => {
    for (const message of out.slice(heard)) if (!line.isCut) received.receive({ ...message, clientId: 1 }, at(), before);
    heard = out.length;
  };
  /** In steps as short as the interval at which a receiver expires wet ink. */
  const passBoth = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 100) {
      pass(100);
      deliver();
      received.expire(at());
    }
  };
  return { out, wet, received, line, deliver, pass: passBoth };
}

const strokePreview = (gesture: string, xyp: number[]) => ({ kind: 'stroke', gesture, style: plain, hasPressure: false, xyp }) as const;
const strokePiece = (xyp: number[]): Uint8Array =>
  encodeWet({ kind: 'stroke', style: plain, hasPressure: false, xyp: Float64Array.from(xyp) }, 1);

describe('sending wet ink', () => {
  it('[W1] a stroke is sent whole, in at most 30 messages a second', () => {
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

  it('[W1] a stroke straightened with Shift replaces the points sent before', () => {
    const { out, wet, pass } = sender();
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 10, 0, 0.5, 20, 5, 0.5]));
    pass(100);
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 80, 80, 0.5]));
    const received = new WetInk();
    for (const message of out) received.receive({ ...message, clientId: 1 }, 0, nothing);
    const [entry] = received.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual([0, 0, 0.5, 80, 80, 0.5]);
  });

  it('the sender reports an abandoned gesture, but not one of which it had sent nothing', () => {
    const { out, wet } = sender();
    wet.abandon('s.0');
    expect(out).toEqual([]);
    wet.offer(strokePreview('s.1', [0, 0, 0.5]));
    wet.abandon('s.1');
    expect(out.at(-1)).toEqual({ gesture: 's.1', index: 1, isEnd: true, payload: new Uint8Array(0) });
  });

  it('the sender is silent after its gesture has ended', () => {
    const { out, wet, pass } = sender();
    wet.offer(strokePreview('s.1', [0, 0, 0.5]));
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 1, 1, 0.5]));
    wet.finish('s.1');
    const { length } = out;
    pass(1000);
    expect(out).toHaveLength(length);
  });
});

describe('a pointer held still', () => {
  it.each(Object.entries(previews))('[W2] D3: others still see a %s whose pointer has been held still for a minute', (_kind, preview) => {
    const { wet, received, deliver, pass } = pair();
    wet.offer(preview);
    deliver();
    const shown = [...received.entries()];
    expect(shown).toHaveLength(1);
    for (let s = 0; s < 60; s++) {
      pass(1000);
      expect([...received.entries()]).toEqual(shown);
    }
  });

  it.each(Object.entries(previews))(
    '[W2] D3: others still see a %s held still on a hidden page, which gets one timer a second',
    (_kind, preview) => {
      const { wet, received, deliver, pass } = pair(1000);
      wet.offer(preview);
      deliver();
      for (let s = 0; s < 30; s++) {
        pass(1000);
        expect(received.isEmpty).toBe(false);
      }
    },
  );

  it('[W2] D3: losing one keepalive hides nothing, and the keepalives of a minute are fewer bytes than a second of drawing', () => {
    const { out, wet, received, line, deliver, pass } = pair();
    wet.offer(previews['stroke'] ?? null);
    deliver();
    line.isCut = true;
    pass(KEEPALIVE_MS + 200);
    line.isCut = false;
    pass(60_000);
    expect(received.isEmpty).toBe(false);
    expect(out.length).toBeLessThan(45);
    expect(out.slice(1).reduce((sum, { payload }) => sum + payload.length, 0)).toBeLessThan(45 * 30);
    const [entry] = received.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp.length : 0).toBe(9);
  });

  it('[W2] D3: when the network of an author is cut, the wet ink is gone within 5 s', () => {
    const { wet, received, line, deliver, pass } = pair();
    wet.offer(previews['stroke'] ?? null);
    deliver();
    pass(10_000);
    line.isCut = true;
    pass(SILENCE_MS + 100);
    expect(received.isEmpty).toBe(true);
  });

  it('[W2] D3: when messages resume after a gap, others see the whole stroke, also what was drawn before and during the gap', () => {
    const { wet, received, line, deliver, pass } = pair();
    const xyp = [0, 0, 0.5, 10, 0, 0.5];
    wet.offer(strokePreview('s.1', xyp));
    deliver();
    line.isCut = true;
    for (let i = 2; i < 20; i++) {
      xyp.push(i * 10, 0, 0.5);
      wet.offer(strokePreview('s.1', xyp));
      pass(500);
    }
    expect(received.isEmpty).toBe(true);
    line.isCut = false;
    wet.repeat(); // Back on the line, the author meets everybody anew.
    pass(100);
    const [entry] = received.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual(xyp);
  });

  it('[W2] D3: a page that was suspended for longer than receivers wait sends its stroke again from the beginning', () => {
    const { out, wet, pass } = sender(20_000); // As of a frozen page: no timer within that time.
    const xyp = [0, 0, 0.5, 10, 0, 0.5];
    wet.offer(strokePreview('s.1', xyp));
    pass(SILENCE_MS + 1000);
    xyp.push(20, 0, 0.5);
    wet.offer(strokePreview('s.1', xyp));
    expect(out.map(({ index }) => index)).toEqual([0, 0]);
  });

  it('[W2] D3: a person who joins while a pointer is held still sees the whole stroke', () => {
    const { out, wet, deliver, pass } = pair();
    wet.offer(strokePreview('s.1', [0, 0, 0.5, 10, 0, 0.5]));
    deliver();
    pass(10_000);
    const late = new WetInk();
    const { length } = out;
    wet.repeat();
    pass(100);
    for (const message of out.slice(length)) late.receive({ ...message, clientId: 1 }, 0, nothing);
    const [entry] = late.entries();
    expect(entry?.kind === 'stroke' ? entry.xyp : []).toEqual([0, 0, 0.5, 10, 0, 0.5]);
  });

  it('[W4] a finished move that was overridden by a peer goes soon after the records have arrived', () => {
    const wet = new WetInk();
    const payload = encodeWet({ kind: 'move', items: [{ id: moved, geometry: shape('rectangle', { x: 90, w: 10, h: 10 }).geometry }] }, 1);
    const theirs = (): BoardElement => shape('rectangle', { x: 300, w: 10, h: 10 }, { id: moved });
    wet.receive({ clientId: 1, gesture: 's.1', index: 3, isEnd: true, payload }, 0, before);
    wet.follow({ ...noChange, changed: [{ before: before(), after: theirs() }] }, 100, theirs);
    expect(wet.expire(100 + CONTESTED_MS - 1)).toBe(false);
    expect(wet.expire(100 + CONTESTED_MS)).toBe(true);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W4] D3: finished strokes beyond the limit per person do not keep the next stroke from being shown', () => {
    const wet = new WetInk();
    for (let i = 0; i < 20; i++) {
      const payload = strokePiece([i, i, 0.5]);
      wet.receive({ clientId: 1, gesture: `s.${i}`, index: 0, isEnd: true, payload }, i, nothing);
      expect([...wet.entries()].at(-1)?.gesture).toBe(`s.${i}`);
    }
  });

  it('[W4] D3: a finished gesture stays visible until its slow record arrives, but not for ever', () => {
    for (const preview of Object.values(previews)) {
      const { wet, received, deliver, pass } = pair();
      wet.offer(preview);
      wet.finish('s.1');
      deliver();
      pass(RECORD_MS - 1000);
      expect(received.isEmpty).toBe(false);
      pass(2000);
      expect(received.isEmpty).toBe(true);
    }
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

  it('[W2] wet ink goes when its record arrives, and not before', () => {
    const wet = new WetInk();
    wet.receive(piece('s.1', 0, [0, 0, 0.5]), 0, nothing);
    wet.receive(piece('s.1', 1, [5, 5, 0.5], { isEnd: true }), 10, nothing);
    expect([...wet.entries()]).toHaveLength(1);
    wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.2' })] }, 20, nothing);
    expect([...wet.entries()]).toHaveLength(1);
    expect(wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.1' })] }, 20, nothing)).toBe(true);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W3] late points of a stroke in the document are ignored, also when its record overtook all of them', () => {
    const wet = new WetInk();
    wet.follow({ ...noChange, added: [shape('stroke', {}, { gesture: 's.1' })] }, 0, nothing);
    expect(wet.receive(piece('s.1', 0, [0, 0, 0.5]), 0, nothing)).toBe(false);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W2] wet ink goes when it is abandoned, when its author leaves, and after 5 s of silence', () => {
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

  it('a receiver that joins during a stroke shows it from the next piece on', () => {
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
    wet.follow({ ...noChange, changed: [{ before: at(0), after: shown }] }, 10, get);
    expect(wet.isEmpty).toBe(true);
    // The record arrives before the last piece: nothing to wait for.
    wet.receive({ clientId: 1, gesture: 's.2', index: 3, isEnd: true, payload }, 0, get);
    expect(wet.isEmpty).toBe(true);
  });

  it('[W4] a payload that does not decode changes nothing, and one client cannot use up the limit of the room', () => {
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
