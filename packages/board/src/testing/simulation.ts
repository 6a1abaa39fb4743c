/**
 * Five devices of three people doing anything in any order over a wire that holds back, reorders between people and
 * delivers only parts, with clocks up to an hour apart, and pages that reload. The laws of undo are checked on the way
 * and at the end.
 *
 * Authorship is kept beside the board and independently of its tags: every value written carries its author's number.
 */
import * as fc from 'fast-check';
import * as Y from 'yjs';
import { fieldList, fields } from '../fields.ts';
import type { Field } from '../fields.ts';
import { covers, History } from '../history.ts';
import type { UndoLimits } from '../limits.ts';
import { undoLimits } from '../limits.ts';
import { readDeletion } from '../records.ts';
import { openRoots } from '../roots.ts';
import { Scene } from '../scene.ts';
import { StepClock } from '../step-clock.ts';
import type { ElementId, ElementText, StepKey, UndoOutcome } from '../types.ts';
import type { Device } from './people.ts';
import { device, draw, erase, rectangle, Wall } from './people.ts';

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
  /** Whose laws are checked at the end. */
  readonly subject: number;
}

/** Repeats are weights. */
function schedulesOf(...ops: readonly string[]): fc.Arbitrary<Schedule> {
  return fc.record({
    clientIds: fc.shuffledSubarray([11, 22, 33, 44, 55], { minLength: 5 }),
    skewsMs: fc.array(fc.constantFrom(0, 0, 5_000, -5_000, 3_600_000, -3_600_000), { minLength: 5, maxLength: 5 }),
    operations: fc.array(fc.record({ device: fc.nat(4), op: fc.constantFrom(...ops), choice: fc.nat(1_000_000) }), {
      minLength: 5,
      maxLength: 100,
      size: 'max',
    }),
    subject: fc.nat(4),
  });
}

const drawing = ['draw', 'draw', 'draw 3', 'move', 'move', 'move 4', 'recolor', 'widen', 'lock', 'reorder', 'remove', 'erase', 'clear'];
const undoing = ['undo', 'undo', 'undo', 'redo', 'redo'];
const going = ['net', 'net', 'net', 'pull', 'reload', 'wait'];

export const schedules = schedulesOf(...drawing, ...undoing, ...going);
/** People who write: text boxes are open while all the rest goes on. */
export const writingSchedules = schedulesOf(
  ...['write', 'write', 'type', 'type', 'type', 'type', 'type', 'type', 'leave', 'leave'],
  ...['move', 'recolor', 'remove', 'clear', 'undo', 'undo', 'undo', 'redo', 'meet', 'meet', 'meet', 'pull', 'net', 'reload', 'wait'],
);

/** Everything about a document, hidden elements too, read by fresh indexes. */
export interface Insight {
  readonly history: History;
  readonly scene: Scene;
  readonly ids: readonly ElementId[];
  value(field: Field, id: ElementId): unknown;
  /** As text, to compare. */
  readonly all: string;
}

export function inspect(doc: Y.Doc): Insight {
  const roots = openRoots(doc);
  const history = new History(roots, '', new StepClock(() => 0));
  const scene = new Scene(doc, roots, history);
  const ids = ([...roots.base.keys()] as ElementId[]).sort();
  // Read now: the document goes on changing underneath.
  const values = new Map(ids.map((id) => [id, fieldList.map((field) => history.effective(field, id)?.value ?? null)]));
  const value = (field: Field, id: ElementId): unknown => values.get(id)?.[field.code] ?? null;
  const all = JSON.stringify([
    ids.map((id) => [id, scene.get(id) !== undefined, values.get(id)]),
    scene.order.elements().map((element) => element.id),
  ]);
  return { history, scene, ids, value, all };
}

export class Simulation {
  readonly wall = new Wall();
  readonly devices: Device[];
  readonly #skewsMs: readonly number[];
  readonly #limits: UndoLimits;
  readonly #queues: Uint8Array[][][] = users.map(() => users.map(() => []));
  readonly #makers = new Map<ElementId, number>();
  readonly #orderAuthors = new Map<string, Set<number>>();
  /** Who typed in a text and pressed undo nowhere since. */
  readonly #typists = new Map<ElementId, Set<number>>();
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

  step({ device: index, op, choice }: Operation): void {
    const at = this.devices[index] as Device;
    const author = numberOf[at.user] as number;
    const shown = at.board.elements().map((element) => element.id);
    const pick = (count: number): ElementId[] => {
      const start = choice % (shown.length || 1);
      return Array.from({ length: Math.min(count, shown.length) }, (_, i) => shown[(start + i) % shown.length] as ElementId);
    };
    const value = this.#nextValue++;
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
            edit.setGeometry(id, { x: author, y: value * 4 + i + 1, w: 1, h: 1, rotation: 0 });
          }
        });
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
        this.#undoOrRedo(at, op, author);
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
        // Every other page just dies, with its text box open.
        if (choice % 2 === 0) at.board.close();
        this.flush(index);
        this.#boxes[index] = null;
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

  /** Everything arrives everywhere. */
  settle(): void {
    for (const index of users.keys()) this.#pull(index);
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

  /** In the box that is open, in one opened for it, or undo and redo in there. */
  #type(index: number, author: number, choice: number): void {
    const { board } = this.devices[index] as Device;
    const texts = board.elements().filter(({ kind }) => kind === 'text');
    // Mostly the newest, or people would hardly ever meet in one.
    const target = texts[texts.length - 1 - ((choice >> 4) % Math.min(2, texts.length || 1))];
    let box = this.#boxes[index] ?? null;
    if (box === null && target !== undefined) {
      box = Object.assign(board.text(target.id), { of: target.id });
      this.#boxes[index] = box;
    }
    if (box === null) return;
    const way = choice % 7;
    if (way === 0) box.undo();
    else if (way === 1) box.redo();
    else if (way === 2) box.edit(0, box.value.length, '');
    else {
      box.edit(choice % (box.value.length + 1), 0, String(author));
      if (board.get(box.of) !== undefined) {
        const typists = this.#typists.get(box.of);
        if (typists === undefined) this.#typists.set(box.of, new Set([author]));
        else typists.add(author);
      }
    }
    if (way < 2) this.#typists.get(box.of)?.delete(author);
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

  /** A repair keeps its author: the key is new, whose place it is stays. */
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

  /** Who wrote a value; empty for what an element was created with and for values that carry nobody's number. */
  #authorsOf(field: Field, id: ElementId, value: unknown): ReadonlySet<number> {
    if (value === null || field === fields.lock || field === fields.txt) return new Set();
    if (field === fields.geo) return new Set([(value as number[])[0] as number]);
    if (field === fields.color) return new Set([Number((value as string)[2])]);
    if (field === fields.width) return new Set([Math.floor(value as number) - 4]);
    return this.#orderAuthors.get(`${id} ${String(value)}`) ?? new Set([this.#makers.get(id) ?? 0]);
  }

  /** P2: only what this person wrote changes, element by element and field by field. */
  #undoOrRedo(at: Device, op: 'undo' | 'redo', author: number): void {
    const before = inspect(at.doc);
    const touched = new Set<unknown>();
    const note = (transaction: Y.Transaction): void => {
      for (const type of transaction.changed.keys()) touched.add(type);
    };
    at.doc.on('afterTransaction', note);
    const outcome: UndoOutcome = op === 'undo' ? at.board.undo() : at.board.redo();
    at.doc.off('afterTransaction', note);
    const after = inspect(at.doc);
    for (const typists of this.#typists.values()) typists.delete(author);
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
      const hid = before.scene.get(id) !== undefined && after.scene.get(id) === undefined;
      if (op !== 'undo' || !hid) continue;
      if (this.#makers.get(id) !== author) throw new Error(`P2 undo by ${author} hid what another made`);
      for (const field of fieldList) {
        const others = [...this.#authorsOf(field, id, before.value(field, id))].filter((other) => other !== author);
        if (others.length > 0 && field !== fields.z) throw new Error('P2 undo hid what another had worked on');
      }
      const typists = [...(this.#typists.get(id) ?? [])].filter(
        (other) => other !== author && before.scene.get(id)?.text.includes(String(other)),
      );
      if (typists.length > 0) throw new Error(`P2 undo hid what ${typists.join()} typed`);
    }
  }
}

export type Law = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9';

/** Runs a schedule and throws an error that begins with the law it found broken. P1, P2 and P8 are always checked. */
export function checkLaws(schedule: Schedule, laws: readonly Law[], limits: UndoLimits = undoLimits): void {
  const simulation = new Simulation(schedule, limits);
  for (const operation of schedule.operations) simulation.step(operation);
  simulation.settle();
  const [first, ...others] = simulation.devices.map((at) => inspect(at.doc).all);
  for (const other of others) if (other !== first) throw new Error(`P1 replicas differ\n${first}\n${other}`);
  const reloaded = device('nobody', simulation.wall, { state: (simulation.devices[0] as Device).state() });
  if (inspect(reloaded.doc).all !== first) throw new Error('P1 a reload differs');
  for (const at of simulation.devices) checkIndexes(at, reloaded);
  checkClears(simulation, reloaded.doc);
  const subject = simulation.devices[schedule.subject] as Device;
  const clone = (user: string = subject.user, state = subject.state()): Device => device(user, simulation.wall, { state, limits });
  if (laws.includes('P3')) checkUndoAllRedoAll(clone());
  if (laws.includes('P4')) checkTwoDevices(clone(), clone(), clone());
  if (laws.includes('P5')) checkNewAction(clone(), clone(), simulation.wall, clone);
  if (laws.includes('P6')) checkOrderOfSteps(clone());
  if (laws.includes('P7')) checkEverybodyUndoes(subject.state(), clone);
  if (laws.includes('P9')) checkTrimming(clone());
}

/** P1 also for what each page kept current piece by piece, against one that read the document at once. */
function checkIndexes(at: Device, fresh: Device): void {
  const shown = JSON.stringify(at.board.elements());
  if (shown !== JSON.stringify(fresh.board.elements())) {
    throw new Error(`P1 a page that was open shows something else\n${shown}\n${JSON.stringify(fresh.board.elements())}`);
  }
  for (const element of at.board.elements()) {
    if (at.board.get(element.id) !== element) throw new Error('P1 elements() and get() differ');
  }
}

function checkClears(simulation: Simulation, doc: Y.Doc): void {
  for (const { step, known } of simulation.clears) {
    const deletion = readDeletion(doc.getMap('gone').get(step));
    if (deletion === null) continue;
    for (const id of doc.getMap('base').keys()) {
      if (covers(deletion, id as ElementId) && !known.has(id)) throw new Error(`P8 a clear covers ${id}, never received`);
    }
  }
}

function checkUndoAllRedoAll(at: Device): void {
  while (at.board.redo().isDone);
  const before = inspect(at.doc).all;
  let undone = 0;
  let redone = 0;
  while (at.board.undo().isDone) undone++;
  while (at.board.redo().isDone) redone++;
  if (inspect(at.doc).all !== before) throw new Error(`P3 another board\n${before}\n${inspect(at.doc).all}`);
  if (undone !== redone) throw new Error(`P3 ${undone} undone, ${redone} redone`);
}

function exchange(a: Device, b: Device): void {
  const [fromA, fromB] = [a.state(), b.state()];
  a.receive(fromB);
  b.receive(fromA);
}

function checkTwoDevices(a: Device, b: Device, alone: Device): void {
  a.board.undo();
  b.board.undo();
  alone.board.undo();
  exchange(a, b);
  if (inspect(a.doc).all !== inspect(b.doc).all) throw new Error('P4 two devices differ');
  if (inspect(a.doc).all !== inspect(alone.doc).all) throw new Error('P4 two presses undid more than one step');
  a.board.redo();
  b.board.undo();
  b.board.redo();
  b.board.undo();
  exchange(a, b);
  if (inspect(a.doc).all !== inspect(b.doc).all) throw new Error('P4 two devices differ after redo against undo');
}

function checkNewAction(a: Device, b: Device, wall: Wall, clone: (user?: string, state?: Uint8Array) => Device): void {
  if (!a.board.undo().isDone) return;
  exchange(a, b);
  wall.pass(10);
  draw(b);
  if (b.board.redo().isDone) throw new Error('P5 redo after a new action');
  exchange(a, b);
  if (a.board.canRedo) throw new Error('P5 redo on the other device');
  const reloaded = clone(a.user, a.state());
  if (reloaded.board.canRedo) throw new Error('P5 redo after a reload');
  reloaded.board.undo();
  if (!clone(a.user, reloaded.state()).board.redo().isDone) throw new Error('P5 an undo is not redoable after a reload');
}

function checkOrderOfSteps(at: Device): void {
  const popped: string[] = [];
  for (;;) {
    const before = new Set(at.doc.getMap('undone').keys());
    if (!at.board.undo().isDone) break;
    const now = [...at.doc.getMap('undone').keys()].filter((step) => !before.has(step));
    if (now.length !== 1) throw new Error(`P6 one press undid ${now.length} steps`);
    popped.push(now[0] as string);
  }
  if (JSON.stringify(popped) !== JSON.stringify([...popped].sort().reverse())) throw new Error('P6 not newest first');
}

function checkEverybodyUndoes(state: Uint8Array, clone: (user: string, state: Uint8Array) => Device): void {
  for (const user of ['cid', 'ana', 'ben']) {
    const at = clone(user, state);
    while (at.board.undo().isDone);
    state = at.state();
  }
  const { history, scene, ids } = inspect(clone('nobody', state).doc);
  for (const id of ids) {
    for (const field of fieldList) {
      const shown = history.effective(field, id);
      // A repaired place is not a step of anybody's: it keeps the tag of the creation.
      if (shown !== null && !(field === fields.z && shown.tag === scene.base(id)?.step)) {
        throw new Error(`P7 everybody undid everything, but ${field.root} of ${id} is ${JSON.stringify(shown)}`);
      }
    }
  }
}

function checkTrimming(at: Device): void {
  const olds = inspect(at.doc).ids;
  const shot = (): string => {
    const { scene, value } = inspect(at.doc);
    return JSON.stringify(olds.map((id) => [scene.get(id) !== undefined, ...fieldList.map((field) => value(field, id))]));
  };
  for (let i = 0; i < 3; i++) {
    const before = shot();
    draw(at);
    if (shot() !== before) throw new Error(`P9 trimming changed the board\n${before}\n${shot()}`);
  }
}
