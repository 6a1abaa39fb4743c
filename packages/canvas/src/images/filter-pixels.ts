/**
 * The filters of an image, as one pure function on pixels, so that a screen, an export and every browser give the same
 * picture: canvas `filter` is missing in Safari, and its blur differs between browsers.
 *
 *     exposure, brightness, contrast, warmth ──> saturation, hue, greyscale, sepia, invert ──> blur ──> vignette
 *        a table for each channel                   one 3 x 3 matrix and an offset           3 boxes    a factor
 *
 * Values are sRGB as stored, without linear light, as in CSS filters. Blur and vignette are in units of the picture, so
 * a picture that is decoded at a quarter of its size looks the same. Only the rounding of `Math.pow`, `sin` and `cos` is
 * left to the machine: two browsers differ by at most 1 of 255.
 */
import type { Crop, Look } from '@wetink/board';
import type { PixelFilter } from './pixel-filter.ts';

/** Pixels between two yields: about 1 ms. */
const SLICE_PX = 32_768;
/** Stops of light at exposure 1, and the gain of a gamma of 2.2 for one stop. */
const STOPS = 2;
const GAMMA = 2.2;
/** Gain of red and loss of blue at warmth 1. */
const WARMTH = 0.2;
/** Standard deviation of the blur at 1, as a share of the picture's shorter side. */
const BLUR = 0.05;
/** Light that a vignette of 1 takes from the corners, and the squared distance from the centre (1 in a corner) where it begins. */
const VIGNETTE = 0.85;
const VIGNETTE_FROM = 0.15;
/** A blur wider than this is computed on a smaller picture: it looks the same and costs a fraction. Pixels. */
const FINE_SIGMA = 4;
/** Columns blurred together: a cache line of 64 bytes holds 16 pixels. */
const COLUMNS = 16;

export interface Pixels {
  /** RGBA, not premultiplied, row by row. */
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Filters a whole picture (of any size) in place. */
export function filterPixels(pixels: Pixels, filter: Pick<PixelFilter, 'look' | 'crop'>): void {
  const steps = filterSteps(pixels, filter);
  while (steps.next().done !== true);
}

/** The same in slices of about a millisecond, for a page that has to do it itself. */
export function* filterSteps(pixels: Pixels, { look, crop }: Pick<PixelFilter, 'look' | 'crop'>): Generator<void, void> {
  yield* color(pixels.data, look);
  const sigma = look.blur * BLUR * Math.min(pixels.width, pixels.height);
  if (sigma > 0) yield* blur(pixels, sigma);
  if (look.vignette > 0) yield* vignette(pixels, look.vignette, crop);
}

// ---- colour ------------------------------------------------------------------------------------------------

function* color(data: Uint8ClampedArray, look: Look): Generator<void, void> {
  const [red, green, blue] = [toneTable(look, 1 + WARMTH * look.warmth), toneTable(look, 1), toneTable(look, 1 - WARMTH * look.warmth)];
  const m = colorMatrix(look);
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = m;
  const offset = 255 * look.invert;
  for (let at = 0; at < data.length;) {
    for (const end = Math.min(data.length, at + 4 * SLICE_PX); at < end; at += 4) {
      const r = red[data[at] as number] as number;
      const s = green[data[at + 1] as number] as number;
      const t = blue[data[at + 2] as number] as number;
      data[at] = a * r + b * s + c * t + offset;
      data[at + 1] = d * r + e * s + f * t + offset;
      data[at + 2] = g * r + h * s + i * t + offset;
    }
    yield;
  }
}

/** 0..255 for each stored value. */
function toneTable({ exposure, brightness, contrast }: Look, gain: number): Float64Array {
  const light = gain * 2 ** ((STOPS * exposure) / GAMMA);
  const slope = contrast < 0 ? 1 + contrast : 1 + 2 * contrast;
  return Float64Array.from({ length: 256 }, (_, stored) => {
    const lit = Math.min(1, (stored / 255) * light);
    const bright = brightness === 0 ? lit : lit ** (2 ** -brightness);
    return 255 * Math.min(1, Math.max(0, (bright - 0.5) * slope + 0.5));
  });
}

type Matrix = readonly number[];

/** Matrices of the CSS filters of these names, hue in half turns (https://www.w3.org/TR/filter-effects-1). */
function colorMatrix({ saturation, hue, greyscale, sepia, invert }: Look): Matrix {
  let matrix = saturate(1 + saturation);
  if (hue !== 0) matrix = multiply(rotateHue(Math.PI * hue), matrix);
  if (greyscale !== 0) matrix = multiply(saturate(1 - greyscale), matrix);
  if (sepia !== 0) matrix = multiply(mix(brown, sepia), matrix);
  return matrix.map((value) => value * (1 - 2 * invert));
}

const identity: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const brown: Matrix = [0.393, 0.769, 0.189, 0.349, 0.686, 0.168, 0.272, 0.534, 0.131];
const luma: Matrix = [0.213, 0.715, 0.072, 0.213, 0.715, 0.072, 0.213, 0.715, 0.072];

function saturate(amount: number): Matrix {
  return mix(luma, 1 - amount);
}

/** `share` of a matrix and the rest of the identity. */
function mix(matrix: Matrix, share: number): Matrix {
  return matrix.map((value, i) => share * value + (1 - share) * (identity[i] as number));
}

function rotateHue(angle: number): Matrix {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned: Matrix = [-0.213, -0.715, 0.928, 0.143, 0.14, -0.283, -0.787, 0.715, 0.072];
  return luma.map((value, i) => value + cos * ((identity[i] as number) - value) + sin * (turned[i] as number));
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [at - (at % 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + (a[row + k] as number) * (b[3 * k + column] as number), 0);
  });
}

// ---- blur --------------------------------------------------------------------------------------------------

/**
 * Three boxes with fractional edges, which come within 3 % of a Gaussian and cost the same for every radius.
 *
 * @see Gwosdek et al. 2011, Theoretical Foundations of Gaussian Convolution by Extended Box Filtering, doi:10.1007/978-3-642-24785-9_38
 */
function* blur(pixels: Pixels, sigma: number): Generator<void, void> {
  premultiply(pixels.data);
  const factor = 2 ** Math.max(0, Math.floor(Math.log2(sigma / FINE_SIGMA)));
  if (factor === 1) yield* boxes(pixels, sigma);
  else {
    const small = yield* reduce(pixels, factor);
    // Taking means of squares and going over from one to the next blur as well.
    yield* boxes(small, Math.sqrt(sigma * sigma - (factor * factor) / 4) / factor);
    yield* expand(small, pixels, factor);
  }
  unpremultiply(pixels.data);
}

/** The means of squares of `factor` pixels; those at the right and lower edge may be cut off. */
function* reduce({ data, width, height }: Pixels, factor: number): Generator<void, Pixels> {
  const small = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
  const means = new Uint8ClampedArray(4 * small.width * small.height);
  const row = new Float64Array(4 * small.width);
  for (let y = 0; y < small.height; y++) {
    row.fill(0);
    const rows = Math.min(factor, height - y * factor);
    for (let j = 0; j < rows; j++) {
      for (let x = 0, from = 4 * (y * factor + j) * width; x < width; x++, from += 4) {
        const to = 4 * Math.floor(x / factor);
        for (let channel = 0; channel < 4; channel++) (row[to + channel] as number) += data[from + channel] as number;
      }
    }
    for (let x = 0; x < small.width; x++) {
      const weight = 1 / (rows * Math.min(factor, width - x * factor));
      for (let channel = 0; channel < 4; channel++) means[4 * (y * small.width + x) + channel] = (row[4 * x + channel] as number) * weight;
    }
    yield;
  }
  return { data: means, ...small };
}

/** The small picture as large as the other, linear between the middles of its pixels. */
function* expand(small: Pixels, { data, width, height }: Pixels, factor: number): Generator<void, void> {
  const columns = between(width, small.width, factor);
  const lines = between(height, small.height, factor);
  const row = new Float64Array(4 * small.width);
  for (let y = 0; y < height; y++) {
    const [upper, lower, down] = [lines.before[y] as number, lines.after[y] as number, lines.share[y] as number];
    for (let i = 0; i < row.length; i++) {
      const above = small.data[4 * upper * small.width + i] as number;
      row[i] = above + down * ((small.data[4 * lower * small.width + i] as number) - above);
    }
    for (let x = 0, to = 4 * y * width; x < width; x++, to += 4) {
      const [left, right, along] = [4 * (columns.before[x] as number), 4 * (columns.after[x] as number), columns.share[x] as number];
      for (let channel = 0; channel < 4; channel++) {
        const start = row[left + channel] as number;
        data[to + channel] = start + along * ((row[right + channel] as number) - start);
      }
    }
    if (y % 16 === 15) yield;
  }
}

/** For each pixel the two pixels of the small picture that it lies between, and how far it is from the first. */
function between(count: number, smallCount: number, factor: number): { before: Int32Array; after: Int32Array; share: Float64Array } {
  const [before, after, share] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const at = Math.min(smallCount - 1, Math.max(0, (i + 0.5) / factor - 0.5));
    before[i] = Math.floor(at);
    after[i] = Math.min(smallCount - 1, Math.floor(at) + 1);
    share[i] = at - Math.floor(at);
  }
  return { before, after, share };
}

function* boxes({ data, width, height }: Pixels, sigma: number): Generator<void, void> {
  const radius = (Math.sqrt(4 * sigma * sigma + 1) - 1) / 2;
  let done = 0;
  for (let y = 0; y < height; y++) {
    blurLines(data, { start: 4 * y * width, count: width, step: 4, lanes: 4, radius });
    if ((done += width) < SLICE_PX / 8) continue;
    done = 0;
    yield;
  }
  for (let x = 0; x < width; x += COLUMNS) {
    const lanes = 4 * Math.min(COLUMNS, width - x);
    blurLines(data, { start: 4 * x, count: height, step: 4 * width, lanes, radius });
    yield;
  }
}

interface Lines {
  /** Index of the first value, number of steps, values from one step to the next. */
  readonly start: number;
  readonly count: number;
  readonly step: number;
  /** Neighbouring values that are blurred alike. */
  readonly lanes: number;
  readonly radius: number;
}

let buffers: [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)];

function blurLines(data: Uint8ClampedArray, { start, count, step, lanes, radius }: Lines): void {
  const length = count * lanes;
  if (buffers[0].length < length) buffers = [new Float64Array(length), new Float64Array(length)];
  const [a, b] = buffers;
  for (let i = 0, to = 0; i < count; i++) for (let lane = 0; lane < lanes; lane++) a[to++] = data[start + i * step + lane] as number;
  box(a, b, { count, lanes, radius });
  box(b, a, { count, lanes, radius });
  box(a, b, { count, lanes, radius });
  for (let i = 0, from = 0; i < count; i++) for (let lane = 0; lane < lanes; lane++) data[start + i * step + lane] = b[from++] as number;
}

const sums = new Float64Array(4 * COLUMNS);

/** The mean of each value and its neighbours up to `radius`; beyond an end that end goes on. */
function box(from: Float64Array, to: Float64Array, { count, lanes, radius }: { count: number; lanes: number; radius: number }): void {
  const whole = Math.floor(radius);
  const part = radius - whole;
  const weight = 1 / (2 * radius + 1);
  const last = (count - 1) * lanes;
  const at = (i: number): number => Math.min(last, Math.max(0, i * lanes));
  for (let lane = 0; lane < lanes; lane++) {
    let sum = 0;
    for (let i = -whole; i <= whole; i++) sum += from[at(i) + lane] as number;
    sums[lane] = sum;
  }
  for (let i = 0; i < count; i++) {
    const [before, after, leaving, here] = [at(i - whole - 1), at(i + whole + 1), at(i - whole), i * lanes];
    for (let lane = 0; lane < lanes; lane++) {
      const next = from[after + lane] as number;
      const sum = sums[lane] as number;
      to[here + lane] = weight * (sum + part * ((from[before + lane] as number) + next));
      sums[lane] = sum + next - (from[leaving + lane] as number);
    }
  }
}

function premultiply(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] as number;
    if (alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel++) data[channel] = ((data[channel] as number) * alpha) / 255;
  }
}

function unpremultiply(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] as number;
    if (alpha === 255 || alpha === 0) continue;
    for (let channel = at; channel < at + 3; channel++) data[channel] = ((data[channel] as number) * 255) / alpha;
  }
}

// ---- vignette ----------------------------------------------------------------------------------------------

function* vignette({ data, width, height }: Pixels, amount: number, crop: Crop): Generator<void, void> {
  const [halfWidth, halfHeight] = [((crop.right - crop.left) * width) / 2, ((crop.bottom - crop.top) * height) / 2];
  const [middleX, middleY] = [crop.left * width + halfWidth, crop.top * height + halfHeight];
  const across = Float64Array.from({ length: width }, (_, x) => ((x + 0.5 - middleX) / halfWidth) ** 2);
  let done = 0;
  for (let y = 0; y < height; y++) {
    const down = ((y + 0.5 - middleY) / halfHeight) ** 2;
    for (let x = 0; x < width; x++) {
      const away = (((across[x] as number) + down) / 2 - VIGNETTE_FROM) / (1 - VIGNETTE_FROM);
      if (away <= 0) continue;
      const light = 1 - VIGNETTE * amount * Math.min(1, away);
      const at = 4 * (y * width + x);
      data[at] = (data[at] as number) * light;
      data[at + 1] = (data[at + 1] as number) * light;
      data[at + 2] = (data[at + 2] as number) * light;
    }
    if ((done += width) < SLICE_PX) continue;
    done = 0;
    yield;
  }
}
