import { describe, expect, it } from 'vitest';
import { keptFace } from '../core/face.ts';
import { AGAIN_MS, FaceExchange, GIVE_MS, KEPT_MAX, REST_MS } from './face-exchange.ts';
import { SessionPresence } from './session-presence.ts';

/** Whole one-pixel GIFs are none: a WebP of one pixel, made different by bytes after its end that its length counts. */
function faceUrl(n = 0): string {
  const body = Buffer.concat([Buffer.from('WEBPVP8L\x01\x00\x00\x00/\x00\x00\x00\x00', 'latin1'), Buffer.from(String(n).padStart(8, '0'))]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return `data:image/webp;base64,${Buffer.concat([Buffer.from('RIFF'), length, body]).toString('base64')}`;
}
const idOf = (url: string): string => keptFace(url)?.id ?? '';

type State = Record<string, unknown>;
type Change = { added: number[]; updated: number[]; removed: number[] };

/** A room without a network: each state reaches everyone at once, and is counted. */
function room() {
  let now = 0;
  const timers = new Set<{ run: () => void; at: number }>();
  const members = new Map<number, { tell(change: Change): void; states: Map<number, unknown> }>();
  const sent: { from: number; state: State }[] = [];
  const schedule = (run: () => void, delayMs: number): (() => void) => {
    const timer = { run, at: now + delayMs };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const say = (from: number, state: State | null): void => {
    if (state !== null) sent.push({ from, state });
    for (const member of members.values()) {
      if (state === null) member.states.delete(from);
      else member.states.set(from, structuredClone(state));
      member.tell({ added: [], updated: [from], removed: [] });
    }
  };
  return {
    sent,
    say,
    /** Bytes of the pictures that were sent, in their order. */
    given: () => sent.flatMap(({ from, state }) => (typeof state['faceBytes'] === 'string' ? [from] : [])),
    wait(ms: number): void {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
    enter(clientID: number, name: string) {
      const listeners = new Set<(change: Change) => void>();
      const states = new Map<number, unknown>();
      members.set(clientID, { states, tell: (change) => listeners.forEach((listener) => listener(change)) });
      const awareness = {
        clientID,
        getStates: () => states,
        setLocalState: (state: State) => say(clientID, JSON.parse(JSON.stringify(state)) as State),
        on: (_: string, listener: (change: Change) => void) => listeners.add(listener),
        off: (_: string, listener: (change: Change) => void) => listeners.delete(listener),
      };
      const presence = new SessionPresence({ id: `u-${clientID}`, name });
      presence.enter({ awareness: awareness as never, role: 'editor' }, 's');
      const session = {
        room: { awareness },
        announce: (change: object) => presence.announce(change),
        onPresence: (callback: (changed: readonly number[]) => void) => presence.onChange(callback),
        onReplaced: () => () => undefined,
      };
      const exchange = new FaceExchange({ session: session as never, now: () => now, schedule });
      return { exchange, presence, states, move: (x: number) => presence.announce({ cursor: { x, y: 0 } }) };
    },
  };
}

describe('pictures between browsers', () => {
  it('a picture goes to those who show it, once, and every other message has its name alone', () => {
    const { enter, wait, given, sent } = room();
    const [ana, ben] = [enter(1, 'Ana'), enter(2, 'Ben')];
    ana.exchange.setMine(faceUrl());
    wait(10_000);
    expect(given()).toEqual([]);
    let came = 0;
    ben.exchange.show(idOf(faceUrl()), () => came++);
    wait(2_000);
    expect([ben.exchange.urlOf(idOf(faceUrl())), came]).toEqual([faceUrl(), 1]);
    expect(given()).toEqual([1]);
    sent.length = 0;
    for (let x = 0; x < 100; x++) {
      ana.move(x);
      wait(30);
    }
    wait(60_000);
    expect(given()).toEqual([]);
    const longest = Math.max(...sent.map(({ state }) => JSON.stringify(state).length));
    expect(longest).toBeLessThan(220);
    expect(sent.at(-1)?.state).toMatchObject({ face: idOf(faceUrl()) });
  });

  it('while the pointer moves no bytes are sent: they go once it rests, and a move takes them out at once', () => {
    const { enter, wait, given, sent, say } = room();
    const ana = enter(1, 'Ana');
    ana.exchange.setMine(faceUrl());
    ana.move(0);
    // A client that never has enough.
    say(9, { user: { id: 'u-9', name: 'Eve' }, wants: [idOf(faceUrl())] });
    for (let x = 0; x < 50; x++) {
      ana.move(x);
      wait(REST_MS - 100);
    }
    expect(given()).toEqual([]);
    wait(REST_MS);
    expect(given()).toEqual([1]);
    ana.move(-1);
    expect(sent.at(-1)?.state).not.toHaveProperty('faceBytes');
  });

  it('a client that asks without end gets the bytes for 5 s in every 6 s at most, and costs no message meanwhile', () => {
    const { enter, wait, sent, say } = room();
    const ana = enter(1, 'Ana');
    ana.exchange.setMine(faceUrl());
    say(9, { user: { id: 'u-9', name: 'Eve' }, wants: [idOf(faceUrl())] });
    wait(REST_MS);
    sent.length = 0;
    wait(10 * AGAIN_MS);
    expect(GIVE_MS).toBeLessThan(AGAIN_MS);
    expect(sent.length).toBeLessThanOrEqual(2 * 10);
    say(9, null);
    expect(sent.at(-1)?.state).not.toHaveProperty('faceBytes');
  });

  it('those who come later get it too, also from a page that is hidden', () => {
    const { enter, wait, say } = room();
    const ana = enter(1, 'Ana');
    ana.exchange.setMine(faceUrl());
    ana.presence.announce({ rest: 'away' });
    wait(60_000);
    const cy = enter(3, 'Cy');
    ana.presence.rename('Ana'); // Her state reaches him.
    cy.exchange.show(idOf(faceUrl()), () => undefined);
    wait(2_000);
    expect(cy.exchange.urlOf(idOf(faceUrl()))).toBe(faceUrl());
    say(3, null);
  });

  it('bytes under another name are passed over, and the real ones are still taken', () => {
    const { enter, wait, say } = room();
    const ben = enter(2, 'Ben');
    const id = idOf(faceUrl(1));
    ben.exchange.show(id, () => undefined);
    for (const url of [faceUrl(2), 'data:image/svg+xml;base64,PHN2Zy8+', 'data:,https://evil.example/a.png'])
      say(9, { user: { id: 'u-9', name: 'Eve' }, face: id, faceBytes: url.slice(url.indexOf(',') + 1) });
    wait(1_000);
    expect(ben.exchange.urlOf(id)).toBeNull();
    say(1, { user: { id: 'u-1', name: 'Ana' }, face: id, faceBytes: faceUrl(1).split(',')[1] });
    expect(ben.exchange.urlOf(id)).toBe(faceUrl(1));
  });

  it('faces that nobody shows are not kept, and a crowd is asked for four at a time', () => {
    const { enter, wait, say, sent } = room();
    const ben = enter(2, 'Ben');
    const bytesOf = (n: number): string => faceUrl(n).split(',')[1] ?? '';
    say(1, { user: { id: 'u-1', name: 'Ana' }, face: idOf(faceUrl(0)), faceBytes: bytesOf(0) });
    expect(ben.exchange.urlOf(idOf(faceUrl(0)))).toBeNull();
    const stops = Array.from({ length: KEPT_MAX + 20 }, (_, n) => ben.exchange.show(idOf(faceUrl(n)), () => undefined));
    wait(1_000);
    const wants = (sent.at(-1)?.state['wants'] ?? []) as string[];
    expect(wants).toHaveLength(4);
    // They do not answer, so the next are asked.
    wait(9_000);
    expect(((sent.at(-1)?.state['wants'] ?? []) as string[]).some((id) => wants.includes(id))).toBe(false);
    for (let n = 0; n < KEPT_MAX + 20; n++)
      say(100 + n, { user: { id: `u-${n}`, name: 'A' }, face: idOf(faceUrl(n)), faceBytes: bytesOf(n) });
    const kept = (): number => stops.filter((_, n) => ben.exchange.urlOf(idOf(faceUrl(n))) !== null).length;
    expect(kept()).toBe(KEPT_MAX + 20);
    stops.forEach((stop) => stop());
    wait(1_000);
    expect(sent.at(-1)?.state).not.toHaveProperty('wants');
    ben.exchange.show(idOf(faceUrl(500)), () => undefined);
    say(999, { user: { id: 'u-x', name: 'X' }, face: idOf(faceUrl(500)), faceBytes: bytesOf(500) });
    expect(kept()).toBeLessThanOrEqual(KEPT_MAX);
  });

  it('a picture that is removed is announced no more, and its bytes are not given', () => {
    const { enter, wait, given, sent } = room();
    const [ana, ben] = [enter(1, 'Ana'), enter(2, 'Ben')];
    ana.exchange.setMine(faceUrl());
    ana.exchange.setMine(null);
    ben.exchange.show(idOf(faceUrl()), () => undefined);
    wait(5_000);
    expect(given()).toEqual([]);
    expect(sent.findLast(({ from }) => from === 1)?.state).not.toHaveProperty('face');
  });

  it('after the end no timer runs and nothing is announced', () => {
    const { enter, wait, sent } = room();
    const ben = enter(2, 'Ben');
    ben.exchange.show(idOf(faceUrl()), () => undefined);
    ben.exchange.close();
    sent.length = 0;
    wait(60_000);
    expect(sent).toEqual([]);
  });
});
