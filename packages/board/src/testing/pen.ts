/**
 * Pen input as a browser delivers it, made up deterministically: for byte budgets, benchmarks and fuzzing.
 *
 * A hand is a sum of minimum-jerk submovements (Flash and Hogan 1985: `10s³ - 15s⁴ + 6s⁵`), each begun before the
 * last has ended, which is what rounds the letters; on top lies physiological tremor (8 to 12 Hz, 0.1 to 0.4 px) and
 * sensor noise. The device samples at 120 to 240 Hz with jitter and rounds: a pen to a sensor grid of 1/50 px and
 * 4096 steps of pressure, a mouse to whole pixels at 125 Hz. Pressure rises over the first 60 ms, falls over the last
 * 50 ms and in between leans against speed, as people do. Sizes and speeds: lower-case letters of 12 to 30 px,
 * submovements of 70 to 150 ms, sketch lines up to 2,000 px/s.
 *
 *   hand (px, s) -> tremor -> sampling -> device grid -> points, flat [x, y, p, …] in CSS pixels
 */

export type PenMotion = 'word' | 'sketch' | 'line' | 'circle' | 'dot';

export interface PenStroke {
  readonly motion: PenMotion;
  /** Flat `[x0, y0, p0, x1, …]`: CSS pixels as `clientX` gives them, pressure 0..1 (0.5 throughout for a mouse). */
  readonly xyp: Float64Array;
  readonly hasPressure: boolean;
  readonly sampleRateHz: number;
}

export interface PenOptions {
  /** The same seed gives the same strokes, on every machine. */
  readonly seed: number;
  readonly device?: 'pen' | 'mouse';
  /** Default: a mix, mostly words. */
  readonly motion?: PenMotion;
  /** Exact number of points; the motion is extended or cut to fit. Default: as many as the motion takes. */
  readonly pointCount?: number;
  /** Default 120 or 240 by chance for a pen, 125 for a mouse. */
  readonly sampleRateHz?: number;
}

/** An endless source of strokes. */
export function* penStrokes(options: PenOptions): Generator<PenStroke, never> {
  const random = mulberry32(options.seed);
  for (;;) yield makeStroke(options, random);
}

/** The first `count` strokes of a source. */
export function takeStrokes(count: number, options: PenOptions): PenStroke[] {
  const source = penStrokes(options);
  return Array.from({ length: count }, () => source.next().value);
}

/**
 * One written stroke of a pen, begun at `origin` (board units at zoom 1): ready for `encodeInk`.
 *
 * @param seed The same seed gives the same stroke.
 */
export function penStroke(seed: number, pointCount: number, origin: { x: number; y: number }): { xyp: Float64Array; hasPressure: boolean } {
  const [stroke] = takeStrokes(1, { seed, pointCount, motion: 'word' }) as [PenStroke];
  const [x = 0, y = 0] = stroke.xyp;
  return { xyp: toBoardPoints(stroke.xyp, 1, origin.x - x, origin.y - y), hasPressure: true };
}

/**
 * Screen points to board units under a camera.
 *
 * @param zoom CSS pixels per board unit.
 */
export function toBoardPoints(xyp: ArrayLike<number>, zoom: number, originX = 0, originY = 0): Float64Array {
  const points = Float64Array.from(xyp);
  for (let i = 0; i + 2 < points.length; i += 3) {
    points[i] = originX + (points[i] as number) / zoom;
    points[i + 1] = originY + (points[i + 1] as number) / zoom;
  }
  return points;
}

/** A small seeded generator, 0 <= n < 1 (mulberry32, public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One ballistic piece of a movement: it adds (dx, dy) to the pen between `startS` and `startS + durationS`. */
interface Submovement {
  readonly startS: number;
  readonly durationS: number;
  readonly dx: number;
  readonly dy: number;
}

type Random = () => number;
const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

function makeStroke(options: PenOptions, random: Random): PenStroke {
  const isPen = (options.device ?? 'pen') === 'pen';
  const motion = options.motion ?? chooseMotion(random);
  const sampleRateHz = options.sampleRateHz ?? (isPen ? (random() < 0.5 ? 120 : 240) : 125);
  const neededS = options.pointCount === undefined ? 0 : (options.pointCount + 1) / sampleRateHz;
  const hand = moveHand(motion, neededS, random);
  const last = hand.reduce((end, move) => Math.max(end, move.startS + move.durationS), 1 / sampleRateHz);
  const durationS = options.pointCount === undefined ? last : neededS;
  const count = options.pointCount ?? Math.max(1, Math.floor(durationS * sampleRateHz));

  const originX = between(random, 40, 1400);
  const originY = between(random, 40, 800);
  const tremor = { hz: between(random, 8, 12), px: between(random, 0.1, 0.4), phaseX: random() * 6.28, phaseY: random() * 6.28 };
  const noisePx = isPen ? 0.05 : 0.02;
  const basePressure = between(random, 0.3, 0.6);
  let grip = 0;

  const xyp = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    const t = (i + between(random, -0.15, 0.15)) / sampleRateHz;
    const at = handAt(hand, t);
    const x = originX + at.x + tremor.px * Math.sin(tremor.hz * 6.28 * t + tremor.phaseX) + noisePx * gaussian(random);
    const y = originY + at.y + tremor.px * Math.sin(tremor.hz * 6.28 * t + tremor.phaseY) + noisePx * gaussian(random);
    grip = grip * 0.97 + gaussian(random) * 0.008;
    const ramp = Math.min(1, (t + 0.004) / 0.06, (durationS - t + 0.004) / 0.05);
    const pressure = ramp * (basePressure + grip - Math.min(0.15, at.speed / 8000)) + 0.002 * gaussian(random);
    xyp[i * 3] = isPen ? Math.fround(Math.round(x * 50) / 50) : Math.round(x);
    xyp[i * 3 + 1] = isPen ? Math.fround(Math.round(y * 50) / 50) : Math.round(y);
    xyp[i * 3 + 2] = isPen ? Math.fround(Math.round(Math.min(1, Math.max(1 / 4095, pressure)) * 4095) / 4095) : 0.5;
  }
  return { motion, xyp, hasPressure: isPen, sampleRateHz };
}

function chooseMotion(random: Random): PenMotion {
  const n = random();
  return n < 0.6 ? 'word' : n < 0.75 ? 'sketch' : n < 0.85 ? 'line' : n < 0.95 ? 'circle' : 'dot';
}

/** @param neededS Least duration in seconds; 0 for as long as the motion takes. */
function moveHand(motion: PenMotion, neededS: number, random: Random): Submovement[] {
  const moves: Submovement[] = [];
  let startS = 0.01;
  /** `overlap` is the share of the movement that the next one does not wait for. */
  const add = (durationS: number, dx: number, dy: number, overlap: number): void => {
    moves.push({ startS, durationS, dx, dy });
    startS += durationS * (1 - overlap);
  };
  do {
    if (motion === 'word') writeWord(add, random);
    else if (motion === 'sketch') sketch(add, random);
    else if (motion === 'circle') circle(add, random);
    else if (motion === 'line') {
      const angle = random() * 6.28;
      const length = between(random, 80, 500);
      add(between(random, 0.3, 0.8), Math.cos(angle) * length, Math.sin(angle) * length, 0);
    } else add(between(random, 0.02, 0.06), gaussian(random) * 0.6, gaussian(random) * 0.6, 0);
  } while (startS < neededS);
  return moves;
}

type AddMove = (durationS: number, dx: number, dy: number, overlap: number) => void;

/** Slanted ups and downs of one to six letters, leaning right; one in five is an ascender. */
function writeWord(add: AddMove, random: Random): void {
  const height = between(random, 12, 30);
  const letters = 1 + Math.floor(random() * 6);
  for (let i = 0; i < letters * 2; i++) {
    const reach = height * (random() < 0.2 ? 1.8 : between(random, 0.8, 1.1));
    const isUp = i % 2 === 0;
    add(between(random, 0.07, 0.15), height * (isUp ? 0.55 : 0.05) + gaussian(random), isUp ? -reach : reach, 0.4);
  }
}

/** Quick hatching and outlines: long submovements that turn sharply. */
function sketch(add: AddMove, random: Random): void {
  let angle = random() * 6.28;
  for (let i = 0, n = 2 + Math.floor(random() * 6); i < n; i++) {
    angle += between(random, -1.5, 1.5);
    const length = between(random, 60, 320);
    add(between(random, 0.16, 0.35), Math.cos(angle) * length, Math.sin(angle) * length, 0.3);
  }
}

/** A loop of a little more than one turn, in eighths. */
function circle(add: AddMove, random: Random): void {
  const radius = between(random, 20, 120);
  const first = random() * 6.28;
  for (let i = 0; i < 9; i++) {
    const angle = first + (i * 6.28) / 8;
    const side = radius * 0.785;
    add(between(random, 0.12, 0.18), -Math.sin(angle) * side, Math.cos(angle) * side, 0.45);
  }
}

function handAt(moves: readonly Submovement[], t: number): { x: number; y: number; speed: number } {
  let x = 0;
  let y = 0;
  let vx = 0;
  let vy = 0;
  for (const move of moves) {
    const s = Math.min(1, Math.max(0, (t - move.startS) / move.durationS));
    const way = s * s * s * (10 + s * (-15 + 6 * s));
    const pace = (30 * s * s * (1 - s) * (1 - s)) / move.durationS;
    x += move.dx * way;
    y += move.dy * way;
    vx += move.dx * pace;
    vy += move.dy * pace;
  }
  return { x, y, speed: Math.hypot(vx, vy) };
}

/** Standard normal, by the sum of twelve uniforms: bounded at six, which suits a sensor. */
function gaussian(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}
