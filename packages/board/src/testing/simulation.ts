/**
 * Five devices of three people act in any order. The network delays updates, reorders them between people and delivers
 * only parts; clocks are hours or days apart; pages reload. The laws of undo are checked on the way, and at the end by
 * laws.ts.
 */
import * as Y from 'yjs';
import { fields, type Field } from '../document/fields.ts';
import type { UndoLimits } from '../limits.ts';
import { keyOfPage } from '../elements/pages.ts';
import type { ElementId, ElementText, NewElement, PageId, StepKey } from '../types.ts';
import { Authorship } from './authorship.ts';
import { inspect, stepsOf } from './insight.ts';
import { Network } from './network.ts';
import { type Device, device, erase, rectangle, Wall } from './people.ts';
import { type Operation, type OperationName, type Schedule, users } from './schedules.ts';
import { TypingOracle } from './typing-oracle.ts';

const numberOf: Record<string, number> = { ana: 1, ben: 2, cid: 3 };

export interface Written {
  readonly field: Field;
  readonly id: ElementId;
  readonly tag: StepKey;
}

/** One operation at one device. */
interface Actor {
  readonly index: number;
  readonly at: Device;
  /** Number of the person. */
  readonly author: number;
  readonly choice: number;
  /** Different for every operation. */
  readonly value: number;
  /** Chooses `count` shown elements, fewer if there are not enough. */
  pick(count: number): ElementId[];
}

export class Simulation {
  readonly wall = new Wall();
  readonly devices: Device[];
  readonly authorship = new Authorship();
  readonly typing = new TypingOracle();
  readonly network: Network;
  /** Moves made by each page; a reloaded page starts with none. */
  readonly written: Written[][] = users.map(() => []);
  readonly everWritten: Written[] = [];
  readonly everUndone = new Set<string>();
  /** For each step, the steps of its person that its device knew. */
  readonly known = new Map<StepKey, ReadonlySet<StepKey>>();
  readonly clears: { step: StepKey; known: ReadonlySet<string> }[] = [];
  readonly #skewsMs: readonly number[];
  readonly #limits: UndoLimits;
  readonly #boxes: ((ElementText & { readonly of: ElementId }) | null)[] = users.map(() => null);
  readonly #operations: Readonly<Record<OperationName, (by: Actor) => void>> = {
    draw: (by) => this.#draw(by, 1),
    'draw 3': (by) => this.#draw(by, 3),
    write: (by) => this.#draw(by, 1, { kind: 'text', text: by.choice % 2 === 0 ? 'x' : '' }),
    place: (by) => this.#place(by),
    type: (by) => this.#type(by),
    leave: ({ index }) => this.#leave(index),
    move: (by) => this.#move(by, 1),
    'move 4': (by) => this.#move(by, 4),
    recolor: (by) => this.#recolor(by),
    widen: (by) => this.#widen(by),
    lock: (by) => this.#lock(by),
    describe: (by) => this.#describe(by),
    reorder: (by) => this.#reorder(by),
    group: (by) => this.#group(by),
    ungroup: ({ at, pick }) => at.board.run((edit) => edit.ungroup(groupsAbove(at, pick(2)))),
    put: (by) => this.#put(by),
    'take out': (by) => this.#setParent(by, by.pick(2), null),
    frame: (by) => this.#frame(by),
    rename: (by) => this.#rename(by),
    'remove group': ({ at, pick }) => erase(at, ...groupsAbove(at, pick(1)).slice(0, 1)),
    'add page': (by) => this.#addPage(by),
    'draw here': (by) => this.#draw(by, 1, { page: pageOf(by) }),
    'rename page': ({ at, author, value, choice }) =>
      at.board.run((edit) => edit.renamePage(pageOf({ at, choice }), `${author} named ${value}`)),
    'move page': (by) => this.#movePage(by),
    'remove page': ({ at, choice }) => at.board.run((edit) => edit.removePage(pageOf({ at, choice }))),
    'to page': (by) => this.#toPage(by),
    restore: (by) => this.#restore(by, 1),
    'restore 3': (by) => this.#restore(by, 3),
    remove: ({ at, pick }) => erase(at, ...pick(1)),
    erase: ({ at, pick }) => erase(at, ...pick(5)),
    clear: ({ at, choice }) => choice % 4 === 0 && this.#clear(at),
    undo: (by) => this.#undoOrRedo(by, 'undo'),
    redo: (by) => this.#undoOrRedo(by, 'redo'),
    net: ({ index, choice }) => this.network.deliverSome(index, choice),
    meet: () => this.network.settle(),
    pull: ({ index }) => this.network.pull(index),
    reload: (by) => this.#reload(by),
    wait: ({ choice }) => this.wall.pass(choice % 20_000),
  };
  #nextClientId = 100;
  #nextValue = 0;
  #nextSeed = 1;

  constructor(schedule: Schedule, limits: UndoLimits) {
    this.#skewsMs = schedule.skewsMs;
    this.#limits = limits;
    this.devices = users.map((_, i) => this.#page(i, schedule.clientIds[i] as number));
    this.network = new Network(this.devices);
  }

  step(operation: Operation): void {
    const index = operation.device;
    const before = stepsOf((this.devices[index] as Device).doc, users[index] as string);
    this.#operations[operation.op](this.#actor(operation));
    this.network.flush(index);
    const after = stepsOf((this.devices[index] as Device).doc, users[index] as string);
    for (const step of (this.devices[index] as Device).doc.getMap('undone').keys()) this.everUndone.add(step);
    if (!['net', 'meet', 'pull'].includes(operation.op)) {
      for (const step of after) if (!before.has(step) && !this.known.has(step)) this.known.set(step, before);
    }
  }

  #actor({ device: index, choice }: Operation): Actor {
    const at = this.devices[index] as Device;
    const shown = at.board.elements().map((element) => element.id);
    const pick = (count: number): ElementId[] => {
      const start = choice % (shown.length || 1);
      return Array.from({ length: Math.min(count, shown.length) }, (_, i) => shown[(start + i) % shown.length] as ElementId);
    };
    return { index, at, author: numberOf[at.user] as number, choice, value: this.#nextValue++, pick };
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

  /** Every second page is not closed but just dies, with its text box open. */
  #reload({ index, at, choice }: Actor): void {
    if (choice % 2 === 0) at.board.close();
    this.network.flush(index);
    this.#boxes[index] = null;
    this.written[index] = [];
    this.#nextClientId += 1 + (choice % 50);
    this.devices[index] = this.#page(index, this.#nextClientId, at.state());
  }

  #draw({ at, author }: Actor, count: number, patch: Partial<NewElement> = {}): void {
    at.board.run((edit) => {
      for (let i = count; i > 0; i--) this.authorship.made(edit.create(rectangle(0, patch)), author);
    });
  }

  #move({ index, at, author, value, pick }: Actor, count: number): void {
    const ids = pick(count);
    at.board.run((edit) => {
      for (const [i, id] of ids.entries()) edit.setGeometry(id, { x: author, y: value * 4 + i + 1, w: 1, h: 1, rotation: 0 });
    });
    for (const id of ids) {
      const tag = (at.doc.getMap('geo').get(id) as [unknown, StepKey])[1];
      this.written[index]?.push({ field: fields.geo, id, tag });
      this.everWritten.push({ field: fields.geo, id, tag });
    }
  }

  #recolor({ at, author, value, pick }: Actor): void {
    const hex = `#0${author}${(value % 65_536).toString(16).padStart(4, '0')}` as const;
    at.board.run((edit) => {
      for (const id of pick(2)) edit.setStyle(id, 'color', hex);
    });
  }

  #widen({ at, author, value, pick }: Actor): void {
    at.board.run((edit) => {
      for (const id of pick(1)) edit.setStyle(id, 'width', author + 4 + (value + 1) / 1_000_000);
    });
  }

  #lock({ at, pick }: Actor): void {
    at.board.run((edit) => {
      for (const id of pick(1)) edit.setLocked(id, at.board.get(id)?.isLocked === false);
    });
  }

  #describe({ at, author, value, pick }: Actor): void {
    at.board.run((edit) => {
      for (const id of pick(2)) edit.setAlt(id, `${author} saw ${value}`);
    });
  }

  /** In every other grouping the outermost groups of the elements take part, not the elements. */
  #group(by: Actor): void {
    const { at, author, choice, pick } = by;
    const ids = pick(1 + (choice % 3));
    const chosen = choice % 2 === 0 ? ids : [...new Set(ids.map((id) => groupsAbove(at, [id]).at(-1) ?? id))];
    const before = inspect(at.doc);
    const group = at.board.run((edit) => edit.group(chosen));
    if (group === null) return;
    this.authorship.made(group, author);
    this.authorship.grouped(author, before, inspect(at.doc));
  }

  /** Draws a frame around elements, or around their outermost groups; sometimes around nothing. */
  #frame(by: Actor): void {
    const { at, author, choice, value, pick } = by;
    const ids = pick(choice % 4);
    const chosen = choice % 2 === 0 ? ids : ids.map((id) => groupsAbove(at, [id]).at(-1) ?? id);
    const before = inspect(at.doc);
    const id = at.board.run((edit) => {
      const made = edit.create(rectangle(0, { kind: 'frame', text: choice % 3 === 0 ? '' : `Frame ${value}` }));
      edit.setParent(chosen, made);
      return made;
    });
    this.authorship.made(id, author);
    this.authorship.grouped(author, before, inspect(at.doc));
  }

  #rename({ at, author, choice, value }: Actor): void {
    const frames = at.board.elements().filter(({ kind }) => kind === 'frame');
    const frame = frames[choice % (frames.length || 1)];
    if (frame !== undefined) at.board.run((edit) => edit.setTitle(frame.id, `${author} named ${value}`));
  }

  /** Puts elements, or groups, into a group that anybody may have made. */
  #put(by: Actor): void {
    const { at, choice, pick } = by;
    const shown = [
      ...new Set(
        groupsAbove(
          at,
          at.board.elements().map(({ id }) => id),
        ),
      ),
    ];
    const into = shown[choice % (shown.length || 1)];
    if (into === undefined) return;
    const ids = pick(2);
    this.#setParent(by, choice % 3 === 0 ? groupsAbove(at, ids) : ids, into);
  }

  #setParent({ at, author }: Actor, ids: readonly ElementId[], parent: ElementId | null): void {
    const before = inspect(at.doc);
    at.board.run((edit) => edit.setParent(ids, parent));
    this.authorship.grouped(author, before, inspect(at.doc));
  }

  #restore({ at, author, choice }: Actor, count: number): void {
    const deleted = ([...at.doc.getMap('base').keys()] as ElementId[]).filter((id) => at.board.deleted(id) !== null).sort();
    const ids = Array.from({ length: Math.min(count, deleted.length) }, (_, i) => deleted[(choice + i) % deleted.length] as ElementId);
    at.board.run((edit) => edit.restore(ids));
    for (const id of ids) if (at.board.get(id) === undefined) throw new Error(`TR2 ${id} was restored and is not shown`);
    this.authorship.restored(ids, author);
  }

  #addPage(by: Actor): void {
    const { at, author, choice } = by;
    const name = choice % 2 === 0 ? '' : `${author} added`;
    const id = at.board.run((edit) => edit.addPage({ after: pageOf(by), name }));
    this.authorship.made(id, author);
  }

  #movePage(by: Actor): void {
    const { at, author, choice } = by;
    const pages = at.board.pages();
    const page = pageOf(by);
    const before = inspect(at.doc);
    at.board.run((edit) => edit.movePage(page, pages[(choice >> 5) % (pages.length + 1)]?.id ?? null));
    this.authorship.reordered([keyOfPage(page)], author, before, inspect(at.doc), fields.pageOrder);
  }

  #toPage(by: Actor): void {
    const { at, author, pick } = by;
    const before = inspect(at.doc);
    at.board.run((edit) => edit.setPage(pick(2), pageOf(by)));
    this.authorship.paged(author, before, inspect(at.doc));
    this.authorship.grouped(author, before, inspect(at.doc));
  }

  /** Acts like the text tool: creates an empty text and opens its box at once. */
  #place({ index, author, at: { board } }: Actor): void {
    this.#leave(index);
    const id = board.run((edit) => edit.create(rectangle(0, { kind: 'text', text: '' })));
    this.authorship.made(id, author);
    const box = Object.assign(board.text(id), { of: id });
    this.#boxes[index] = box;
    box.edit(0, 0, this.typing.mint(author, id));
  }

  /** Types in the open box or in a newly opened one, or presses undo or redo there. */
  #type({ index, author, choice, at: { board, doc } }: Actor): void {
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

  #reorder({ at, author, choice, pick }: Actor): void {
    const ids = pick(1 + ((choice >> 3) % 2));
    const before = inspect(at.doc);
    const to = (['front', 'back', 'forward', 'backward'] as const)[choice % 4] as 'front';
    at.board.run((edit) => edit.reorder(ids, to));
    this.authorship.reordered(ids, author, before, inspect(at.doc));
  }

  /** P2: only what this person wrote changes, and only marks are written. */
  #undoOrRedo({ at, author }: Actor, op: 'undo' | 'redo'): void {
    const before = inspect(at.doc);
    const texts = this.typing.texts(at.doc);
    const touched = new Set<unknown>();
    const note = (transaction: Y.Transaction): void => {
      for (const type of transaction.changed.keys()) touched.add(type);
    };
    at.doc.on('afterTransaction', note);
    const outcome = op === 'undo' ? at.board.undo() : at.board.redo();
    at.doc.off('afterTransaction', note);
    const after = inspect(at.doc);
    this.typing.checkTaken(op, author, texts, this.typing.texts(at.doc));
    for (const { reason, ids } of outcome.kept) if (reason === 'typed-elsewhere') this.typing.release(author, ids);
    if (outcome.isDone === (touched.size === 0)) throw new Error(`P2 ${op} said ${String(outcome.isDone)}`);
    for (const type of touched) {
      if (type instanceof Y.XmlFragment || type instanceof Y.XmlText) continue;
      if (type !== at.doc.getMap('undone') && type !== at.doc.getMap('gone')) throw new Error(`P2 ${op} wrote a value`);
    }
    this.authorship.checkValues(op, author, before, after);
    if (op === 'undo') this.authorship.checkHidden(author, before, after, this.typing, texts);
  }
}

/** One of the shown pages. */
function pageOf({ at, choice }: Pick<Actor, 'at' | 'choice'>): PageId {
  const pages = at.board.pages();
  return pages[(choice >> 3) % pages.length]?.id ?? '';
}

/** The groups that elements are in, the innermost first. */
function groupsAbove({ board }: Device, ids: readonly ElementId[]): ElementId[] {
  const groups: ElementId[] = [];
  for (const id of ids) for (let at = board.parentOf(id); at !== null; at = board.parentOf(at)) groups.push(at);
  return groups;
}
