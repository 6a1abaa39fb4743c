/**
 * The `.wetink` format: a board, or a part of one, as lines of JSON. FILE-FORMAT.md describes it for other programs.
 *
 *     {"format":"wetink","version":1,"elements":2,"title":"Plan","background":"white"}
 *     {"kind":"rectangle","geometry":[0,0,40,30,0],"style":{"color":"red"}}
 *     {"kind":"stroke","geometry":[1,2,30,4,0],"ink":"ATsC…"}
 *
 * Lines, so that a program reads one element at a time and a hostile file can't make a reader hold more than one line's
 * worth of objects; JSON, so that a drawing can be read, compared and rescued without this program. The number of
 * elements in the head shows whether a file was cut off at the end of a line.
 * Decoding checks everything before it returns anything: a caller may write a `FileContent` without checking it again.
 */
import { BoardError } from '../errors.ts';
import {
  defaultStyle,
  geometryToValue,
  isGeometryValue,
  isPageName,
  isStyleValue,
  styleProps,
  valueToGeometry,
} from '../document/fields.ts';
import { encodeBase64 } from './base64.ts';
import { fileLimits } from './file-limits.ts';
import { base64ToBytes, jsonToRaw, rawToJson } from './file-raw.ts';
import { decodeInk } from '../ink/ink.ts';
import { isLineKind, isLinePoints, storedPoints } from '../document/line-points.ts';
import { MAX_ALT_LENGTH, MAX_INK_BYTES, MAX_PAGES, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from '../limits.ts';
import { isColor } from '../color/palette.ts';
import { defaultPaper, isDefaultPaper, isPaperValue, readPaper } from '../color/papers.ts';
import { isElementKind, isShapeKind } from '../document/records.ts';
import type { Color, ElementKind, Geometry, Paper, Style } from '../types.ts';

/** The version this code writes, and the newest it reads. */
export const FILE_VERSION = 1;

export interface FileElement {
  /** An `ElementKind`, or the name of a newer version's kind. */
  readonly kind: string;
  readonly geometry: Geometry;
  /** The box in which its ink, or the content of an unknown kind, was made. */
  readonly base: Geometry;
  readonly style: Style;
  readonly isLocked: boolean;
  /** Encoded ink of a stroke, null for every other kind. */
  readonly ink: Uint8Array | null;
  /** Points of a line or arrow with bends, as in a board element. */
  readonly points?: readonly number[] | null;
  readonly text: string;
  readonly alt: string;
  /** Number of its page, from 1; default: the first. */
  readonly page?: number | undefined;
  /** Numbers of the groups that it is in, the outermost first. Elements with the same number are in the same group. */
  readonly groups: readonly number[];
  /** Its number if it is a frame that holds something: as a group, what is in it has it in `groups`. */
  readonly holds?: number;
  /** The other keys in the record of an image, a file or an unknown kind. */
  readonly raw: Readonly<Record<string, unknown>> | null;
  /** Bytes of an image, with the first element that shows it; null where they are missing. Their hash is not checked here. */
  readonly data: Uint8Array | null;
}

export interface FileContent {
  /** Null in a file of selected elements. */
  readonly title: string | null;
  readonly background: Color | null;
  /** Default: that of a new board. */
  readonly paper?: Paper | undefined;
  /** Names of the pages in order, '' where a page has none; default: one page without a name. */
  readonly pages?: readonly string[] | undefined;
  /** Bottom to top. */
  readonly elements: readonly FileElement[];
}

/** Keys of an unknown element's record that the file keeps elsewhere, or that only have a meaning on its own board. */
export const ownRecordKeys: readonly string[] = ['s', 'k', 'g', 'n', 'z', 'p'];

/**
 * @returns UTF-8. Leaves out elements that no reader accepts (ink that can't be decoded, a line that is too long):
 *   they come from faults or malice, are not drawn, and must not prevent saving the rest.
 * @throws {BoardError} `TOO_LARGE` beyond `fileLimits`.
 */
export function encodeFile(content: FileContent): Uint8Array {
  const lines = finished(encodeFileInSteps(content));
  const file = new Uint8Array(lines.reduce((bytes, line) => bytes + line.length, 0));
  let at = 0;
  for (const line of lines) {
    file.set(line, at);
    at += line.length;
  }
  return file;
}

/**
 * `encodeFile`, an element in each step.
 *
 * @returns The file's lines in order, each with its end.
 */
export function* encodeFileInSteps(content: FileContent): Generator<undefined, Uint8Array<ArrayBuffer>[]> {
  const encoder = new TextEncoder();
  const lines: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const element of content.elements) {
    yield;
    if (!isReadableInk(element)) continue;
    const line = encodeLine(encoder, element);
    if (line.length > fileLimits.maxLineBytes) continue;
    lines.push(line);
    bytes += line.length;
  }
  const { title, background, paper = defaultPaper, pages = [] } = content;
  const head = {
    format: 'wetink',
    version: FILE_VERSION,
    elements: lines.length,
    ...(title !== null && { title }),
    ...(background !== null && { background }),
    ...(!isDefaultPaper(paper) && { paper }),
    ...((pages.length > 1 || pages.some((name) => name !== '')) && { pages }),
  };
  lines.unshift(encoder.encode(`${JSON.stringify(head)}\n`));
  bytes += lines[0]?.length ?? 0;
  if (bytes > fileLimits.maxBytes || lines.length - 1 > fileLimits.maxElements)
    throw new BoardError('TOO_LARGE', `${lines.length - 1} elements, ${bytes} bytes`);
  return lines;
}

/** An image whose line would be too long goes without its bytes. */
function encodeLine(encoder: { encode(text: string): Uint8Array<ArrayBuffer> }, element: FileElement): Uint8Array<ArrayBuffer> {
  const line = encoder.encode(`${JSON.stringify(elementToJson(element))}\n`);
  return line.length > fileLimits.maxLineBytes && element.data !== null ? encodeLine(encoder, { ...element, data: null }) : line;
}

/**
 * Reads a whole file.
 *
 * @throws {BoardError} `BAD_FILE` when it is not a board file, cut off or damaged, with the line in question;
 *   `FILE_TOO_NEW` when a newer version wrote it; `TOO_LARGE` beyond `fileLimits`.
 */
export function decodeFile(bytes: Uint8Array): FileContent {
  return finished(decodeFileInSteps(bytes));
}

/** `decodeFile`, an element in each step. */
export function* decodeFileInSteps(bytes: Uint8Array): Generator<undefined, FileContent> {
  if (bytes.length > fileLimits.maxBytes) throw new BoardError('TOO_LARGE', `a file of ${bytes.length} bytes`);
  let line = 1;
  const refuse = (detail: string, cause?: unknown): BoardError => new BoardError('BAD_FILE', `line ${line}: ${detail}`, { cause });
  const lines = eachLine(bytes, refuse);
  const head = asObject(lines.next().value, refuse);
  if (head.format !== 'wetink') throw refuse('not a wetink file');
  if (!Number.isSafeInteger(head.version) || (head.version as number) < 1) throw refuse('version');
  if ((head.version as number) > FILE_VERSION) throw new BoardError('FILE_TOO_NEW', `version ${String(head.version)}`);
  const count = head.elements;
  if (!Number.isSafeInteger(count) || (count as number) < 0) throw refuse('number of elements');
  if ((count as number) > fileLimits.maxElements) throw new BoardError('TOO_LARGE', `${String(count)} elements`);
  const { title = null, background = null } = head;
  if (title !== null && (typeof title !== 'string' || title.length > MAX_TITLE_LENGTH)) throw refuse('title');
  if (background !== null && !isColor(background)) throw refuse('background');
  const paper = head.paper === undefined ? undefined : jsonToPaper(head.paper, refuse);
  const pages = head.pages === undefined ? undefined : jsonToPages(head.pages, refuse);
  const elements: FileElement[] = [];
  for (const json of lines) {
    yield;
    line += 1;
    if (elements.length === count) throw refuse('more elements than announced');
    elements.push(jsonToElement(asObject(json, refuse), pages?.length ?? 1, refuse));
  }
  if (elements.length !== count) throw refuse(`the file ends after ${elements.length} of ${String(count)} elements`);
  return { title, background, elements, ...(paper !== undefined && { paper }), ...(pages !== undefined && { pages }) };
}

/** All steps at once. */
function finished<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

type Refuse = (detail: string, cause?: unknown) => BoardError;

/** Parses line by line. Every line must end with `\n`; a file whose last line does not was cut off. */
function* eachLine(bytes: Uint8Array, refuse: Refuse): Generator<unknown, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let start = 0; start < bytes.length || start === 0;) {
    const end = bytes.indexOf(10, start);
    if (end < 0) throw refuse(start === 0 ? 'not a wetink file' : 'the file ends in the middle of a line');
    if (end - start > fileLimits.maxLineBytes) throw new BoardError('TOO_LARGE', `an element of ${end - start} bytes`);
    let json: unknown;
    try {
      json = JSON.parse(decoder.decode(bytes.subarray(start, end)));
    } catch (cause) {
      throw refuse(start === 0 ? 'not a wetink file' : 'not JSON', cause);
    }
    yield json;
    start = end + 1;
  }
  return undefined;
}

function elementToJson(element: FileElement): Record<string, unknown> {
  const { kind, geometry, base, isLocked, ink, text, alt, page = 1, groups, holds, raw, data } = element;
  const json: Record<string, unknown> = { kind, geometry: geometryToValue(geometry) };
  const value = geometryToValue(base);
  const hasOwnBox = (ink !== null || raw !== null) && value.some((number, i) => number !== geometryToValue(geometry)[i]);
  if (hasOwnBox) json.base = value;
  const style: Record<string, unknown> = {};
  for (const prop of styleProps) if (element.style[prop] !== defaultStyle[prop]) style[prop] = element.style[prop];
  if (Object.keys(style).length > 0) json.style = style;
  if (isLocked) json.locked = true;
  if (ink !== null) json.ink = encodeBase64(ink);
  if (element.points !== undefined && element.points !== null) json.points = element.points;
  if (text !== '') json.text = text;
  if (alt !== '') json.alt = alt;
  if (page > 1) json.page = page;
  if (groups.length > 0) json.groups = groups;
  if (holds !== undefined) json.holds = holds;
  if (raw !== null) json.raw = rawToJson(raw);
  // Readers of before this kind keep it, as one that they do not know.
  else if (cameLater(kind)) json.raw = {};
  if (data !== null && data.length <= fileLimits.maxImageBytes) json.data = encodeBase64(data);
  return json;
}

function jsonToElement(json: Readonly<Record<string, unknown>>, pageCount: number, refuse: Refuse): FileElement {
  const { kind, geometry, base = geometry, locked = false, text = '', alt = '', page = 1 } = json;
  if (typeof kind !== 'string' || kind === '' || kind.length > fileLimits.maxKindLength) throw refuse('kind');
  if (!isGeometryValue(geometry) || !isGeometryValue(base)) throw refuse('geometry');
  if (typeof locked !== 'boolean') throw refuse('locked');
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) throw refuse('text');
  if (typeof alt !== 'string' || alt.length > MAX_ALT_LENGTH) throw refuse('alt');
  if (!Number.isSafeInteger(page) || (page as number) < 1 || (page as number) > pageCount) throw refuse('page');
  const groups = jsonToGroups(json.groups ?? [], refuse);
  const isWhole = isWholeKind(kind);
  if (isWhole && text !== '' && kind !== 'text' && kind !== 'frame') throw refuse('text');
  if (kind === 'frame' && text.length > MAX_TITLE_LENGTH) throw refuse('text');
  const { holds } = json;
  if (holds !== undefined && !isGroupNumber(holds)) throw refuse('holds');
  if ((kind === 'stroke') !== (json.ink !== undefined)) throw refuse('ink');
  if (!cameLater(kind) && isWhole === (json.raw !== undefined)) throw refuse('raw');
  const style = jsonToStyle(json.style ?? {}, refuse);
  const ink = kind === 'stroke' ? jsonToInk(json.ink, refuse) : null;
  const raw = isWhole ? null : jsonToRecord(json.raw, refuse);
  const data = kind === 'image' && json.data !== undefined ? jsonToImageBytes(json.data, refuse) : null;
  if (json.points !== undefined && !(isLineKind(kind) && isLinePoints(json.points))) throw refuse('points');
  const points = json.points as readonly number[] | undefined;
  const hasOwnBox = ink !== null || raw !== null;
  return {
    kind,
    geometry: valueToGeometry(geometry.map(withoutMinusZero)),
    base: valueToGeometry((hasOwnBox ? base : geometry).map(withoutMinusZero)),
    style,
    isLocked: locked,
    ink,
    ...(points !== undefined && { points: storedPoints(points) }),
    text,
    alt,
    ...(page !== 1 && { page: page as number }),
    groups,
    ...(kind === 'frame' && holds !== undefined && { holds }),
    raw,
    data,
  };
}

/** Values of a newer version count as absent: a file is not refused for its paper. */
function jsonToPaper(json: unknown, refuse: Refuse): Paper {
  const { pattern, tone } = asObject(json, refuse);
  if (![pattern, tone].every((value) => value === undefined || isPaperValue(value))) throw refuse('paper');
  return readPaper(pattern, tone);
}

function jsonToPages(json: unknown, refuse: Refuse): readonly string[] {
  if (!Array.isArray(json) || json.length === 0 || json.length > MAX_PAGES || !json.every(isPageName)) throw refuse('pages');
  return json;
}

function jsonToGroups(json: unknown, refuse: Refuse): readonly number[] {
  if (!Array.isArray(json) || json.length > fileLimits.maxGroups || !json.every(isGroupNumber)) throw refuse('groups');
  if (new Set(json).size < json.length) throw refuse('groups');
  return json;
}

function isGroupNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** The kinds that were not among the first, beside images and files: they have nothing in `raw`. */
function cameLater(kind: string): boolean {
  return kind === 'frame' || (isShapeKind(kind) && kind !== 'rectangle' && kind !== 'ellipse');
}

function jsonToStyle(json: unknown, refuse: Refuse): Style {
  const given = asObject(json, refuse);
  const style: Record<string, unknown> = { ...defaultStyle };
  for (const prop of styleProps) {
    if (!Object.hasOwn(given, prop)) continue;
    if (!isStyleValue(prop, given[prop])) throw refuse(`style ${prop}`);
    style[prop] = withoutMinusZero(given[prop]);
  }
  return style as unknown as Style;
}

function jsonToInk(json: unknown, refuse: Refuse): Uint8Array {
  const ink = base64ToBytes(json, refuse);
  const problem = inkProblem(ink);
  if (problem !== null) throw refuse('ink', problem);
  return ink;
}

function jsonToImageBytes(json: unknown, refuse: Refuse): Uint8Array {
  const bytes = base64ToBytes(json, refuse);
  if (bytes.length > fileLimits.maxImageBytes) throw refuse('data');
  return bytes;
}

function jsonToRecord(json: unknown, refuse: Refuse): Record<string, unknown> {
  const record = asObject(jsonToRaw(json, refuse), refuse);
  // A version of before pages wrote the page of an image into its record.
  delete record.p;
  if (record instanceof Uint8Array || ownRecordKeys.some((key) => Object.hasOwn(record, key))) throw refuse('raw');
  return record;
}

/** Whether a line holds all there is to such an element. For the other kinds, `raw` has their record. */
export function isWholeKind(kind: string): kind is Exclude<ElementKind, 'image' | 'file'> {
  return isElementKind(kind) && kind !== 'image' && kind !== 'file';
}

function isReadableInk({ kind, ink }: FileElement): boolean {
  return kind !== 'stroke' || (ink !== null && inkProblem(ink) === null);
}

/** The error in a stroke's ink, if any. Ink of a newer version is kept unread; only its size is checked. */
function inkProblem(ink: Uint8Array): unknown {
  if (ink.length > MAX_INK_BYTES) return new BoardError('TOO_LARGE', `${ink.length} bytes of ink`);
  if ((ink[0] ?? 0) > 1) return null;
  try {
    decodeInk(ink);
    return null;
  } catch (problem) {
    return problem;
  }
}

/** JSON can hold -0, or a number that rounds to it; a board never stores it. */
function withoutMinusZero(value: unknown): unknown {
  return value === 0 ? 0 : value;
}

function asObject(json: unknown, refuse: Refuse): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse('not an object');
  return json as Record<string, unknown>;
}
