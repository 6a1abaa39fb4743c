/**
 * Five devices of three people act in any order. The network delays updates, reorders them between people and delivers
 * only parts; clocks are hours or days apart; pages reload. The laws of undo are checked on the way, and at the end by
 * laws.ts.
 *
 * Authorship is recorded beside the board and independently of its tags: every written value carries its author's
 * number, and every typed character is unique.
 */
import * as fc from 'fast-check';
import * as Y from 'yjs';
import { fieldList, fields, type Field } from '../document/fields.ts';
import { History } from '../steps/history.ts';
import type { UndoLimits } from '../limits.ts';
import { openRoots } from '../document/roots.ts';
import { Elements } from '../elements/elements.ts';
import { stepSession } from '../document/keys.ts';
import { StepClock } from '../steps/step-clock.ts';
import type { ElementId, ElementText, StepKey, UndoOutcome, UserId } from '../types.ts';
import { TypingOracle } from './typing-oracle.ts';
import { type Device, device, erase, rectangle, Wall } from './people.ts';

export const users = ['ana', 'ana', 'ben', 'ben', 'cid'] as const;
const numberOf: Record<string, number> = { ana: 1, ben: 2, cid: 3 };

export interface Operation {
  readonly device: number;
  readonly op: string;
  /** Chooses elements, receivers and counts. */
  readonly choice: number;
}

export interface Schedule {
  readonly clientIds: readonly number[];
  readonly skewsMs: readonly number[];
  readonly operations: readonly Operation[];
  /** The person for whom the laws are checked at the end. */
  readonly subject: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const hoursApart = fc.constantFrom(0, 0, 5_000, -5_000, 3_600_000, -3_600_000);
const daysApart = fc.constantFrom(0, 0, 3_600_000, 2 * DAY_MS, -2 * DAY_MS, 5 * DAY_MS);

/** Arbitrary schedules. @param ops Operations; a repeated one is chosen more often. */
function schedulesOf(ops: readonly string[], devices: readonly number[] = [0, 1, 2, 3, 4]): fc.Arbitrary<Schedule> {
  return fc.record({
    clientIds: fc.shuffledSubarray([11, 22, 33, 44, 55], { minLength: 5 }),
    skewsMs: fc.oneof(...[hoursApart, daysApart].map((skew) => fc.array(skew, { minLength: 5, maxLength: 5 }))),
    operations: fc.array(fc.record({ device: fc.constantFrom(...devices), op: fc.constantFrom(...ops), choice: fc.nat(1_000_000) }), {
      minLength: 5,
      maxLength: 100,
      size: 'max',
    }),
    subject: fc.constantFrom(...devices),
  });
}

const drawing = ['draw', 'draw', 'draw 3', 'move', 'move', 'move 4', 'recolor', 'widen', 'lock', 'reorder', 'remove', 'erase', 'clear'];
const undoing = ['undo', 'undo', 'undo', 'redo', 'redo'];
const going = ['net', 'net', 'net', 'pull', 'reload', 'wait'];

export const schedules = schedulesOf([...drawing, ...undoing, ...going]);
/** Schedules with typing: text boxes are open during all other operations. */
export const writingSchedules = schedulesOf([
  ...['write', 'place', 'place', 'type', 'type', 'type', 'type', 'type', 'type', 'leave', 'leave'],
  ...['move', 'recolor', 'remove', 'clear', 'undo', 'undo', 'undo', 'redo', 'meet', 'meet', 'meet', 'pull', 'net', 'reload', 'wait'],
]);
/** Schedules of three people with one device each, who mostly type in each other's texts and undo. */
export const sharedTextSchedules = schedulesOf(
  ['write', 'place', 'type', 'type', 'type', 'type', 'leave', 'leave', 'remove', 'undo', 'undo', 'undo', 'redo', 'meet', 'meet', 'reload'],
  [0, 2, 4],
);

/** Everything about a document, hidden elements too, read by fresh indexes. */
export interface Insight {
  readonly history: History;
  readonly elements: Elements;
  readonly ids: readonly ElementId[];
  value(field: Field, id: ElementId): unknown;
  /** As text, to compare. */
  readonly all: string;
}

export function inspect(doc: Y.Doc): Insight {
  const roots = openRoots(doc);
  const history = new History(roots, '', new StepClock(() => 0));
  const elements = new Elements(doc, roots, history);
  const ids = ([...roots.base.keys()] as ElementId[]).sort();
  // Read now: the document goes on changing underneath.
  const values = new Map(ids.map((id) => [id, fieldList.map((field) => history.effective(field, id)?.value ?? null)]));
  const value = (field: Field, id: ElementId): unknown => values.get(id)?.[field.code] ?? null;
  const all = JSON.stringify([
    ids.map((id) => [id, elements.get(id) !== undefined, values.get(id)]),
    elements.order.elements().map((element) => element.id),
  ]);
  return { history, elements, ids, value, all };
}

export interface Written {
  readonly field: Field;
  readonly id: ElementId;
  readonly tag: StepKey;
}

/** The steps of a person in a document. */
export function stepsOf(doc: Y.Doc, user: UserId): ReadonlySet<StepKey> {
  const { base, gone, undo, who } = openRoots(doc);
  const made = [...base.values()].map((record) => (record as { s: StepKey }).s);
  const steps = [...made, ...(gone.keys() as Iterable<StepKey>), ...(undo.keys() as Iterable<StepKey>)];
  return new Set(steps.filter((step) => who.get(stepSession(step)) === user));
}

export class Simulation {
  readonly wall = new Wall();
  readonly devices: Device[];
  readonly #skewsMs: readonly number[];
  readonly #limits: UndoLimits;
  readonly #queues: Uint8Array[][][] = users.map(() => users.map(() => []));
  readonly #makers = new Map<ElementId, number>();
  readonly #orderAuthors = new Map<string, Set<number>>();
  readonly typing = new TypingOracle();
  /** Moves made by each page; a reloaded page starts with none. */
  readonly written: Written[][] = users.map(() => []);
  readonly everWritten: Written[] = [];
  readonly everUndone = new Set<string>();
  /** For each step, the steps of its person that its device knew. */
  readonly known = new Map<StepKey, ReadonlySet<StepKey>>();
  readonly #boxes: ((ElementText & { readonly of: ElementId }) | null)[] = users.map(() => null);
  readonly clears: { step: StepKey; known: ReadonlySet<string> }[] = [];
  #nextClientId = 100;
  #nextValue = 0;
  #nextSeed = 1;

  constructor(schedule: Schedule, limits: UndoLimits) {
    this.#skewsMs = schedule.skewsMs;
    this.#limits = limits;
    this.devices = users.map((_, i) => this.#page(i, schedule.clientIds[i] as number));
  }

  step(operation: Operation): void {
    const index = operation.device;
    const before = stepsOf((this.devices[index] as Device).doc, users[index] as string);
    this.#perform(operation);
    const after = stepsOf((this.devices[index] as Device).doc, users[index] as string);
    for (const step of (this.devices[index] as Device).doc.getMap('undone').keys()) this.everUndone.add(step);
    if (!['net', 'meet', 'pull'].includes(operation.op)) {
      for (const step of after) if (!before.has(step) && !this.known.has(step)) this.known.set(step, before);
    }
  }

  #perform({ device: index, op, choice }: Operation): void {
    const at = this.devices[index] as Device;
    const author = numberOf[at.user] as number;
    const shown = at.board.elements().map((element) => element.id);
    const pick = (count: number): ElementId[] => {
      const start = choice % (shown.length || 1);
      return Array.from({ length: Math.min(count, shown.length) }, (_, i) => shown[(start + i) % shown.length] as ElementId);
    };
    const value = this.#nextValue++;
    const moved: ElementId[] = [];
    switch (op) {
      case 'draw':
      case 'draw 3':
        at.board.run((edit) => {
          for (let i = op === 'draw' ? 1 : 3; i > 0; i--) this.#makers.set(edit.create(rectangle()), author);
        });
        break;
      case 'write':
        at.board.run((edit) => this.#makers.set(edit.create(rectangle(0, { kind: 'text', text: choice % 2 === 0 ? 'x' : '' })), author));
        break;
      case 'place':
        this.#place(index, author);
        break;
      case 'type':
        this.#type(index, author, choice);
        break;
      case 'leave':
        this.#leave(index);
        break;
      case 'move':
      case 'move 4':
        at.board.run((edit) => {
          for (const [i, id] of pick(op === 'move' ? 1 : 4).entries()) {
            const to = [author, value * 4 + i + 1, 1, 1, 0] as const;
            edit.setGeometry(id, { x: to[0], y: to[1], w: 1, h: 1, rotation: 0 });
            moved.push(id);
          }
        });
        for (const id of moved) {
          const tag = (at.doc.getMap('geo').get(id) as [unknown, StepKey])[1];
          this.written[index]?.push({ field: fields.geo, id, tag });
          this.everWritten.push({ field: fields.geo, id, tag });
        }
        break;
      case 'recolor':
        at.board.run((edit) => {
          const hex = `#0${author}${(value % 65_536).toString(16).padStart(4, '0')}` as const;
          for (const id of pick(2)) edit.setStyle(id, 'color', hex);
        });
        break;
      case 'widen':
        at.board.run((edit) => {
          for (const id of pick(1)) edit.setStyle(id, 'width', author + 4 + (value + 1) / 1_000_000);
        });
        break;
      case 'lock':
        at.board.run((edit) => {
          for (const id of pick(1)) edit.setLocked(id, at.board.get(id)?.isLocked === false);
        });
        break;
      case 'reorder':
        this.#reorder(at, author, pick(1 + ((choice >> 3) % 2)), choice);
        break;
      case 'remove':
        erase(at, ...pick(1));
        break;
      case 'erase':
        erase(at, ...pick(5));
        break;
      case 'clear':
        if (choice % 4 === 0) this.#clear(at);
        break;
      case 'undo':
      case 'redo':
        this.#undoOrRedo(index, op, author);
        break;
      case 'net':
        this.#deliverSome(index, choice);
        break;
      case 'meet':
        this.settle();
        break;
      case 'pull':
        this.#pull(index);
        break;
      case 'reload': {
        // Every second page is not closed but just dies, with its text box open.
        if (choice % 2 === 0) at.board.close();
        this.flush(index);
        this.#boxes[index] = null;
        this.written[index] = [];
        this.#nextClientId += 1 + (choice % 50);
        this.devices[index] = this.#page(index, this.#nextClientId, at.state());
        break;
      }
      case 'wait':
        this.wall.pass(choice % 20_000);
        break;
      default:
        throw new Error(`no operation ${op}`);
    }
    this.flush(index);
  }

  flush(index: number): void {
    const updates = (this.devices[index] as Device).outbox.splice(0);
    for (const [receiver, queue] of (this.#queues[index] as Uint8Array[][]).entries()) {
      if (receiver !== index) queue.push(...updates);
    }
  }

  /** Delivers all updates to all devices, also those that pages write in response. */
  settle(): void {
    for (let round = 0; round < 20; round++) {
      for (const index of users.keys()) this.#pull(index);
      for (const index of users.keys()) this.flush(index);
      if (this.#queues.flat(2).length === 0) return;
    }
    throw new Error('P1 the devices never come to rest');
  }

  makerOf(id: ElementId): number {
    return this.#makers.get(id) ?? 0;
  }

  #page(index: number, clientId: number, state?: Uint8Array): Device {
    return device(users[index] as string, this.wall, {
      clientId,
      skewMs: this.#skewsMs[index] as number,
      limits: this.#limits,
      seed: this.#nextSeed++,
      ...(state === undefined ? {} : { state }),
    });
  }

  #deliverSome(index: number, choice: number): void {
    this.flush(index);
    const receiver = choice % users.length;
    if (receiver === index) return;
    const queue = (this.#queues[index] as Uint8Array[][])[receiver] as Uint8Array[];
    for (const update of queue.splice(0, 1 + ((choice >> 4) % (queue.length + 1)))) this.devices[receiver]?.receive(update);
  }

  #pull(index: number): void {
    for (const sender of users.keys()) {
      this.flush(sender);
      const queue = (this.#queues[sender] as Uint8Array[][])[index] as Uint8Array[];
      for (const update of queue.splice(0)) this.devices[index]?.receive(update);
    }
  }

  /** Acts like the text tool: creates an empty text and opens its box at once. */
  #place(index: number, author: number): void {
    const { board } = this.devices[index] as Device;
    this.#leave(index);
    const id = board.run((edit) => edit.create(rectangle(0, { kind: 'text', text: '' })));
    this.#makers.set(id, author);
    const box = Object.assign(board.text(id), { of: id });
    this.#boxes[index] = box;
    box.edit(0, 0, this.typing.mint(author, id));
  }

  /** Types in the open box or in a newly opened one, or presses undo or redo there. */
  #type(index: number, author: number, choice: number): void {
    const { board, doc } = this.devices[index] as Device;
    const texts = board.elements().filter(({ kind }) => kind === 'text');
    // Mostly the newest text, or people would hardly ever type in the same one.
    const target = texts[texts.length - 1 - ((choice >> 4) % Math.min(2, texts.length || 1))];
    let box = this.#boxes[index] ?? null;
    if (box === null && target !== undefined) {
      box = Object.assign(board.text(target.id), { of: target.id });
      this.#boxes[index] = box;
    }
    if (box === null) return;
    const before = this.typing.texts(doc);
    const at = (choice >> 8) % (box.value.length + 1);
    const count = Math.min(choice % 3, box.value.length - at);
    switch (choice % 9) {
      case 0:
      case 1:
        box.undo();
        return this.typing.checkTaken('undo', author, before, this.typing.texts(doc));
      case 2:
        box.redo();
        return this.typing.checkTaken('redo', author, before, this.typing.texts(doc));
      case 3:
        this.typing.deleted(box.value);
        return box.edit(0, box.value.length, '');
      case 4:
        this.typing.deleted(box.value.slice(at, at + count));
        return box.edit(at, count, '');
      default:
        box.edit(at, 0, this.typing.mint(author, box.of));
    }
  }

  #leave(index: number): void {
    this.#boxes[index]?.close();
    this.#boxes[index] = null;
  }

  #clear(at: Device): void {
    if (at.board.count === 0) return;
    const known = new Set(at.doc.getMap('base').keys());
    const before = new Set(at.doc.getMap('gone').keys());
    at.board.clear();
    for (const step of at.doc.getMap('gone').keys()) {
      if (!before.has(step)) this.clears.push({ step: step as StepKey, known });
    }
  }

  /** Reorders elements. A repaired neighbour gets a new key but keeps the author of its place. */
  #reorder(at: Device, author: number, ids: readonly ElementId[], choice: number): void {
    const before = inspect(at.doc);
    const to = (['front', 'back', 'forward', 'backward'] as const)[choice % 4] as 'front';
    at.board.run((edit) => edit.reorder(ids, to));
    const after = inspect(at.doc);
    for (const id of after.ids) {
      const key = after.value(fields.z, id);
      const old = before.value(fields.z, id);
      if (key === null || key === old) continue;
      const authors = this.#orderAuthors.get(`${id} ${String(key)}`) ?? new Set();
      if (ids.includes(id)) authors.add(author);
      else for (const other of this.#authorsOf(fields.z, id, old)) authors.add(other);
      this.#orderAuthors.set(`${id} ${String(key)}`, authors);
    }
  }

  /** Authors of a value; empty for a value set at creation and for values that carry no author's number. */
  #authorsOf(field: Field, id: ElementId, value: unknown): ReadonlySet<number> {
    if (value === null || field === fields.lock || field === fields.txt) return new Set();
    if (field === fields.geo) return new Set([(value as number[])[0] as number]);
    if (field === fields.color) return new Set([Number((value as string)[2])]);
    if (field === fields.width) return new Set([Math.floor(value as number) - 4]);
    return this.#orderAuthors.get(`${id} ${String(value)}`) ?? new Set([this.#makers.get(id) ?? 0]);
  }

  /** P2: only what this person wrote changes, element by element and field by field. */
  #undoOrRedo(index: number, op: 'undo' | 'redo', author: number): void {
    const at = this.devices[index] as Device;
    const before = inspect(at.doc);
    const texts = this.typing.texts(at.doc);
    const touched = new Set<unknown>();
    const note = (transaction: Y.Transaction): void => {
      for (const type of transaction.changed.keys()) touched.add(type);
    };
    at.doc.on('afterTransaction', note);
    const outcome: UndoOutcome = op === 'undo' ? at.board.undo() : at.board.redo();
    at.doc.off('afterTransaction', note);
    const after = inspect(at.doc);
    this.typing.checkTaken(op, author, texts, this.typing.texts(at.doc));
    for (const { reason, ids } of outcome.kept) if (reason === 'typed-elsewhere') this.typing.release(author, ids);
    if (outcome.isDone === (touched.size === 0)) throw new Error(`P2 ${op} said ${String(outcome.isDone)}`);
    for (const type of touched) {
      if (type instanceof Y.XmlFragment || type instanceof Y.XmlText) continue;
      if (type !== at.doc.getMap('undone') && type !== at.doc.getMap('gone')) throw new Error(`P2 ${op} wrote a value`);
    }
    for (const id of before.ids) {
      for (const field of fieldList) {
        const [was, is] = [before.value(field, id), after.value(field, id)];
        if (field === fields.lock || field === fields.txt || JSON.stringify(was) === JSON.stringify(is)) continue;
        const authors = this.#authorsOf(field, id, op === 'undo' ? was : is);
        if (!authors.has(author)) throw new Error(`P2 ${op} by ${author} changed ${field.root} of ${id}`);
      }
      const hid = before.elements.get(id) !== undefined && after.elements.get(id) === undefined;
      if (op !== 'undo' || !hid) continue;
      if (this.#makers.get(id) !== author) throw new Error(`P2 undo by ${author} hid what another made`);
      for (const field of fieldList) {
        const others = [...this.#authorsOf(field, id, before.value(field, id))].filter((other) => other !== author);
        if (others.length > 0 && field !== fields.z) throw new Error('P2 undo hid what another had worked on');
      }
      const typists = this.typing.othersIn(id, texts.get(id) ?? '', author);
      if (typists.length > 0) throw new Error(`P2 undo hid what ${typists.join()} typed`);
    }
  }
}
