/**
 * Shapes of tldraw from its clipboard as content of a board file. Pure. The JSON is of unknown origin: a shape that is not as it
 * should be is left out and counted.
 *
 *     <div data-tldraw>{"type":"application/tldraw","kind":"content","version":3,"data":{"assets":[…],"otherCompressed":"…"}}</div>
 *
 * Version 3 has everything but the assets compressed by lz-string, version 2 has it as it is, and before that all of the JSON was
 * compressed. Shapes name what they are in (`parentId`), and have their place there.
 */
import {
  decodeInk,
  defaultStyle,
  encodeInk,
  fileLimits,
  inkBounds,
  inkLimits,
  lineThrough,
  MAX_LINE_POINTS,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
  type FileElement,
  type Geometry,
  type Head,
  type ShapeKind,
  type Style,
} from '@wetink/board';
import { LINE_HEIGHT, type MeasureLine } from '@wetink/canvas';
import {
  entryOf,
  groupNumber,
  INK_ZOOM,
  isFields,
  isNumber,
  MAX_AT,
  type Fields,
  type ForeignDrawing,
  type ForeignPicture,
  noneLeftOut,
  type WhyLeftOut,
} from './foreign-drawing.ts';
import { jsonInSteps } from './json-in-steps.ts';
import { fromLzBase64InSteps } from './lz-string.ts';
import {
  arrowWay,
  boxAt,
  edgeTowards,
  fromPage,
  onPage,
  pagePlace,
  pictureUrls,
  placeIn,
  pointOf,
  segmentPoints,
  sizeOf,
  tieInArrow,
  tieName,
  tiesIn,
  type At,
  type Place,
  type Tie,
} from './tldraw-place.ts';
import { arrowheads, geoKinds, labelStyle, styleOf, wordsOf } from './tldraw-style.ts';

/** UTF-16 units of the JSON once it is not compressed any more; tldraw has at most 4,000 shapes on a page. */
const MAX_JSON_UNITS = 64 * 1024 * 1024;
/** Shapes that are read. */
const MAX_SHAPES = 50_000;
/** tldraw's names of what a board has as well. */
const kinds: ReadonlySet<string> = new Set(['group', 'geo', 'note', 'text', 'draw', 'highlight', 'line', 'arrow', 'frame', 'image']);
/** Board units between the edge of a shape and its words. */
const LABEL_PADDING = 16;
/** Board units that a line of words at an arrow takes at most. */
const ARROW_WORDS = 200;

/**
 * Reads it, a shape in each step.
 *
 * @param measure Width of a line, to set words in the middle of their shape.
 * @returns Null for a text that is not tldraw's, or is damaged.
 */
export function* fromTldrawInSteps(text: string, measure: MeasureLine): Generator<undefined, ForeignDrawing | null> {
  const data = yield* contentIn(text);
  const given = data?.['shapes'];
  if (!Array.isArray(given)) return null;
  const shapes = (given.slice(0, MAX_SHAPES) as unknown[]).filter(isFields);
  const drawing = new Drawing(shapes, data ?? {}, measure);
  yield* drawing.read();
  const read = Math.min(given.length, MAX_SHAPES);
  const leftOut = { ...drawing.leftOut, damaged: drawing.leftOut.damaged + read - shapes.length, many: given.length - read };
  return { elements: drawing.elements, leftOut };
}

function* contentIn(text: string): Generator<undefined, Fields | null> {
  const outer = text.trimStart().startsWith('{') ? unescaped(text) : yield* fromLzBase64InSteps(text.trim(), MAX_JSON_UNITS);
  const copied = outer === null ? null : yield* parsed(outer, 3);
  if (copied?.['type'] !== 'application/tldraw' || !isFields(copied['data'])) return null;
  const { data } = copied;
  if (typeof data['otherCompressed'] !== 'string') return data;
  const other = yield* fromLzBase64InSteps(data['otherCompressed'], MAX_JSON_UNITS);
  const rest = other === null ? null : yield* parsed(other, 2);
  return rest === null ? null : { ...rest, assets: data['assets'] };
}

/** Browsers write markup anew before it is in the clipboard. */
function unescaped(markup: string): string {
  const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' };
  return markup.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entryOf(signs, name) ?? '');
}

function* parsed(text: string, depth: number): Generator<undefined, Fields | null> {
  try {
    const value = yield* jsonInSteps(text, depth);
    return isFields(value) ? value : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null; // Cut off or damaged.
  }
}

/** A shape on its way, with where it is and the groups and frames around it. */
interface Shape {
  readonly given: Fields;
  readonly props: Fields;
  readonly place: Place;
  readonly groups: readonly number[];
}

class Drawing {
  readonly elements: (FileElement | ForeignPicture)[] = [];
  readonly leftOut = { ...noneLeftOut };
  readonly #shapes: readonly Fields[];
  readonly #childrenOf = new Map<unknown, Fields[]>();
  readonly #byId = new Map<unknown, Shape>();
  readonly #numbers = new Map<string, number>();
  readonly #urls: ReadonlyMap<string, string>;
  readonly #ties: ReadonlyMap<string, Tie>;
  readonly #measure: MeasureLine;

  constructor(shapes: readonly Fields[], { assets, bindings }: Fields, measure: MeasureLine) {
    this.#shapes = shapes;
    this.#urls = pictureUrls(assets);
    this.#ties = tiesIn(bindings);
    this.#measure = measure;
  }

  *read(): Generator<undefined, void> {
    const placed = yield* this.#placed();
    // Those in themselves, and in each other, are never reached.
    this.leftOut.damaged += this.#shapes.length - placed.length;
    for (const shape of placed) {
      yield;
      const made = this.#made(shape);
      if (typeof made === 'string') this.leftOut[made] += 1;
      else this.elements.push(...made);
    }
  }

  /** Bottom to top, each before what is in it. */
  *#placed(): Generator<undefined, Shape[]> {
    const ids = new Set(this.#shapes.map(({ id }) => id));
    const tops = this.#shapes.filter(({ parentId }) => !ids.has(parentId));
    for (const shape of this.#shapes) {
      const list = this.#childrenOf.get(shape['parentId']);
      if (list === undefined) this.#childrenOf.set(shape['parentId'], [shape]);
      else list.push(shape);
    }
    const placed: Shape[] = [];
    const seen = new Set<Fields>();
    const waiting = inOrder(tops)
      .reverse()
      .map((given) => ({ given, around: pagePlace, groups: [] as readonly number[] }));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      yield;
      const { given, around, groups } = next;
      const place = placeIn(around, given);
      if (place === null || seen.has(given)) continue;
      seen.add(given);
      const shape = { given, props: isFields(given['props']) ? given['props'] : {}, place, groups };
      placed.push(shape);
      this.#byId.set(given['id'], shape);
      const children = this.#childrenOf.get(given['id']) ?? [];
      const inside = isHolder(given) && groups.length < fileLimits.maxGroups - 1 ? [...groups, this.#numberOf(given)] : groups;
      for (const child of inOrder(children).reverse()) waiting.push({ given: child, around: place, groups: inside });
    }
    return placed;
  }

  /** A group is nothing of its own. */
  #made(shape: Shape): (FileElement | ForeignPicture)[] | WhyLeftOut {
    const { type } = shape.given;
    if (typeof type === 'string' && !kinds.has(type)) return 'kind';
    if (type === 'text' && wordsOf(shape.props).length > MAX_TEXT_LENGTH) return 'long';
    return this.#elements(shape) ?? 'damaged';
  }

  /** Null for a malformed shape. */
  #elements(shape: Shape): (FileElement | ForeignPicture)[] | null {
    switch (shape.given['type']) {
      case 'group':
        return [];
      case 'geo':
        return this.#box(shape, entryOf(geoKinds, shape.props['geo']) ?? 'rectangle');
      case 'note':
        return this.#box({ ...shape, props: { ...shape.props, fill: 'solid' } }, 'rectangle');
      case 'text':
        return this.#text(shape);
      case 'draw':
      case 'highlight':
        return this.#stroke(shape);
      case 'line':
        return this.#line(shape);
      case 'arrow':
        return this.#arrow(shape);
      case 'frame':
        return this.#frame(shape);
      case 'image':
        return this.#picture(shape);
      default:
        return null;
    }
  }

  #box(shape: Shape, kind: ShapeKind): FileElement[] | null {
    const { given, props, place } = shape;
    const size = sizeOf(given['type'], props);
    if (size === null) return null;
    const geometry = boxAt(place, size);
    const box = element(shape, kind, geometry, styleOf(props, given['opacity']));
    return this.#withWords(box, shape, middleOf(geometry), size.w - 2 * LABEL_PADDING);
  }

  #frame(shape: Shape): FileElement[] | null {
    const { given, props, place } = shape;
    const size = sizeOf('frame', props);
    if (size === null) return null;
    const { name } = props;
    const frame = element(shape, 'frame', { ...boxAt(place, size), rotation: 0 }, defaultStyle);
    return [{ ...frame, text: typeof name === 'string' ? name.slice(0, MAX_TITLE_LENGTH) : '', holds: this.#numberOf(given) }];
  }

  #picture({ given, props, place, groups }: Shape): ForeignPicture[] | null {
    const { assetId } = props;
    const size = sizeOf('image', props);
    const url = typeof assetId === 'string' ? this.#urls.get(assetId) : undefined;
    // An address elsewhere would have to be fetched, which would tell its owner that it is on this board.
    if (size === null || url?.startsWith('data:image/') !== true) return null;
    return [{ kind: 'picture', geometry: boxAt(place, size), url, groups: [...groups], isLocked: given['isLocked'] === true }];
  }

  #text(shape: Shape): FileElement[] | null {
    const { given, props, place } = shape;
    const style = styleOf(props, given['opacity']);
    const { autoSize, w } = props;
    const { lines, width, height } = this.#laidOut(wordsOf(props), style, autoSize === false && isNumber(w, 1, MAX_AT) ? w : Infinity);
    if (lines.trim() === '' || lines.length > MAX_TEXT_LENGTH) return null;
    return [{ ...element(shape, 'text', boxAt(place, { w: width, h: height }), { ...style, fill: 'none' }), text: lines }];
  }

  #stroke(shape: Shape): FileElement[] | null {
    const { given, props, place } = shape;
    const xyp = segmentPoints(props, inkLimits.maxPoints);
    if (xyp === null) return null;
    for (let i = 0; i < xyp.length; i += 3) {
      const { x, y } = onPage(place, { x: xyp[i] ?? 0, y: xyp[i + 1] ?? 0 });
      [xyp[i], xyp[i + 1]] = [x, y];
    }
    const ink = encodeInk({ xyp, hasPressure: props['isPen'] === true }, INK_ZOOM);
    const base = { ...inkBounds(decodeInk(ink)), rotation: 0 };
    const style = { ...styleOf(props, given['opacity']), fill: 'none' } as const;
    const broad = given['type'] === 'highlight' ? { width: style.width * 6, opacity: Math.min(0.4, style.opacity) } : {};
    return [{ ...element(shape, 'stroke', base, { ...style, ...broad, dash: 'solid' }), base, ink }];
  }

  #line(shape: Shape): FileElement[] | null {
    const { given, props, place } = shape;
    const { points, handles, spline } = props;
    // A record in newer versions, handles in older ones, and a list in between.
    const record = isFields(points) ? Object.values(points) : isFields(handles) ? Object.values(handles) : points;
    const listed = Array.isArray(record) ? inOrder((record as unknown[]).filter(isFields)) : [];
    const way = listed.flatMap((point) => pointOf(point) ?? []).map((point) => onPage(place, point));
    const style = { ...styleOf(props, given['opacity']), fill: 'none', corners: spline === 'cubic' ? 'round' : 'sharp' } as const;
    const line = wayElement(shape, 'line', way, style);
    return line === null ? null : [line];
  }

  #arrow(shape: Shape): FileElement[] | null {
    const { given, props, place } = shape;
    const [from, to] = [this.#end(shape, 'start'), this.#end(shape, 'end')];
    if (from === null || to === null) return null;
    const [start, end] = [atEdge(from, to), atEdge(to, from)];
    const way = arrowWay(fromPage(place, start), fromPage(place, end), props).map((point) => onPage(place, point));
    const heads = { startHead: headOf(props['arrowheadStart'], 'none'), endHead: headOf(props['arrowheadEnd'], 'arrow') };
    const corners = props['kind'] === 'elbow' ? 'sharp' : 'round';
    const arrow = wayElement(shape, 'arrow', way, { ...styleOf(props, given['opacity']), fill: 'none', corners, ...heads });
    const middle = way.length === 3 ? way[1] : { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
    return arrow === null || middle === undefined ? null : this.#withWords(arrow, shape, middle, ARROW_WORDS);
  }

  #end({ given, props, place }: Shape, name: 'start' | 'end'): ArrowEnd | null {
    const tie = this.#ties.get(tieName(given['id'], name)) ?? tieInArrow(props[name]);
    const to = tie === null ? undefined : this.#byId.get(tie.to);
    const size = to === undefined ? null : sizeOf(to.given['type'], to.props);
    if (tie !== null && to !== undefined && size !== null) {
      const at = onPage(to.place, { x: tie.anchor.x * size.w, y: tie.anchor.y * size.h });
      return { at, box: tie.isExact ? null : { place: to.place, size } };
    }
    const point = pointOf(props[name]);
    return point === null ? null : { at: onPage(place, point), box: null };
  }

  /** The element with the words of its shape around `middle`, both in a group; without words the element alone. */
  #withWords(made: FileElement, { given, props, groups }: Shape, middle: At, room: number): FileElement[] {
    const words = wordsOf(props);
    if (words.length > MAX_TEXT_LENGTH) this.leftOut.long += 1;
    if (words.trim() === '' || words.length > MAX_TEXT_LENGTH) return [made];
    const style = labelStyle(props, given['opacity']);
    const { lines, width: w, height: h } = this.#laidOut(words, style, Math.max(room, style.fontSize));
    const rotation = made.kind === 'arrow' ? 0 : made.geometry.rotation;
    const geometry = { x: middle.x - w / 2, y: middle.y - h / 2, w, h, rotation };
    const both = [...groups, groupNumber(`words ${this.elements.length}`, this.#numbers)];
    return [
      { ...made, groups: both },
      { ...made, kind: 'text', geometry, base: geometry, style, text: lines, points: null, groups: both },
    ];
  }

  /** Breaks lines between words where they are wider than `room`: a text on a board has the lines that it was given. */
  #laidOut(words: string, { font, fontSize }: Style, room: number): { lines: string; width: number; height: number } {
    const lines = words.split('\n').flatMap((line) => brokenLine(line, (part) => this.#measure(part, font, fontSize) <= room));
    const width = lines.reduce((widest, line) => Math.max(widest, this.#measure(line, font, fontSize)), 1);
    return { lines: lines.join('\n'), width, height: lines.length * LINE_HEIGHT * fontSize };
  }

  #numberOf({ id }: Fields): number {
    return groupNumber(`shape ${String(id)}`, this.#numbers);
  }
}

interface ArrowEnd {
  readonly at: At;
  /** The shape at whose edge it ends; null where it ends at the point itself. */
  readonly box: { readonly place: Place; readonly size: { readonly w: number; readonly h: number } } | null;
}

function atEdge({ at, box }: ArrowEnd, other: ArrowEnd): At {
  return box === null ? at : onPage(box.place, edgeTowards(fromPage(box.place, at), fromPage(box.place, other.at), box.size));
}

function isHolder({ type, id }: Fields): boolean {
  return (type === 'group' || type === 'frame') && typeof id === 'string';
}

/** By their keys of fractional indexing. */
function inOrder(given: readonly Fields[]): Fields[] {
  const keyOf = ({ index }: Fields): string => (typeof index === 'string' ? index : '');
  return given.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

function element({ given, groups }: Shape, kind: string, geometry: Geometry, style: Style): FileElement {
  const common = { ink: null, text: '', alt: '', raw: null, data: null };
  return { ...common, kind, geometry, base: geometry, style, isLocked: given['isLocked'] === true, groups: [...groups] };
}

/** A line through these points of the page; null for one without two. */
function wayElement(shape: Shape, kind: 'line' | 'arrow', way: readonly At[], style: Style): FileElement | null {
  if (way.length < 2 || way.length > MAX_LINE_POINTS) return null;
  const { geometry, points } = lineThrough(way);
  return { ...element(shape, kind, geometry, style), points };
}

/** @param own The head that an arrow has there of its own. */
function headOf(given: unknown, own: Head): Head {
  const head = entryOf(arrowheads, given) ?? own;
  return head === own ? 'auto' : head;
}

function middleOf({ x, y, w, h }: Geometry): At {
  return { x: x + w / 2, y: y + h / 2 };
}

function brokenLine(line: string, fits: (part: string) => boolean): string[] {
  if (fits(line)) return [line];
  const lines: string[] = [];
  let open = '';
  for (const word of line.split(' ')) {
    const longer = open === '' ? word : `${open} ${word}`;
    if (open === '' || fits(longer)) open = longer;
    else {
      lines.push(open);
      open = word;
    }
  }
  return [...lines, open];
}
