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
  isStyleValue,
  keyOfField,
  styleProps,
} from '../document/fields.ts';
import { stepKey } from '../document/keys.ts';
import { isImage } from '../document/image-record.ts';
import { MAX_ALT_LENGTH, MAX_GESTURE_LENGTH, MAX_INK_BYTES, MAX_TEXT_LENGTH } from '../limits.ts';
import { type Deletion, isElementKind, writeBase, writeDeletion } from '../document/records.ts';
import { planOnTop, planReorder } from '../elements/reorder.ts';
import { textRoot } from '../document/roots.ts';
import { wellFormed } from '../text/surrogates.ts';
import { spliceText } from '../text/text-content.ts';
import { encodeStepLog, logEntry } from '../steps/step-log.ts';
import { trim } from './trim.ts';
import type { Edit, ElementId, Geometry, NewElement, ReorderTarget, StepKey, Style } from '../types.ts';

interface Override {
  readonly field: Field;
  readonly id: ElementId;
  readonly value: unknown;
}

export class PendingEdit implements Edit {
  readonly #core: Core;
  readonly #created = new Map<ElementId, NewElement>();
  readonly #locked = new Set<ElementId>();
  readonly #overrides = new Map<string, Override>();
  readonly #repairs = new Map<ElementId, string>();
  readonly #removed = new Set<ElementId>();
  #isClear = false;

  constructor(core: Core) {
    this.#core = core;
    core.session.leaveForged();
  }

  create(element: NewElement): ElementId {
    const checked = checkElement(element);
    const id = this.#core.session.nextElement();
    this.#created.set(id, checked);
    return id;
  }

  setGeometry(id: ElementId, geometry: Geometry): void {
    checkGeometry(geometry);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, geometry: { ...geometry } });
    else this.#override(fields.geo, id, geometryToValue(geometry));
  }

  setStyle<Prop extends keyof Style>(id: ElementId, prop: Prop, value: Style[Prop]): void {
    if (!styleProps.includes(prop) || !isStyleValue(prop, value)) throw new BoardError('BAD_ELEMENT', `style ${prop}`);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, style: { ...created.style, [prop]: value } });
    else this.#override(fields[prop], id, value);
  }

  setLocked(id: ElementId, isLocked: boolean): void {
    if (!this.#created.has(id)) this.#override(fields.lock, id, isLocked);
    else if (isLocked) this.#locked.add(id);
    else this.#locked.delete(id);
  }

  setAlt(id: ElementId, alt: string): void {
    checkAlt(alt);
    const created = this.#created.get(id);
    if (created !== undefined) this.#created.set(id, { ...created, alt });
    else this.#override(fields.alt, id, wellFormed(alt));
  }

  /** Records that this user types in a text, shown or not, so that undoing its creation spares it. */
  touchText(id: ElementId): void {
    if (this.#core.elements.base(id) !== null) this.#overrides.set(overrideKey(fields.txt, id), { field: fields.txt, id, value: 0 });
  }

  remove(ids: Iterable<ElementId>): void {
    for (const id of ids) {
      if (this.#created.delete(id)) continue;
      if (this.#core.elements.get(id) !== undefined) this.#removed.add(id);
    }
  }

  reorder(ids: Iterable<ElementId>, to: ReorderTarget): void {
    const plan = planReorder(this.#core.elements, ids, to);
    for (const [id, key] of plan.keys) this.#override(fields.z, id, key);
    for (const [id, key] of plan.repairs) this.#repairs.set(id, key);
  }

  clear(): void {
    this.#isClear = true;
  }

  /** Writes the gesture and returns its step, or null when there was nothing to write. */
  commit(): StepKey | null {
    const core = this.#core;
    const overrides = [...this.#overrides.values()].filter((override) => this.#isChange(override));
    const clears = this.#isClear && core.elements.order.count > 0;
    if (overrides.length + this.#created.size + this.#removed.size + this.#repairs.size === 0 && !clears) return null;
    const session = core.session.claim();
    const step = stepKey(core.history.clock.tick(), session);
    core.doc.transact(() => {
      introduce(core);
      const shift = core.history.order.shiftOf(step);
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

  #override(field: Field, id: ElementId, value: unknown): void {
    if (this.#core.elements.get(id) === undefined) return;
    this.#overrides.set(overrideKey(field, id), { field, id, value });
  }

  #isChange({ field, id, value }: Override): boolean {
    if (field === fields.txt) return true;
    if (this.#removed.has(id)) return false;
    const shown = this.#core.elements.get(id);
    if (shown === undefined) return false;
    if (field === fields.geo) return !isSameGeometry(shown.geometry, value as number[]);
    if (field === fields.lock) return shown.isLocked !== value;
    if (field === fields.alt) return shown.alt !== value;
    if (field.prop !== null) return shown.style[field.prop] !== value;
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
    const { keys, repairs } = planOnTop(elements, step, ids);
    for (const [id, key] of repairs) this.#repairs.set(id, key);
    for (const id of ids) {
      const element = this.#created.get(id) as NewElement;
      roots.base.set(id, writeBase(id, step, element, keys.get(id) ?? null));
      if (this.#locked.has(id)) roots.lock.set(id, [true, step]);
      if (element.alt !== undefined && element.alt !== '') roots.alt.set(id, [wellFormed(element.alt), step]);
      if (element.kind === 'text') spliceText(textRoot(doc, id), 0, 0, element.text ?? '');
    }
  }

  /**
   * Neighbours that make room keep their tag, so that no undo takes another person's write for its own. Where the shown
   * place lies beneath an undone one, it is in the log of the undone step, and its new key is written there.
   */
  #writeRepairs(): void {
    const { roots, history, elements } = this.#core;
    const inLogs = new Map<StepKey, Map<string, Tagged | null>>();
    for (const [id, key] of this.#repairs) {
      if (this.#overrides.has(overrideKey(fields.z, id))) continue;
      let shown: Tagged | null = null;
      let above: StepKey | '' | null = null;
      for (const value of history.chain(fields.z, id, history.stored(fields.z, id))) {
        above = shown === null ? null : shown.tag;
        shown = value;
        if (value === null || !history.isUndone(value.tag)) break;
      }
      const tag = shown?.tag ?? elements.base(id)?.step;
      if (tag === undefined) continue;
      if (above === null || above === '') {
        roots.z.set(id, [key, tag]);
        continue;
      }
      const before = inLogs.get(above) ?? new Map<string, Tagged | null>();
      inLogs.set(above, before.set(overrideKey(fields.z, id), { value: key, tag }));
    }
    for (const [step, before] of inLogs) replaceInLog(this.#core, step, before);
  }

  #clearing(): Deletion {
    return { type: 'clear', vector: this.#core.history.seenVector(), spared: new Set() };
  }

  #removal(): Deletion | null {
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
  const { kind, geometry, style, ink, gesture, text, image, alt } = element;
  if (!isElementKind(kind)) throw new BoardError('BAD_ELEMENT', `kind ${String(kind)}`);
  checkGeometry(geometry);
  for (const prop of styleProps) {
    if (!isStyleValue(prop, style[prop])) throw new BoardError('BAD_ELEMENT', `style ${prop}`);
  }
  if (kind === 'stroke' && !(ink instanceof Uint8Array)) throw new BoardError('BAD_ELEMENT', 'a stroke without ink');
  if ((kind === 'image') !== (image !== undefined)) throw new BoardError('BAD_ELEMENT', 'an image without content, or the reverse');
  if (image !== undefined && !isImage(image)) throw new BoardError('BAD_ELEMENT', 'image');
  if (ink !== undefined && ink.length > MAX_INK_BYTES) throw new BoardError('TOO_LARGE', `${ink.length} bytes of ink`);
  if (gesture !== undefined && gesture.length > MAX_GESTURE_LENGTH) throw new BoardError('BAD_ELEMENT', 'gesture id');
  if (text !== undefined && text.length > MAX_TEXT_LENGTH) throw new BoardError('BAD_TEXT', `${text.length} units`);
  if (alt !== undefined) checkAlt(alt);
  return element;
}

function checkAlt(alt: string): void {
  if (alt.length > MAX_ALT_LENGTH) throw new BoardError('BAD_TEXT', `${alt.length} units`);
}

function isSameGeometry(shown: Geometry, value: readonly number[]): boolean {
  return geometryToValue(shown).every((number, i) => number === value[i]);
}
