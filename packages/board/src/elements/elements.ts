/**
 * The shown board: one entry per known element id, and the shown elements in paint order.
 *
 * After a transaction only elements it touched are resolved again; an element that looks as before stays the same object.
 */
import type * as Y from 'yjs';
import { type Field, defaultStyle, fieldList, fieldOfKey, fields, isStyleField, valueToGeometry } from '../document/fields.ts';
import { type FieldSet, fieldSet, hasField, hasFieldOf, hasFields, setField } from '../document/field-set.ts';
import { type History, type Touch, covers } from '../steps/history.ts';
import { elementCounter, elementSession, isElementId, stepTime } from '../document/keys.ts';
import { isSameFile } from '../document/file-record.ts';
import { isSameImage } from '../document/image-record.ts';
import { areSamePoints, isLineKind } from '../document/line-points.ts';
import { framePlace, implicitOrderKey, orderKeyOfPlace, paintPlace } from '../document/order-key.ts';
import { Groups } from './groups.ts';
import { FIRST_ORDER, FIRST_PAGE, Pages } from './pages.ts';
import { type Placed, PaintOrder } from './paint-order.ts';
import { pictureOf } from './picture.ts';
import { type BaseRecord, type Deletion, isHolder, readBase } from '../document/records.ts';
import { type Roots, overrideRoots, textRoot } from '../document/roots.ts';
import { shownLine } from '../text/shown-line.ts';
import { readText } from '../text/text-content.ts';
import type { BoardChange, BoardElement, ElementId, PageId, SessionId, Style } from '../types.ts';

/** The fields in it are those with a stored override. */
interface Entry extends FieldSet {
  readonly id: ElementId;
  base: BaseRecord | null;
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
/** The record of an element, not of a group or a page. */
type ElementRecord = BaseRecord & { readonly kind: BoardElement['kind'] };

const NOTHING = 0;
const VISIBILITY = 1;
const LOOK = 2;

const styleFields = fieldSet(fieldList.filter(isStyleField));

const inNoFrame = { frame: null, depth: 0 };

export class Elements {
  readonly order = new PaintOrder();
  readonly groups = new Groups();
  readonly pages = new Pages();
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
    this.#entry(FIRST_PAGE);
    for (const root of overrideRoots) for (const key of roots[root].keys()) this.#overrideChanged(root, key);
    for (const entry of this.#entries.values()) {
      this.#readGrouping(entry);
      this.#readPage(entry);
    }
    this.groups.settle();
    const added: Placed[] = [];
    for (const entry of this.#entries.values()) {
      const element = this.#resolve(entry);
      if (element === null) continue;
      entry.shown = element;
      this.pages.move(null, element.page);
      if (element.parent !== null) this.groups.place(element.id, { isShown: true });
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

  /** Whether it is an element that is shown, a group with something shown in it, or a shown page. */
  isShown(id: ElementId): boolean {
    return this.get(id) !== undefined || this.groups.isShown(id) || (this.base(id)?.kind === 'page' && this.pages.isShown(id));
  }

  /** Whether an element, a group or a page is neither deleted nor undone. */
  isThere(id: ElementId): boolean {
    const base = this.base(id);
    if (base?.kind === 'page' || id === FIRST_PAGE) return this.#isPageThere(id, base);
    return base !== null && !this.#history.isHidden(id, base.step);
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
    const entry = this.#entries.get(id);
    return entry !== undefined && hasFields(entry);
  }

  isOverridden(id: ElementId, field: Field): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && hasField(entry, field);
  }

  /** Hidden elements that a deletion covers. */
  coveredAndHidden(deletion: Deletion): Iterable<ElementId> {
    return this.#covered(deletion, ({ shown }) => shown === null);
  }

  /** Elements covered by a deletion that may have been changed since they were made. */
  coveredAndWorkedOn(deletion: Deletion): Iterable<ElementId> {
    return this.#covered(deletion, (entry) => hasFields(entry) || isWorkedOnUnseen(entry.base));
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

  isDeleted(id: ElementId): boolean {
    const entry = this.#entries.get(id);
    const base = entry?.base ?? null;
    if (entry === undefined || base === null || entry.shown !== null || !isElementRecord(base)) return false;
    return !this.#history.isUnmade(id, base.step) && this.#history.deletions.isHidden(id);
  }

  /** A deleted element as it was, and as it would be shown again; null for anything else. */
  deleted(id: ElementId): BoardElement | null {
    const entry = this.#entries.get(id);
    const base = entry?.base ?? null;
    if (entry === undefined || base === null || !isElementRecord(base) || !this.isDeleted(id)) return null;
    return entry.hiddenAs ?? this.#elementOf(entry, base);
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
    for (const entry of [...dirty]) {
      this.#readGrouping(entry);
      for (const id of this.#readPage(entry)) add(this.#entries.get(id), LOOK);
    }
    for (const id of this.groups.settle()) add(this.#entries.get(id), LOOK);
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
    let isRegrouped = false;
    for (const entry of dirty) {
      const before = entry.shown;
      const placeBefore = entry.place;
      const { touched } = entry;
      const after = touched === LOOK ? this.#resolve(entry) : this.#resolveVisibility(entry);
      entry.touched = NOTHING;
      entry.shown = after;
      this.pages.move(before?.page ?? null, after?.page ?? null);
      if (after !== null || touched === LOOK) entry.hiddenAs = null;
      else entry.hiddenAs ??= before;
      if (this.#placeInGroup(entry)) isRegrouped = true;
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
    if (change.added.length + change.changed.length + change.removed.length === 0 && !isRegrouped) return null;
    this.order.patch(leaving, coming, replaced);
    return change;
  }

  #entry(id: ElementId): Entry {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      const state = { shown: null, hiddenAs: null, place: '', touched: NOTHING, isListed: false } as const;
      entry = { id, base: null, lowFields: 0, highFields: 0, ...state };
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
    setField(entry, field, { isIn: stored !== undefined });
    return entry;
  }

  #readGrouping(entry: Entry): void {
    const { id, base } = entry;
    const isHolding = base !== null && isHolder(base.kind);
    if (!isHolding && !hasField(entry, fields.parent) && !this.groups.knows(id)) return;
    const named = base === null ? undefined : this.#shownValue(entry, fields.parent);
    const isThere = isHolding && !this.#history.isHidden(id, base.step);
    this.groups.set(id, { named: (named as ElementId | undefined) ?? null, isThere, isFrame: base?.kind === 'frame' });
  }

  /** @returns Elements that may be on another page now. */
  #readPage(entry: Entry): Iterable<ElementId> {
    const { id, base } = entry;
    if (base?.kind !== 'page' && id !== FIRST_PAGE) {
      if (!this.pages.has(id)) return [];
      this.pages.remove(id);
      return [...this.#entries.values()].filter(({ shown, hiddenAs }) => (shown ?? hiddenAs)?.page === id).map((on) => on.id);
    }
    if (id === FIRST_PAGE) this.pages.setPaper(this.#shownValue(entry, fields.paperPattern), this.#shownValue(entry, fields.paperTone));
    const named = this.#shownValue(entry, fields.pageName) as string | undefined;
    const moved = this.#shownValue(entry, fields.pageOrder) as string | undefined;
    const order = moved ?? base?.orderKey ?? (base === null ? FIRST_ORDER : implicitOrderKey(base.step, id));
    const record = { name: named ?? base?.name ?? '', order, isThere: this.#isPageThere(id, base) };
    return this.pages.set(id === FIRST_PAGE ? '' : id, record);
  }

  #isPageThere(id: ElementId, base: BaseRecord | null): boolean {
    return !(base !== null && this.#history.isUnmade(id, base.step)) && !this.#history.deletions.isListed(id);
  }

  /** Takes in where an entry that may have changed belongs now. Returns whether a group came, went or moved. */
  #placeInGroup({ id, base, shown }: Entry): boolean {
    if (base?.kind === 'group') return this.groups.placeGroup(id);
    return (shown?.parent ?? null) !== this.groups.groupOf(id) && this.groups.place(id, { isShown: shown !== null });
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
    if (base === null || !isElementRecord(base) || this.#history.isHidden(id, base.step)) return null;
    const element = this.#elementOf(entry, base);
    const before = entry.shown;
    const isFrame = base.kind === 'frame';
    const looksAsBefore = before !== null && looksTheSame(before, element);
    // A frame can lie deeper than before without anything of it having changed.
    if (looksAsBefore && !isFrame) return before;
    const key = element.z ?? implicitOrderKey(base.step, id);
    const depth = isFrame && hasField(entry, fields.parent) ? this.groups.framesAround(id).depth : 0;
    const place = isFrame ? framePlace(key, id, depth) : paintPlace(key, id);
    if (looksAsBefore && place === entry.place) return before;
    entry.place = place;
    return element;
  }

  /** The element that `entry` shows, or would show if it were not hidden. */
  #elementOf(entry: Entry, base: ElementRecord): BoardElement {
    const { id } = entry;
    const z = this.#shownValue(entry, fields.z) as string | undefined;
    const orderKey = z ?? base.orderKey;
    const geometry = this.#shownValue(entry, fields.geo);
    const author = this.#history.userOf(base.step) ?? '';
    const whole = geometry === undefined ? base.geometry : valueToGeometry(geometry);
    const isFrame = base.kind === 'frame';
    const around = hasField(entry, fields.parent) ? this.groups.framesAround(id) : inNoFrame;
    return {
      id,
      kind: base.kind,
      author,
      session: elementSession(id),
      step: base.step,
      createdAt: stepTime(base.step),
      page: this.pages.of(id, (this.#shownValue(entry, fields.page) as PageId | undefined) ?? base.page),
      parent: hasField(entry, fields.parent) ? this.groups.parentOf(id) : null,
      frame: around.frame,
      baseGeometry: base.geometry,
      style: hasFieldOf(entry, styleFields) ? this.#style(entry, base.style) : base.style,
      z: orderKey,
      isLocked: this.#shownValue(entry, fields.lock) === true,
      gesture: base.gesture,
      ink: base.ink,
      points: this.#points(entry, base),
      text: base.kind === 'text' ? this.#text(id) : isFrame ? this.#title(entry, base) : '',
      file: base.file,
      ...pictureOf(base, whole, (field) => this.#shownValue(entry, field)),
      alt: (this.#shownValue(entry, fields.alt) as string | undefined) ?? '',
    };
  }

  #shownValue(entry: Entry, field: Field): unknown {
    if (!hasField(entry, field)) return undefined;
    return this.#history.effective(field, entry.id)?.value;
  }

  #style(entry: Entry, base: Style): Style {
    const style: Record<string, unknown> = { ...base };
    for (const field of fieldList) {
      if (!isStyleField(field)) continue;
      const value = this.#shownValue(entry, field);
      if (value !== undefined) style[field.prop] = value;
    }
    return style as unknown as Style;
  }

  #points(entry: Entry, { kind, points }: BaseRecord): readonly number[] | null {
    if (!isLineKind(kind)) return null;
    const value = this.#shownValue(entry, fields.points);
    return value === undefined ? points : (value as readonly number[] | null);
  }

  #title(entry: Entry, base: BaseRecord): string {
    return shownLine((this.#shownValue(entry, fields.title) as string | undefined) ?? base.title);
  }

  #text(id: ElementId): string {
    const fragment = textRoot(this.#doc, id);
    this.#textOwners.set(fragment as unknown as Y.AbstractType<unknown>, id);
    return readText(fragment);
  }
}

function isElementRecord(base: BaseRecord): base is ElementRecord {
  return base.kind !== 'group' && base.kind !== 'page';
}

/** Whether others can work on it without an override of its own: by typing, or by putting something into it. */
function isWorkedOnUnseen(base: BaseRecord | null): boolean {
  return base?.kind === 'text' || base?.kind === 'page' || isHolder(base?.kind);
}

function looksTheSame(a: BoardElement, b: BoardElement): boolean {
  return (
    a.kind === b.kind &&
    a.step === b.step &&
    a.author === b.author &&
    a.page === b.page &&
    a.parent === b.parent &&
    a.frame === b.frame &&
    a.z === b.z &&
    a.ink === b.ink &&
    a.isLocked === b.isLocked &&
    a.gesture === b.gesture &&
    a.text === b.text &&
    a.alt === b.alt &&
    areSamePoints(a.points, b.points) &&
    isSameImage(a.image, b.image) &&
    isSameFile(a.file, b.file) &&
    isSame(a.geometry, b.geometry) &&
    isSame(a.baseGeometry, b.baseGeometry) &&
    isSame(a.style, b.style) &&
    isSame(a.look, b.look) &&
    isSame(a.crop, b.crop)
  );
}

/** Whether two flat objects with the same keys have equal values. */
function isSame<Flat extends object>(a: Flat, b: Flat): boolean {
  if (a === b) return true;
  for (const key of Object.keys(a) as (keyof Flat)[]) if (a[key] !== b[key]) return false;
  return true;
}
