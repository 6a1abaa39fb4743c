/** The laws of undo, checked on boards that the simulation has made. A check throws an error that begins with the broken law. */
import type * as Y from 'yjs';
import { covers } from '../steps/deletions.ts';
import { fieldList, fields } from '../document/fields.ts';
import { type UndoLimits, undoLimits } from '../limits.ts';
import { readDeletion } from '../document/records.ts';
import { type Device, device, draw, type Wall } from './people.ts';
import { inspect, stepsOf } from './insight.ts';
import { type Schedule, users } from './schedules.ts';
import { PageView } from '../page-view.ts';
import { Simulation, type Written } from './simulation.ts';
import type { ElementId, StepKey } from '../types.ts';

export type Law = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9';

/** Runs a schedule and throws an error that begins with the broken law. P1, P2 and P8 are always checked. */
export function checkLaws(schedule: Schedule, laws: readonly Law[], limits: UndoLimits = undoLimits): void {
  const simulation = new Simulation(schedule, limits);
  for (const operation of schedule.operations) simulation.step(operation);
  simulation.network.settle();
  const [first, ...others] = simulation.devices.map((at) => inspect(at.doc).all);
  for (const other of others) if (other !== first) throw new Error(`P1 replicas differ\n${first}\n${other}`);
  const reloaded = device('nobody', simulation.wall, { state: (simulation.devices[0] as Device).state() });
  if (inspect(reloaded.doc).all !== first) throw new Error('P1 a reload differs');
  for (const at of simulation.devices) checkIndexes(at, reloaded);
  checkClears(simulation, reloaded.doc);
  checkTexts(simulation);
  checkValuesThatCount(simulation, reloaded.doc);
  const subject = simulation.devices[schedule.subject] as Device;
  const clone = (user: string = subject.user, state = subject.state()): Device => device(user, simulation.wall, { state, limits });
  if (laws.includes('P3')) checkUndoAllRedoAll(clone(), limits);
  if (laws.includes('P4')) checkTwoDevices(clone(), clone(), clone());
  if (laws.includes('P5')) checkNewAction(clone(), clone(), simulation.wall, clone);
  if (laws.includes('P6')) checkOrderOfSteps(clone(), simulation);
  if (laws.includes('P7')) checkEverybodyUndoes(subject.state(), clone);
  if (laws.includes('P9')) checkTrimming(clone(), limits);
}

/** P1 for indexes: those a page kept current update by update equal those of a page that read the document at once. */
function checkIndexes(at: Device, fresh: Device): void {
  const shown = JSON.stringify(at.board.elements());
  if (shown !== JSON.stringify(fresh.board.elements())) {
    throw new Error(`P1 a page that was open shows something else\n${shown}\n${JSON.stringify(fresh.board.elements())}`);
  }
  for (const element of at.board.elements()) {
    if (at.board.get(element.id) !== element) throw new Error('P1 elements() and get() differ');
  }
  checkPages(at, fresh);
  const [open, anew] = [at, fresh].map(groupsOf);
  if (open !== anew) throw new Error(`P1 a page that was open shows other groups\n${String(open)}\n${String(anew)}`);
}

/** PG1, PG2: whatever happened, each element is on a page that is shown, and all replicas show the same pages. */
function checkPages({ board }: Device, fresh: Device): void {
  const [open, anew] = [board, fresh.board].map((one) => JSON.stringify(one.pages().map((page) => [page, one.countOn(page.id)])));
  if (open !== anew) throw new Error(`P1 a page that was open shows other pages\n${String(open)}\n${String(anew)}`);
  const shown = board.pages().map(({ id }) => id);
  if (shown.length === 0) throw new Error('PG2 no page is shown');
  for (const { id, page } of board.elements()) if (!shown.includes(page)) throw new Error(`PG2 ${id} is on ${page}, which is not shown`);
  for (const page of shown) {
    const view = new PageView(board, page);
    const here = board.elements().filter((element) => element.page === page);
    if (JSON.stringify(view.elements()) !== JSON.stringify(here) || view.count !== here.length)
      throw new Error('PG8 a view shows another page');
  }
}

/** The groups of a board as text: each with its members, and those lead up to the top. */
function groupsOf({ board, doc }: Device): string {
  const groups = ([...doc.getMap('base').keys()] as ElementId[]).sort().flatMap((id) => {
    const members = [...board.membersOf(id)].sort();
    if (members.some((member) => board.parentOf(member) !== id)) throw new Error('P1 membersOf() and parentOf() differ');
    return members.length === 0 ? [] : [[id, board.parentOf(id), members]];
  });
  for (const { id, parent, frame } of board.elements()) {
    if (parent !== board.parentOf(id)) throw new Error('P1 parentOf() and the element differ');
    const above = new Set<ElementId>();
    let innermost: ElementId | null = null;
    for (let at = parent; at !== null; at = board.parentOf(at)) {
      if (above.has(at)) throw new Error('P1 a circle of groups is shown');
      above.add(at);
      if (board.get(at) !== undefined) innermost ??= at;
      if (board.membersOf(at).length === 0) throw new Error('P1 an element is in a group that is not shown');
    }
    if (frame !== innermost) throw new Error('P1 an element names another frame than the innermost around it');
  }
  checkFramesBeneath(board);
  return JSON.stringify(groups);
}

/** O7: frames lie beneath everything that is none, and above the frame around them. */
function checkFramesBeneath(board: Device['board']): void {
  const elements = board.elements();
  const places = new Map(elements.map(({ id }, i) => [id, i]));
  const firstOther = elements.findIndex(({ kind }) => kind !== 'frame');
  for (const [i, { kind, frame }] of elements.entries()) {
    if (kind !== 'frame') continue;
    if (firstOther !== -1 && i > firstOther) throw new Error('P1 a frame lies above an element');
    if (frame !== null && i < (places.get(frame) as number)) throw new Error('P1 a frame lies beneath the frame around it');
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

/** T1, P2: every typed character is on every device, and shown unless a person erased it. */
function checkTexts(simulation: Simulation): void {
  const [first, ...others] = simulation.devices.map((at) => simulation.typing.texts(at.doc));
  if (first === undefined) return;
  for (const other of others) if (JSON.stringify([...other]) !== JSON.stringify([...first])) throw new Error('P1 texts differ');
  simulation.typing.checkKept(first);
  const { history, elements } = inspect((simulation.devices[0] as Device).doc);
  for (const [id, text] of first) {
    const typists = simulation.typing.othersIn(id, text, simulation.authorship.makerOf(id));
    const step = elements.base(id)?.step;
    if (typists.length === 0 || step === undefined) continue;
    if (history.isUnmade(id, step)) throw new Error(`P2 undo of the making hides what ${typists.join()} typed`);
    // A text left empty is erased in the step of its typing.
    for (const hider of history.hiders(id, step)) {
      if (history.log(hider).before(fields.txt, id) !== undefined)
        throw new Error(`U18 a text left empty hides what ${typists.join()} typed`);
    }
  }
}

/** U18: if the stored value is undone and another person's, the board shows the newest move that was never undone. */
function checkValuesThatCount(simulation: Simulation, doc: Y.Doc): void {
  const { history } = inspect(doc);
  for (const [index, written] of simulation.written.entries()) {
    for (const { field, id, tag } of written) {
      const isCounted = (one: Written): boolean => one.field === field && one.id === id && !history.isUndone(one.tag);
      const newest = simulation.everWritten
        .filter(isCounted)
        .map((one) => one.tag)
        .sort((a, b) => (history.order.isBefore(a, b) ? -1 : 1))
        .at(-1);
      const stored = history.stored(field, id);
      if (tag !== newest || simulation.everUndone.has(tag) || stored === null) continue;
      if (!history.isUndone(stored.tag) || history.userOf(stored.tag) === users[index]) continue;
      if (history.effective(field, id)?.tag !== tag) throw new Error(`U18 a value of ${users[index] ?? ''} lost against an undone one`);
    }
  }
}

function checkUndoAllRedoAll(at: Device, limits: UndoLimits): void {
  while (at.board.redo().isDone);
  const before = inspect(at.doc).all;
  const live = [...stepsOf(at.doc, at.user)].filter((step) => !at.doc.getMap('undone').has(step)).length;
  let undone = 0;
  let redone = 0;
  while (at.board.undo().isDone) undone++;
  while (at.board.redo().isDone) redone++;
  if (inspect(at.doc).all !== before) throw new Error(`P3 another board\n${before}\n${inspect(at.doc).all}`);
  if (undone !== redone) throw new Error(`P3 ${undone} undone, ${redone} redone`);
  if (undone !== Math.min(live, limits.reachableSteps)) throw new Error(`P3 ${undone} of ${live} steps can be undone`);
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

function checkOrderOfSteps(at: Device, { known }: Simulation): void {
  const popped: StepKey[] = [];
  for (;;) {
    const before = new Set(at.doc.getMap('undone').keys());
    if (!at.board.undo().isDone) break;
    const now = [...at.doc.getMap('undone').keys()].filter((step) => !before.has(step));
    if (now.length !== 1) throw new Error(`P6 one press undid ${now.length} steps`);
    popped.push(now[0] as StepKey);
  }
  // Newest means: made by a device that knew of the others.
  for (const [i, step] of popped.entries()) {
    if (popped.slice(i + 1).some((later) => known.get(later)?.has(step) === true)) throw new Error('P6 not newest first');
  }
}

function checkEverybodyUndoes(state: Uint8Array, clone: (user: string, state: Uint8Array) => Device): void {
  for (const user of ['cid', 'ana', 'ben']) {
    const at = clone(user, state);
    while (at.board.undo().isDone);
    state = at.state();
  }
  const { history, elements, ids } = inspect(clone('nobody', state).doc);
  for (const id of ids) {
    for (const field of fieldList) {
      const shown = history.effective(field, id);
      // A repaired place belongs to no step: it keeps the tag of the creation. A group can be made in another one.
      const isAsCreated =
        (field === fields.z || field === fields.pageOrder || field === fields.parent) && shown?.tag === elements.base(id)?.step;
      if (shown !== null && !isAsCreated) {
        throw new Error(`P7 everybody undid everything, but ${field.root} of ${id} is ${JSON.stringify(shown)}`);
      }
    }
  }
}

function checkTrimming(at: Device, limits: UndoLimits): void {
  const olds = inspect(at.doc).ids;
  const shot = (): string => {
    const { elements, isThere, value } = inspect(at.doc);
    return JSON.stringify(olds.map((id) => [isThere(id), elements.groups.groupOf(id), ...fieldList.map((field) => value(field, id))]));
  };
  for (let i = 0; i < 3; i++) {
    const before = shot();
    draw(at);
    if (shot() !== before) throw new Error(`P9 trimming changed the board\n${before}\n${shot()}`);
  }
  const { history } = inspect(at.doc);
  const held = [...new Set([...history.logged.sorted(), ...history.undoneDeletions.sorted()])];
  const own = held.filter((step) => history.userOf(step) === at.user).length;
  if (own > limits.reachableSteps + limits.slackSteps) throw new Error(`U11 ${own} logged steps of one person`);
}
