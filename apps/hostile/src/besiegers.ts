/**
 * The hostile connections of siege.ts, one for each address in the arguments, in a process of their own. On a stop message
 * the process reports how often a connection was ended, and exits.
 */

import { WebSocket } from 'ws';
import {
  afterGap,
  awarenessFrame,
  claimedStructs,
  deletionsOf,
  fromHex,
  noise,
  protoProperty,
  step1Frame,
  updateFrame,
} from './crafted.ts';

const BURST_EVERY_MS = 200;
const COME_BACK_MS = 5_000;
/** An attacker with this many unsent bytes pauses, because its own memory is not measured. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

type Burst = (ws: WebSocket, turn: number) => void;

const frames = (ws: WebSocket, ...all: Uint8Array[]): void => all.forEach((frame) => ws.send(frame));

/** The kinds of attack; each connection has one. */
const bursts: readonly Burst[] = [
  (ws) => Array.from({ length: 200 }, () => ws.ping(Buffer.alloc(120))),
  (ws, turn) => frames(ws, noise(turn + 1, 200), updateFrame(noise(turn + 1, 200))),
  (ws) => frames(ws, updateFrame(claimedStructs(33_554_431))),
  (ws) => frames(ws, ...Array.from({ length: 50 }, () => step1Frame(fromHex('00')))),
  (ws, turn) => frames(ws, awarenessFrame(...Array.from({ length: 500 }, (_, i) => ({ clientId: turn * 500 + i, clock: 1, state: {} })))),
  (ws, turn) => frames(ws, ...Array.from({ length: 20 }, (_, i) => updateFrame(afterGap(100_000 + turn * 20 + i)))),
  (ws, turn) => frames(ws, ...Array.from({ length: 20 }, (_, i) => updateFrame(deletionsOf(200_000 + turn * 20 + i, 100)))),
  (ws) => frames(ws, updateFrame(protoProperty)),
  (ws) => ws.send(new Uint8Array(17 * 1024 * 1024)),
  (ws) => Array.from({ length: 500 }, () => ws.send(Uint8Array.of(9), { fin: false })),
];

/** Reconnects until it is stopped. */
class Besieger {
  ended = 0;
  #ws: WebSocket | null = null;
  #timer: NodeJS.Timeout | null = null;
  #turn = 0;
  #isOver = false;
  readonly #address: string;
  readonly #burst: Burst;

  constructor(address: string, burst: Burst) {
    this.#address = address;
    this.#burst = burst;
  }

  begin(): void {
    const ws = new WebSocket(this.#address, { perMessageDeflate: false });
    this.#ws = ws;
    ws.on('error', () => undefined); // A close event follows.
    ws.on('open', () => {
      this.#timer = setInterval(() => {
        if (ws.readyState === WebSocket.OPEN && ws.bufferedAmount < MAX_BUFFERED_BYTES) this.#burst(ws, (this.#turn += 1));
      }, BURST_EVERY_MS);
    });
    ws.on('close', () => {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.ended += this.#isOver ? 0 : 1;
      if (!this.#isOver) setTimeout(() => this.#isOver || this.begin(), COME_BACK_MS);
    });
  }

  stop(): void {
    this.#isOver = true;
    this.#ws?.terminate();
  }
}

const addresses = process.argv.slice(2);
const besiegers = addresses.map((address, i) => new Besieger(address, bursts[i % bursts.length] as Burst));
for (const besieger of besiegers) besieger.begin();
process.on('disconnect', () => process.exit());
process.on('message', () => {
  for (const besieger of besiegers) besieger.stop();
  process.send?.(
    besiegers.reduce((sum, { ended }) => sum + ended, 0),
    () => process.exit(),
  );
});
