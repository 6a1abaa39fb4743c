/**
 * Which pictures and files a document still needs, for a store that wants to remove the others.
 *
 * The whole document is searched for the hashes, keys and all, not only the places that this version knows. A mention makes
 * its hash needed, with three exceptions, which this version understands completely:
 *
 *     base    ID -> { k: 'image' or 'file', m: { sha } }   the picture or file that an element was made with
 *     style   ID/picture -> [{ sha }, tag]                 the picture that took its place
 *     undo    STEP -> log                                  a picture that the step overwrote
 *
 * There the element may be hidden or the picture replaced: then it is known until when it was needed. A record that has the
 * hash once more than there, in a field of a newer version say, makes it needed again.
 */
import * as Y from 'yjs';
import { SCHEMA_VERSION } from './core.ts';
import { fieldOfKey, fields } from './document/fields.ts';
import { readImage } from './document/image-record.ts';
import { isElementId, isStep, stepTime } from './document/keys.ts';
import { openRoots, type Roots } from './document/roots.ts';
import { Elements } from './elements/elements.ts';
import { HashFinder } from './hash-finder.ts';
import { History } from './steps/history.ts';
import { StepClock } from './steps/step-clock.ts';
import type { ElementId, StepKey, UserId } from './types.ts';

/** Someone sees it, or may. */
const NOW = Infinity;

/**
 * @param doc Read, never written.
 * @param hashes SHA-256 in hex.
 * @returns For each hash that the document mentions the time until which it was needed, ms since 1970: `Infinity` while it is
 *   shown, in the chat, or in a place that this version cannot judge; otherwise when the last element that shows it was
 *   deleted, undone, or got another picture, by the clock of the device that did it. Hashes that are missing are nowhere.
 * @remarks O(bytes of the document), plus clears × hidden elements with such a hash. Reads all elements: about a
 *   second for 100,000.
 */
export function blobsUsed(doc: Y.Doc, hashes: Iterable<string>): Map<string, number> {
  const finder = new HashFinder(hashes);
  const needs = new Needs(doc);
  const until = new Map<string, number>();
  for (const { root, key, values } of placesOf(doc)) {
    if (finder.isDone) break;
    const found = finder.count(values);
    if (found.size === 0) continue;
    const judged = needs.judge(root, key);
    for (const [hash, times] of found) {
      const own = judged.get(hash);
      const untilMs = own === undefined || own.times < times ? NOW : Math.max(own.untilMs, until.get(hash) ?? -NOW);
      until.set(hash, untilMs);
      if (untilMs === NOW) finder.drop(hash);
    }
  }
  return until;
}

interface Judged {
  /** How often the value mentions the hash where this version understands it. */
  times: number;
  untilMs: number;
}

const nothing: ReadonlyMap<string, Judged> = new Map();

/** Judges mentions by where they are. */
class Needs {
  readonly #roots: Roots;
  readonly #history: History;
  readonly #elements: Elements;
  readonly #isTooNew: boolean;
  /** A shown picture may be mentioned only in the log of a step that was undone. */
  readonly #shown = new Set<string>();
  readonly #hiddenSince = new Map<ElementId, number>();

  constructor(doc: Y.Doc) {
    this.#roots = openRoots(doc);
    this.#history = new History(this.#roots, '' as UserId, new StepClock(() => 0));
    this.#elements = new Elements(doc, this.#roots, this.#history);
    for (const id of this.#elements.known()) {
      const { image, file } = this.#elements.get(id) ?? {};
      if (image) this.#shown.add(image.hash);
      if (file) this.#shown.add(file.hash);
    }
    const minReader = this.#roots.meta.get('minReader');
    this.#isTooNew = typeof minReader === 'number' && minReader > SCHEMA_VERSION;
  }

  /** @returns The mentions in this place that this version understands; all others are needed. */
  judge(root: string, key: string | null): ReadonlyMap<string, Judged> {
    if (this.#isTooNew || key === null) return nothing;
    if (root === 'base' && isElementId(key)) return this.#ofRecord(key);
    if (root === 'undo' && isStep(key)) return this.#ofLog(key);
    const target = root === 'style' ? fieldOfKey(root, key) : null;
    return target?.field === fields.picture ? this.#ofReplacement(target.id) : nothing;
  }

  #ofRecord(id: ElementId): ReadonlyMap<string, Judged> {
    const base = this.#elements.base(id);
    const hash = base?.image?.hash ?? base?.file?.hash;
    if (base === null || base.kind === 'unknown' || hash === undefined) return nothing;
    if (this.#elements.get(id) === undefined) return this.#once(hash, this.#hidden(id, base.step));
    const tag = this.#history.effective(fields.picture, id)?.tag ?? '';
    // 0 for a step whose log is trimmed: what it overwrote never comes back.
    return this.#once(hash, tag === '' ? 0 : stepTime(tag));
  }

  #ofReplacement(id: ElementId): ReadonlyMap<string, Judged> {
    const base = this.#elements.base(id);
    const stored = this.#history.stored(fields.picture, id);
    const hash = readImage(stored?.value)?.hash;
    if (base === null || base.kind === 'unknown' || stored === null || hash === undefined) return nothing;
    if (this.#elements.get(id) === undefined) return this.#once(hash, this.#hidden(id, base.step));
    return this.#once(hash, stored.tag === '' ? NOW : (this.#history.mark(stored.tag)?.at ?? NOW));
  }

  /** The log has the value that the step overwrote: undoing the step shows it again. */
  #ofLog(step: StepKey): ReadonlyMap<string, Judged> {
    const judged = new Map<string, Judged>();
    const untilMs = Math.max(stepTime(step), this.#history.mark(step)?.at ?? 0);
    for (const { field, before } of this.#history.log(step).entries) {
      const hash = field === fields.picture ? readImage(before?.value)?.hash : undefined;
      if (hash === undefined) continue;
      judged.set(hash, { times: (judged.get(hash)?.times ?? 0) + 1, untilMs: this.#shown.has(hash) ? NOW : untilMs });
    }
    return judged;
  }

  #once(hash: string, untilMs: number): ReadonlyMap<string, Judged> {
    return new Map([[hash, { times: 1, untilMs: this.#shown.has(hash) ? NOW : untilMs }]]);
  }

  /** The latest of the acts that hide an element: only when all are undone is it shown again. */
  #hidden(id: ElementId, madeBy: StepKey): number {
    let since = this.#hiddenSince.get(id);
    if (since !== undefined) return since;
    since = this.#history.mark(madeBy)?.at ?? 0;
    for (const step of this.#history.deletions.hiders(id)) since = Math.max(since, stepTime(step));
    this.#hiddenSince.set(id, since);
    return since;
  }
}

interface Place {
  /** '' for a place within a type of a root. */
  root: string;
  /** The key in a root that is a map; null elsewhere. */
  key: string | null;
  /** The values, and the key if it is unknown here. */
  values: readonly unknown[];
}

/** All values that are not deleted, the keys of maps, and each text as a whole: edits and formats split it. */
function* placesOf(doc: Y.Doc): Iterable<Place> {
  const names = new Map([...doc.share].map(([name, type]) => [type as unknown, name]));
  yield { root: '', key: null, values: [...names.values()] };
  const texts = new Set<Y.AbstractType<unknown>>();
  for (const structs of doc.store.clients.values())
    for (const item of structs) {
      if (!(item instanceof Y.Item) || item.deleted) continue;
      const { parent, parentSub: key } = item;
      if (key === null && item.content instanceof Y.ContentString && parent instanceof Y.AbstractType) texts.add(parent);
      const values = contentOf(item.content);
      yield { root: names.get(parent) ?? '', key, values: key === null ? values : [key, ...values] };
    }
  for (const text of texts) yield { root: '', key: null, values: [textOf(text)] };
}

function textOf(type: Y.AbstractType<unknown>): string {
  const parts: string[] = [];
  for (let item = type._start; item !== null; item = item.right)
    if (!item.deleted && item.content instanceof Y.ContentString) parts.push(item.content.str);
  return parts.join('');
}

function contentOf(content: Y.Item['content']): readonly unknown[] {
  if (content instanceof Y.ContentType) {
    const { nodeName, hookName } = content.type as { nodeName?: unknown; hookName?: unknown };
    return [nodeName, hookName].filter((name) => typeof name === 'string');
  }
  if (content instanceof Y.ContentDoc) return [content.doc.guid, content.opts];
  if (content instanceof Y.ContentString) return [content.str];
  if (content instanceof Y.ContentFormat) return [content.key, content.value];
  return content.getContent();
}
