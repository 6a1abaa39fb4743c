/**
 * The writes of one gesture: gathered while its callback runs, written in one transaction when it ends.
 *
 * They are gathered because they must be written in this order: the session's user, the logged step, then the fields. A
 * receiver may apply only the beginning of a transaction, and without its step it could not look beneath a value.
 * Writes that change nothing are left out, so a gesture without effect leaves no step behind.
 */
import { type Core, introduce } from '../core.ts';
import { replaceInLog } from './log-repair.ts';
import { BoardError } from '../errors.ts';
import {
  type Field,
  type Tagged,
  fields,
  geometryToValue,
  isGeometryValue,
  isLookField,
  isStyleField,
  isLaterStyle,
  isStyleValue,
  keyOfField,
  styleProps,
} from '../document/fields.ts';
import { isElementId, stepKey, stepSession } from '../document/keys.ts';
import { isFile } from '../document/file-record.ts';
import { areSamePoints, isLineKind, isLinePoints, isPointsValue, storedPoints } from '../document/line-points.ts';
import { isImage, isSameImage, readImage, writeImage } from '../document/image-record.ts';
import {
  cropToValue,
  isCropValue,
  isLookProp,
  isLookValue,
  lookProps,
  cropGeometry,
  storedGeometry,
  valueToCrop,
  wholeCrop,
  wholeGeometry,
} from '../document/look.ts';
import { MAX_ALT_LENGTH, MAX_GESTURE_LENGTH, MAX_INK_BYTES, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from '../limits.ts';
import { type Deletion, isElementKind, writeBase, writeDeletion, writeGroup, writePage } from '../document/records.ts';
import { PendingGroups } from './pending-groups.ts';
import { checkPageName, PendingPages } from './pending-pages.ts';
import { FIRST_PAGE, keyOfPage } from '../elements/pages.ts';
import { defaultPaper, isPaperPattern, isPaperTone } from '../color/papers.ts';
import { planAtBack, planOnTop, planReorder } from '../elements/reorder.ts';
import { textRoot } from '../document/roots.ts';
import { wellFormed } from '../text/surrogates.ts';
import { spliceText } from '../text/text-content.ts';
import { encodeStepLog, logEntry } from '../steps/step-log.ts';
import { trim } from './trim.ts';
import type {
  Crop,
  Edit,
  ElementId,
  Geometry,
  ImageContent,
  Look,
  NewElement,
  PageId,
  Paper,
  ReorderTarget,
  StepKey,
  Style,
} from '../types.ts';

interface Override {
  readonly field: Field;
  readonly id: ElementId;
  readonly value: unknown;
}

export class PendingEdit implements Edit {
  readonly #core: Core;
  readonly #created = new Map<ElementId, NewElement>();
  readonly #locked = new Set<ElementId>();
  /** Created ones that begin under everything else. */
  readonly #atBack = new Set<ElementId>();
  readonly #overrides = new Map<string, Override>();
  readonly #groups: PendingGroups;
  #pages: PendingPages | null = null;
  readonly #repairs = new Map<ElementId, string>();
  readonly #removed = new Set<ElementId>();
  readonly #restored = new Set<ElementId>();
  #isClear = false;

  /** The page in view, if the gesture is made on one. */
  readonly #page: PageId | undefined;

  constructor(core: Core, page?: PageId) {
    this.#core = core;
    this.#page = page;
    this.#groups = new PendingGroups(core.elements, (id) => this.#created.get(id));
    core.session.leaveForged();
  }

  create(element: NewElement): ElementId {
    const checked = checkElement(element);
    const id = this.#core.session.nextElement();
    this.#created.set(id, this.#page === undefined ? checked : { page: this.#page, ...checked });
    return id;
  }

  setGeometry(id: ElementId, geometry: Geometry): void {
    checkGeometry(geometry);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, geometry: { ...geometry } });
    else this.#setShownGeometry(id, geometry);
  }

  setStyle<Prop extends keyof Style>(id: ElementId, prop: Prop, value: Style[Prop]): void {
    if (!styleProps.includes(prop) || !isStyleValue(prop, value)) throw new BoardError('BAD_ELEMENT', `style ${prop}`);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, style: { ...created.style, [prop]: value } });
    else this.#override(fields[prop], id, value);
  }

  setPoints(id: ElementId, points: readonly number[] | null): void {
    if (!isPointsValue(points)) throw new BoardError('BAD_ELEMENT', 'points');
    const created = this.#created.get(id);
    if (!isLineKind(created?.kind ?? this.#core.elements.get(id)?.kind)) return;
    if (created === undefined) return this.#override(fields.points, id, points === null ? null : storedPoints(points));
    const { points: _, ...straight } = created;
    this.#created.set(id, points === null ? straight : { ...straight, points });
  }

  setLocked(id: ElementId, isLocked: boolean): void {
    if (!this.#created.has(id)) this.#override(fields.lock, id, isLocked);
    else if (isLocked) this.#locked.add(id);
    else this.#locked.delete(id);
  }

  setLook<Prop extends keyof Look>(id: ElementId, prop: Prop, value: number): void {
    if (!isLookProp(prop) || !isLookValue(prop, value)) throw new BoardError('BAD_ELEMENT', `look ${prop}`);
    const created = this.#created.get(id);
    if (created !== undefined) this.#changeCreated(created, id, { look: { ...created.look, [prop]: value + 0 } });
    // "+ 0" turns -0 into 0.
    else this.#overrideImage(fields[prop], id, value + 0);
  }

  setCrop(id: ElementId, crop: Crop): void {
    checkCrop(crop);
    const created = this.#created.get(id);
    if (created !== undefined) {
      const whole = wholeGeometry(created.geometry, created.crop ?? wholeCrop);
      this.#changeCreated(created, id, { crop: { ...crop }, geometry: cropGeometry(whole, crop) });
    } else this.#overrideImage(fields.crop, id, cropToValue(crop));
  }

  setImage(id: ElementId, image: ImageContent): void {
    if (!isImage(image)) throw new BoardError('BAD_ELEMENT', 'image');
    const created = this.#created.get(id);
    if (created !== undefined) this.#changeCreated(created, id, { image });
    else this.#overrideImage(fields.picture, id, writeImage(image));
  }

  setAlt(id: ElementId, alt: string): void {
    checkAlt(alt);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, alt });
    else this.#override(fields.alt, id, wellFormed(alt));
  }

  setTitle(id: ElementId, title: string): void {
    checkTitle(title);
    const created = this.#created.get(id);
    if (created?.kind === 'frame') this.#created.set(id, { ...created, text: title });
    else if (this.#core.elements.get(id)?.kind === 'frame') this.#override(fields.title, id, wellFormed(title));
  }

  setPage(ids: Iterable<ElementId>, page: PageId): void {
    const { pages } = this.#core.elements;
    if (!(this.#pages?.has(page) ?? pages.isShown(page))) return;
    const moving = new Set<ElementId>();
    for (const id of ids) {
      const created = this.#created.get(id);
      if (created !== undefined) this.#created.set(id, { ...created, page });
      else for (const one of [id, ...this.#within(id)]) if (this.#core.elements.get(one) !== undefined) moving.add(one);
    }
    for (const id of moving) this.#override(fields.page, id, page);
    this.#groups.put(this.#groups.tornFrom(moving), null);
  }

  addPage({ after, name = '' }: { readonly after?: PageId | undefined; readonly name?: string | undefined } = {}): ElementId {
    const id = this.#core.session.nextElement();
    this.#pendingPages().add(id, wellFormed(name), after);
    return id;
  }

  renamePage(page: PageId, name: string): void {
    checkPageName(name);
    if (this.#pendingPages().renameMade(page, wellFormed(name))) return;
    this.#overridePage(fields.pageName, page, wellFormed(name));
  }

  movePage(page: PageId, before: PageId | null): void {
    const order = this.#pendingPages().move(page, before);
    if (order !== null) this.#overridePage(fields.pageOrder, page, order);
  }

  setPaper({ pattern, tone }: Partial<Paper>): void {
    if (!isPaperPattern(pattern ?? defaultPaper.pattern) || !isPaperTone(tone ?? defaultPaper.tone))
      throw new BoardError('BAD_ELEMENT', 'paper');
    const set = (field: Field, value: string): unknown =>
      this.#overrides.set(overrideKey(field, FIRST_PAGE), { field, id: FIRST_PAGE, value });
    if (pattern !== undefined) set(fields.paperPattern, pattern);
    if (tone !== undefined) set(fields.paperTone, tone);
  }

  removePage(page: PageId): void {
    const { elements } = this.#core;
    if (!elements.pages.isShown(page)) return;
    this.#removed.add(keyOfPage(page));
    for (const element of elements.order.elements()) if (element.page === page) this.#removed.add(element.id);
  }

  /** Records that this user types in a text, shown or not, so that undoing its creation spares it. */
  touchText(id: ElementId): void {
    if (this.#core.elements.base(id) !== null) this.#overrides.set(overrideKey(fields.txt, id), { field: fields.txt, id, value: 0 });
  }

  remove(ids: Iterable<ElementId>): void {
    const { elements } = this.#core;
    for (const id of ids) {
      if (this.#created.delete(id) || !elements.isShown(id)) continue;
      this.#removed.add(id);
      for (const within of this.#within(id)) this.#removed.add(within);
    }
  }

  restore(ids: Iterable<ElementId>): void {
    for (const id of ids) if (this.#core.elements.isDeleted(id)) this.#restored.add(id);
  }

  group(ids: Iterable<ElementId>): ElementId | null {
    const members = this.#groups.outermost(ids);
    if (members.length === 0) return null;
    const id = this.#core.session.nextElement();
    this.#groups.make(id, members);
    return id;
  }

  ungroup(ids: Iterable<ElementId>): void {
    for (const id of ids) if (this.#core.elements.groups.canHold(id)) this.#removed.add(id);
  }

  setParent(ids: Iterable<ElementId>, parent: ElementId | null): void {
    const holder = parent === null ? undefined : (this.#created.get(parent) ?? this.#core.elements.get(parent));
    if (holder !== undefined && holder.kind !== 'frame') throw new BoardError('BAD_ELEMENT', 'an element as a group');
    this.#groups.put(this.#groups.outermost(ids), parent);
  }

  reorder(ids: Iterable<ElementId>, to: ReorderTarget): void {
    const all = [...ids];
    if (to === 'back') for (const id of all) if (this.#created.has(id)) this.#atBack.add(id);
    const plan = planReorder(this.#core.elements, all, to);
    for (const [id, key] of plan.keys) this.#override(fields.z, id, key);
    for (const [id, key] of plan.repairs) this.#repairs.set(id, key);
  }

  clear(): void {
    this.#isClear = true;
  }

  /**
   * Writes the gesture and returns its step, or null when there was nothing to write.
   *
   * @param joined The step to write it as, see `Board.run`. A page that had to take another session begins a step of its own.
   */
  commit(joined?: StepKey): StepKey | null {
    const core = this.#core;
    for (const [id, value] of this.#groups.changed())
      this.#overrides.set(overrideKey(fields.parent, id), { field: fields.parent, id, value });
    const overrides = [...this.#overrides.values()].filter((override) => this.#isChange(override));
    const clears = this.#isClear && core.elements.order.count > 0;
    const repairs = this.#repairs.size + (this.#pages?.repairs.size ?? 0);
    if (joined !== undefined && overrides.length + this.#removed.size + this.#restored.size + repairs + (clears ? 1 : 0) > 0)
      throw new RangeError('only what is created can join an earlier step');
    const created = this.#created.size + this.#groups.made().size + (this.#pages?.made().size ?? 0);
    if (this.#restored.size > 0 && (this.#removed.size > 0 || clears)) throw new RangeError('one edit either deletes or restores');
    if (overrides.length + created + this.#removed.size + this.#restored.size + repairs === 0 && !clears) return null;
    const session = core.session.claim();
    const isJoining = joined !== undefined && stepSession(joined) === session;
    const step = isJoining ? joined : stepKey(core.history.clock.tick(), session);
    core.doc.transact(() => {
      introduce(core);
      // A joined step keeps its time: to be later than a mark that undid it would be another step.
      const shift = isJoining ? null : core.history.order.shiftOf(step);
      if (shift !== null) core.roots.later.set(step, shift);
      this.#log(step, overrides);
      this.#writeCreated(step);
      for (const { field, id, value } of overrides) core.roots[field.root].set(keyOfField(field, id), [value, step]);
      this.#writeRepairs();
      const deletion = clears ? this.#clearing() : this.#removal();
      if (deletion !== null) core.roots.gone.set(step, writeDeletion(deletion));
      trim(core, { isLogging: overrides.length > 0 });
    }, core.origin);
    return step;
  }

  #changeCreated(created: NewElement, id: ElementId, patch: Partial<NewElement>): void {
    if (created.kind === 'image') this.#created.set(id, { ...created, ...patch });
  }

  /** Everything in a group, as far as it is on the page in view. */
  #within(id: ElementId): ElementId[] {
    const { elements } = this.#core;
    const isHere = (within: ElementId): boolean => (elements.get(within)?.page ?? this.#page) === this.#page;
    const all = [...elements.groups.within(id)];
    return this.#page === undefined ? all : all.filter(isHere);
  }

  #pendingPages(): PendingPages {
    return (this.#pages ??= new PendingPages(this.#core.elements));
  }

  #overridePage(field: Field, page: PageId, value: unknown): void {
    const id = keyOfPage(page);
    if (this.#core.elements.pages.isShown(page)) this.#overrides.set(overrideKey(field, id), { field, id, value });
  }

  #overrideImage(field: Field, id: ElementId, value: unknown): void {
    if (this.#core.elements.get(id)?.kind === 'image') this.#override(field, id, value);
  }

  /** The document has the box of the whole image, also of a cropped one. */
  #setShownGeometry(id: ElementId, geometry: Geometry): void {
    const shown = this.#core.elements.get(id);
    const cut = this.#overrides.get(overrideKey(fields.crop, id));
    const other = this.#overrides.get(overrideKey(fields.picture, id));
    // Going through the whole box and back rounds, which must not make a step of nothing.
    const isAsShown =
      cut === undefined && other === undefined && shown !== undefined && isSameGeometry(shown.geometry, geometryToValue(geometry));
    if (isAsShown) return void this.#overrides.delete(overrideKey(fields.geo, id));
    const whole = wholeGeometry(geometry, cut === undefined ? (shown?.crop ?? wholeCrop) : valueToCrop(cut.value));
    const stored = this.#storedGeometry(id, whole, other === undefined ? (shown?.image ?? null) : readImage(other.value));
    checkGeometry(stored);
    this.#override(fields.geo, id, geometryToValue(stored));
  }

  /** @param whole The box of all of the image, if it shows one. */
  #storedGeometry(id: ElementId, whole: Geometry, image: ImageContent | null): Geometry {
    const first = this.#core.elements.base(id)?.image ?? null;
    return image === null || first === null ? whole : storedGeometry(whole, first, image);
  }

  #override(field: Field, id: ElementId, value: unknown): void {
    if (this.#core.elements.get(id) === undefined) return;
    this.#overrides.set(overrideKey(field, id), { field, id, value });
  }

  #isChange({ field, id, value }: Override): boolean {
    if (field === fields.txt) return true;
    if (this.#removed.has(id)) return false;
    if (field === fields.parent) return this.#core.elements.isShown(id) && this.#core.elements.groups.groupOf(id) !== value;
    if (field.root === 'pages') return !this.#core.elements.pages.shows(id, field, value);
    const shown = this.#core.elements.get(id);
    if (shown === undefined) return false;
    if (field === fields.page) return shown.page !== value;
    if (field === fields.geo) {
      const whole = wholeGeometry(shown.geometry, shown.crop);
      return !isSameGeometry(this.#storedGeometry(id, whole, shown.image), value as number[]);
    }
    if (field === fields.lock) return shown.isLocked !== value;
    if (field === fields.alt) return shown.alt !== value;
    if (field === fields.title) return shown.text !== value;
    if (field === fields.crop) return !cropToValue(shown.crop).every((edge, i) => edge === (value as number[])[i]);
    if (field === fields.picture) return !isSameImage(shown.image, readImage(value));
    if (field === fields.points) return !areSamePoints(shown.points, value as readonly number[] | null);
    if (isLookField(field)) return shown.look[field.prop] !== value;
    if (isStyleField(field)) return shown.style[field.prop] !== value;
    return true;
  }

  #log(step: StepKey, overrides: readonly Override[]): void {
    if (overrides.length === 0) return;
    const entries = overrides.map(({ field, id }) => logEntry(step, field, id, this.#before(field, id)));
    this.#core.roots.undo.set(step, encodeStepLog(entries));
  }

  /** The stored value, looking through this user's undone steps: once this step exists, they can't be redone. */
  #before(field: Field, id: ElementId): Tagged | null {
    const { history, userId } = this.#core;
    let before: Tagged | null = null;
    for (before of history.chain(field, id, history.stored(field, id))) {
      if (before === null || !history.isUndone(before.tag) || history.userOf(before.tag) !== userId) break;
    }
    return before;
  }

  #writeCreated(step: StepKey): void {
    const { roots, elements, doc } = this.#core;
    const ids = [...this.#created.keys()];
    // A frame lies beneath everything that is none.
    const others = ids.filter((id) => this.#created.get(id)?.kind !== 'frame');
    const [top, back] = [others.filter((id) => !this.#atBack.has(id)), others.filter((id) => this.#atBack.has(id))];
    const plans = [planOnTop(elements, step, top), planAtBack(elements, back)];
    for (const { repairs } of plans) for (const [id, key] of repairs) this.#repairs.set(id, key);
    const keys = new Map(plans.flatMap((plan) => [...plan.keys]));
    for (const id of ids) {
      const element = this.#created.get(id) as NewElement;
      roots.base.set(id, writeBase(id, step, element, keys.get(id) ?? null));
      if (this.#locked.has(id)) roots.lock.set(id, [true, step]);
      if (element.alt !== undefined && element.alt !== '') roots.alt.set(id, [wellFormed(element.alt), step]);
      if (element.kind === 'text') spliceText(textRoot(doc, id), 0, 0, element.text ?? '');
    }
    for (const [id, page] of this.#pages?.made() ?? []) roots.base.set(id, writePage(step, page));
    for (const [id, at] of this.#groups.made()) roots.base.set(id, writeGroup(step, at));
    for (const [id, parent] of this.#groups.created()) if (parent !== null) roots.parent.set(id, [parent, step]);
  }

  /**
   * Neighbours that make room keep their tag, so that no undo takes another person's write for its own. Where the shown
   * place lies beneath an undone one, it is in the log of the undone step, and its new key is written there.
   */
  #writeRepairs(): void {
    const { roots, history, elements } = this.#core;
    const inLogs = new Map<StepKey, Map<string, Tagged | null>>();
    const ofPages = [...(this.#pages?.repairs ?? [])].map(([page, key]) => [fields.pageOrder, keyOfPage(page), key] as const);
    const ofElements = [...this.#repairs].map(([id, key]) => [fields.z, id, key] as const);
    for (const [field, id, key] of [...ofPages, ...ofElements]) {
      if (this.#overrides.has(overrideKey(field, id))) continue;
      let shown: Tagged | null = null;
      let above: StepKey | '' | null = null;
      for (const value of history.chain(field, id, history.stored(field, id))) {
        above = shown === null ? null : shown.tag;
        shown = value;
        if (value === null || !history.isUndone(value.tag)) break;
      }
      const tag = shown?.tag ?? elements.base(id)?.step;
      if (tag === undefined) continue;
      if (above === null || above === '') {
        roots[field.root].set(keyOfField(field, id), [key, tag]);
        continue;
      }
      const before = inLogs.get(above) ?? new Map<string, Tagged | null>();
      inLogs.set(above, before.set(overrideKey(field, id), { value: key, tag }));
    }
    for (const [step, before] of inLogs) replaceInLog(this.#core, step, before);
  }

  #clearing(): Deletion {
    return { type: 'clear', vector: this.#core.history.seenVector(), spared: new Set() };
  }

  #removal(): Deletion | null {
    if (this.#restored.size > 0) return { type: 'restore', ids: this.#restored };
    return this.#removed.size === 0 ? null : { type: 'list', ids: this.#removed };
  }
}

function overrideKey(field: Field, id: ElementId): string {
  return `${field.code} ${id}`;
}

export function checkGeometry(geometry: Geometry): void {
  if (!isGeometryValue(geometryToValue(geometry))) {
    throw new BoardError('BAD_ELEMENT', `geometry ${geometryToValue(geometry).join(' ')}`);
  }
}

function checkElement(element: NewElement): NewElement {
  const { kind, geometry, style, ink, points, gesture, text, image, file, look, crop, alt, page = '' } = element;
  if (page !== '' && !isElementId(page)) throw new BoardError('BAD_ELEMENT', 'page');
  if (!isElementKind(kind)) throw new BoardError('BAD_ELEMENT', `kind ${String(kind)}`);
  checkGeometry(geometry);
  for (const prop of styleProps) {
    if (isLaterStyle(prop) && style[prop] === undefined) continue;
    if (!isStyleValue(prop, style[prop])) throw new BoardError('BAD_ELEMENT', `style ${prop}`);
  }
  if (kind === 'stroke' && !(ink instanceof Uint8Array)) throw new BoardError('BAD_ELEMENT', 'a stroke without ink');
  if (points !== undefined && (!isLineKind(kind) || !isLinePoints(points))) throw new BoardError('BAD_ELEMENT', 'points');
  if ((kind === 'image') !== (image !== undefined)) throw new BoardError('BAD_ELEMENT', 'an image without content, or the reverse');
  if (image !== undefined && !isImage(image)) throw new BoardError('BAD_ELEMENT', 'image');
  if ((kind === 'file') !== (file !== undefined)) throw new BoardError('BAD_ELEMENT', 'a file without content, or the reverse');
  if (file !== undefined && !isFile(file)) throw new BoardError('BAD_ELEMENT', 'file');
  if (kind !== 'image' && (look !== undefined || crop !== undefined)) throw new BoardError('BAD_ELEMENT', 'look');
  for (const prop of lookProps) if (!isLookValue(prop, look?.[prop] ?? 0)) throw new BoardError('BAD_ELEMENT', `look ${prop}`);
  if (crop !== undefined) {
    checkCrop(crop);
    checkGeometry(wholeGeometry(geometry, crop));
  }
  if (ink !== undefined && ink.length > MAX_INK_BYTES) throw new BoardError('TOO_LARGE', `${ink.length} bytes of ink`);
  if (gesture !== undefined && gesture.length > MAX_GESTURE_LENGTH) throw new BoardError('BAD_ELEMENT', 'gesture id');
  if (kind === 'frame' && text !== undefined) checkTitle(text);
  if (text !== undefined && text.length > MAX_TEXT_LENGTH) throw new BoardError('BAD_TEXT', `${text.length} units`);
  if (alt !== undefined) checkAlt(alt);
  return element;
}

function checkCrop(crop: Crop): void {
  if (!isCropValue(cropToValue(crop))) throw new BoardError('BAD_ELEMENT', `crop ${cropToValue(crop).join(' ')}`);
}

function checkTitle(title: string): void {
  if (title.length > MAX_TITLE_LENGTH) throw new BoardError('BAD_TEXT', `${title.length} units`);
}

function checkAlt(alt: string): void {
  if (alt.length > MAX_ALT_LENGTH) throw new BoardError('BAD_TEXT', `${alt.length} units`);
}

function isSameGeometry(shown: Geometry, value: readonly number[]): boolean {
  return geometryToValue(shown).every((number, i) => number === value[i]);
}
