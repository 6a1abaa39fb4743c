/**
 * The shown board: one entry per known element id, and the shown elements in paint order.
 *
 * After a transaction only elements it touched are resolved again; an element that looks as before stays the same object.
 */
import type * as Y from 'yjs';
import { type Field, defaultStyle, fieldList, fieldOfKey, fields, valueToGeometry } from '../document/fields.ts';
import { type History, type Touch, covers } from '../steps/history.ts';
import { elementCounter, elementSession, isElementId, stepTime } from '../document/keys.ts';
import { isSameImage } from '../document/image-record.ts';
import { implicitOrderKey, orderKeyOfPlace, paintPlace } from '../document/order-key.ts';
import { type Placed, PaintOrder } from './paint-order.ts';
import { type BaseRecord, type Deletion, readBase } from '../document/records.ts';
import { type Roots, overrideRoots, textRoot } from '../document/roots.ts';
import { readText } from '../text/text-content.ts';
import type { BoardChange, BoardElement, ElementId, SessionId, Style } from '../types.ts';

interface Entry {
  readonly id: ElementId;
  base: BaseRecord | null;
  /** Bit `1 << field.code` for every field with a stored override. */
  overridden: number;
  shown: BoardElement | null;
  /** The shown object before the element was hidden, while nothing else about it changes: most come back looking the same. */
  hiddenAs: BoardElement | null;
  /** Its place in paint order, also while hidden. */
  place: string;
  /** Aspects that the current transaction may have changed. */
  touched: Touched;
  /** Whether it is in the list of its session. */
  isListed: boolean;
}

/** Possible change of an element: none, whether it is hidden, or any. */
type Touched = 0 | 1 | 2;
const NOTHING = 0;
const VISIBILITY = 1;
const LOOK = 2;

const styleBits = fieldList.reduce((bits, field) => (field.prop === null ? bits : bits | (1 << field.code)), 0);

export class Elements {
  readonly order = new PaintOrder();
  readonly #doc: Y.Doc;
  readonly #roots: Roots;
  readonly #history: History;
  readonly #entries = new Map<ElementId, Entry>();
  readonly #bySession = new Map<SessionId, Entry[]>();
  #likelyStyle = defaultStyle;
  readonly #textOwners = new Map<Y.AbstractType<unknown>, ElementId>();

  /** Reads the whole document once. */
  constructor(doc: Y.Doc, roots: Roots, history: History) {
    this.#doc = doc;
    this.#roots = roots;
    this.#history = history;
    const ignore: Touch = { element: () => undefined, session: () => undefined };
    for (const key of roots.who.keys()) history.whoChanged(key, ignore);
    for (const key of roots.later.keys()) history.laterChanged(key);
    for (const key of roots.undone.keys()) history.markChanged(key, ignore);
    for (const key of roots.gone.keys()) history.goneChanged(key, ignore);
    for (const key of roots.undo.keys()) history.logChanged(key, ignore);
    for (const [key, stored] of roots.base.entries()) this.#readBase(key, stored);
    for (const root of overrideRoots) for (const key of roots[root].keys()) this.#overrideChanged(root, key);
    const added: Placed[] = [];
    for (const entry of this.#entries.values()) {
      const element = this.#resolve(entry);
      if (element === null) continue;
      entry.shown = element;
      added.push({ place: entry.place, element });
    }
    this.order.patch([], added, []);
  }

  get(id: ElementId): BoardElement | undefined {
    return this.#entries.get(id)?.shown ?? undefined;
  }

  /** The record an element was created with, shown or not. */
  base(id: ElementId): BaseRecord | null {
    return this.#entries.get(id)?.base ?? null;
  }

  /** Every known id, shown or not. */
  known(): Iterable<ElementId> {
    return this.#entries.keys();
  }

  placeOf(id: ElementId): string | undefined {
    const entry = this.#entries.get(id);
    return entry === undefined || entry.shown === null ? undefined : entry.place;
  }

  orderKeyOf(id: ElementId): string | undefined {
    const place = this.placeOf(id);
    return place === undefined ? undefined : orderKeyOfPlace(place);
  }

  isOverriddenAtAll(id: ElementId): boolean {
    return (this.#entries.get(id)?.overridden ?? 0) !== 0;
  }

  isOverridden(id: ElementId, field: Field): boolean {
    return ((this.#entries.get(id)?.overridden ?? 0) & (1 << field.code)) !== 0;
  }

  /** Hidden elements that a deletion covers. */
  coveredAndHidden(deletion: Deletion): Iterable<ElementId> {
    return this.#covered(deletion, ({ shown }) => shown === null);
  }

  /** Elements covered by a deletion that may have been changed since they were made. */
  coveredAndWorkedOn(deletion: Deletion): Iterable<ElementId> {
    return this.#covered(deletion, ({ base, overridden }) => overridden !== 0 || base?.kind === 'text');
  }

  *#covered(deletion: Deletion, isWanted: (entry: Entry) => boolean): Iterable<ElementId> {
    const ids = deletion.type === 'list' ? deletion.ids : [];
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry !== undefined && entry.base !== null && isWanted(entry)) yield id;
    }
    const sessions = deletion.type === 'clear' ? deletion.vector.keys() : [];
    for (const session of sessions) {
      for (const entry of this.#bySession.get(session) ?? []) {
        if (entry.base !== null && isWanted(entry) && covers(deletion, entry.id)) yield entry.id;
      }
    }
  }

  /** Takes in the changes of a transaction. Returns null when no shown element changed. */
  update(transaction: Y.Transaction): BoardChange | null {
    const dirty: Entry[] = [];
    const add = (entry: Entry | null | undefined, touched: Touched): void => {
      if (entry === undefined || entry === null) return;
      if (entry.touched === NOTHING) dirty.push(entry);
      if (touched > entry.touched) entry.touched = touched;
    };
    const touch: Touch = {
      element: (id, what) => add(this.#entries.get(id), what === 'visibility' ? VISIBILITY : LOOK),
      session: (session, next, what) => {
        const touched = what === 'visibility' ? VISIBILITY : LOOK;
        for (const entry of this.#bySession.get(session) ?? []) if (elementCounter(entry.id) < next) add(entry, touched);
      },
    };
    const changed = transaction.changed as Map<unknown, Set<string | null>>;
    const eachKey = (root: Y.Map<unknown>, take: (key: string) => void): void => {
      for (const key of changed.get(root) ?? []) if (key !== null) take(key);
    };
    const { who, later, undone, gone, undo, base } = this.#roots;
    eachKey(who, (key) => this.#history.whoChanged(key, touch));
    eachKey(later, (key) => this.#history.laterChanged(key));
    eachKey(gone, (key) => this.#history.goneChanged(key, touch));
    eachKey(undo, (key) => this.#history.logChanged(key, touch));
    eachKey(base, (key) => add(this.#readBase(key, base.get(key)), LOOK));
    eachKey(undone, (key) => this.#history.markChanged(key, touch));
    for (const root of overrideRoots) {
      eachKey(this.#roots[root], (key) => add(this.#overrideChanged(root, key), LOOK));
    }
    if (this.#textOwners.size > 0) {
      for (const type of transaction.changedParentTypes.keys()) {
        const owner = this.#textOwners.get(type as Y.AbstractType<unknown>);
        if (owner !== undefined) touch.element(owner);
      }
    }
    return this.#refresh(dirty, transaction);
  }

  #refresh(dirty: readonly Entry[], transaction: Y.Transaction): BoardChange | null {
    const change = {
      added: [] as BoardElement[],
      changed: [] as { before: BoardElement; after: BoardElement }[],
      removed: [] as BoardElement[],
      isReordered: false,
      isLocal: transaction.local,
    };
    const leaving: string[] = [];
    const coming: Placed[] = [];
    const replaced: Placed[] = [];
    for (const entry of dirty) {
      const before = entry.shown;
      const placeBefore = entry.place;
      const { touched } = entry;
      const after = touched === LOOK ? this.#resolve(entry) : this.#resolveVisibility(entry);
      entry.touched = NOTHING;
      entry.shown = after;
      if (after !== null || touched === LOOK) entry.hiddenAs = null;
      else entry.hiddenAs ??= before;
      if (before === after) continue;
      if (before === null && after !== null) {
        change.added.push(after);
        coming.push({ place: entry.place, element: after });
      } else if (before !== null && after === null) {
        change.removed.push(before);
        leaving.push(placeBefore);
      } else if (before !== null && after !== null) {
        change.changed.push({ before, after });
        if (entry.place === placeBefore) {
          replaced.push({ place: entry.place, element: after });
        } else {
          change.isReordered = true;
          leaving.push(placeBefore);
          coming.push({ place: entry.place, element: after });
        }
      }
    }
    if (change.added.length + change.changed.length + change.removed.length === 0) return null;
    this.order.patch(leaving, coming, replaced);
    return change;
  }

  #entry(id: ElementId): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { id, base: null, overridden: 0, shown: null, hiddenAs: null, place: '', touched: NOTHING, isListed: false };
      this.#entries.set(id, entry);
    }
    return entry;
  }

  #readBase(key: string, stored: unknown): Entry | null {
    if (!isElementId(key)) return null;
    const entry = this.#entry(key);
    if (entry.base !== null) this.#history.baseRemoved(key, entry.base.step);
    entry.base = stored === undefined ? null : readBase(key, stored, this.#likelyStyle);
    if (entry.base !== null) this.#likelyStyle = entry.base.style;
    if (stored !== undefined) this.#history.baseAdded(key, entry.base?.step ?? null);
    if (!entry.isListed && entry.base !== null) this.#listInSession(entry);
    return entry;
  }

  #listInSession(entry: Entry): void {
    entry.isListed = true;
    const session = elementSession(entry.id);
    const list = this.#bySession.get(session);
    if (list === undefined) this.#bySession.set(session, [entry]);
    else list.push(entry);
  }

  #overrideChanged(root: (typeof overrideRoots)[number], key: string): Entry | null {
    const stored = this.#roots[root].get(key);
    this.#history.tagSeen(stored);
    if (root === 'txt') this.#history.settledChanged(key);
    const target = fieldOfKey(root, key);
    if (target === null) return null;
    const { field, id } = target;
    const entry = this.#entry(id);
    if (entry.base === null) this.#history.named(elementSession(id), elementCounter(id) + 1);
    if (stored === undefined) entry.overridden &= ~(1 << field.code);
    else entry.overridden |= 1 << field.code;
    return entry;
  }

  /** Like `resolve`, for an element of which only whether it is hidden can have changed. */
  #resolveVisibility(entry: Entry): BoardElement | null {
    const { id, base, shown, hiddenAs } = entry;
    const known = shown ?? hiddenAs;
    if (known === null || base === null) return this.#resolve(entry);
    return this.#history.isHidden(id, base.step) ? null : known;
  }

  /** The element that `entry` shows now: the same object if it looks as before. Sets its place. */
  #resolve(entry: Entry): BoardElement | null {
    const { id, base } = entry;
    if (base === null || this.#history.isHidden(id, base.step)) return null;
    const z = this.#shownValue(entry, fields.z) as string | undefined;
    const orderKey = z ?? base.orderKey;
    const geometry = this.#shownValue(entry, fields.geo);
    const author = this.#history.userOf(base.step) ?? '';
    const before = entry.shown;
    const element: BoardElement = {
      id,
      kind: base.kind,
      author,
      session: elementSession(id),
      step: base.step,
      createdAt: stepTime(base.step),
      geometry: geometry === undefined ? base.geometry : valueToGeometry(geometry),
      baseGeometry: base.geometry,
      style: (entry.overridden & styleBits) === 0 ? base.style : this.#style(entry, base.style),
      z: orderKey,
      isLocked: this.#shownValue(entry, fields.lock) === true,
      gesture: base.gesture,
      ink: base.ink,
      text: base.kind === 'text' ? this.#text(id) : '',
      image: base.image,
      alt: (this.#shownValue(entry, fields.alt) as string | undefined) ?? '',
    };
    if (before !== null && looksTheSame(before, element)) return before;
    entry.place = paintPlace(orderKey ?? implicitOrderKey(base.step, id), id);
    return element;
  }

  #shownValue(entry: Entry, field: Field): unknown {
    if ((entry.overridden & (1 << field.code)) === 0) return undefined;
    return this.#history.effective(field, entry.id)?.value;
  }

  #style(entry: Entry, base: Style): Style {
    const style: Record<string, unknown> = { ...base };
    for (const field of fieldList) {
      if (field.prop === null) continue;
      const value = this.#shownValue(entry, field);
      if (value !== undefined) style[field.prop] = value;
    }
    return style as unknown as Style;
  }

  #text(id: ElementId): string {
    const fragment = textRoot(this.#doc, id);
    this.#textOwners.set(fragment as unknown as Y.AbstractType<unknown>, id);
    return readText(fragment);
  }
}

function looksTheSame(a: BoardElement, b: BoardElement): boolean {
  return (
    a.kind === b.kind &&
    a.step === b.step &&
    a.author === b.author &&
    a.z === b.z &&
    a.ink === b.ink &&
    a.isLocked === b.isLocked &&
    a.gesture === b.gesture &&
    a.text === b.text &&
    a.alt === b.alt &&
    isSameImage(a.image, b.image) &&
    isSame(a.geometry, b.geometry) &&
    isSame(a.baseGeometry, b.baseGeometry) &&
    isSame(a.style, b.style)
  );
}

/** Whether two flat objects with the same keys have equal values. */
function isSame<Flat extends object>(a: Flat, b: Flat): boolean {
  if (a === b) return true;
  for (const key of Object.keys(a) as (keyof Flat)[]) if (a[key] !== b[key]) return false;
  return true;
}
