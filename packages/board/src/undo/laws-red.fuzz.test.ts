/**
 * Shows that the checks of the laws can fail: each test breaks one law on purpose, in the code that keeps it, and expects
 * the check to fail. The mocks are restored after each test.
 */
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PendingEdit } from '../writing/pending-edit.ts';
import { Deletions } from '../steps/deletions.ts';
import { Groups } from '../elements/groups.ts';
import { Pages } from '../elements/pages.ts';
import { History } from '../steps/history.ts';
import { type UndoLimits, undoLimits } from '../limits.ts';
import { Reconciler } from './reconciler.ts';
import { StepClock } from '../steps/step-clock.ts';
import { StepOrder } from '../steps/step-order.ts';
import { type Law, checkLaws } from '../testing/laws.ts';
import {
  framingSchedules,
  groupingSchedules,
  pageSchedules,
  schedules,
  sharedPageSchedules,
  sharedGroupSchedules,
  trashSchedules,
  writingSchedules,
} from '../testing/schedules.ts';
import { TextBox } from '../typing/text-box.ts';
import { UndoStack } from './undo.ts';
import type { StepKey } from '../types.ts';

afterEach(() => vi.restoreAllMocks());

/** The first two characters of the law whose check failed ('U1' for U18), or null when none failed. */
function caughtBy(laws: readonly Law[], limits: UndoLimits = undoLimits, among = schedules): string | null {
  const result = fc.check(
    fc.property(among, (schedule) => checkLaws(schedule, laws, limits)),
    {
      seed: 4,
      numRuns: 150,
      endOnFailure: true,
    },
  );
  return result.failed ? String((result.errorInstance as Error).message).slice(0, 2) : null;
}

/** The laws that catch the fault on boards without frames and on boards with frames. */
function caughtInBoth(laws: readonly Law[]): (string | null)[] {
  return [schedules, framingSchedules].map((among) => caughtBy(laws, undoLimits, among));
}

describe('a broken board is caught', () => {
  it('[P1] the check fails when an open page does not refresh the elements that a mark changes', () => {
    const { markChanged } = History.prototype;
    vi.spyOn(History.prototype, 'markChanged').mockImplementation(function (this: History, key: string) {
      markChanged.call(this, key, { element: () => undefined, session: () => undefined });
    });
    expect(caughtInBoth([])).toEqual(['P1', 'P1']);
  });

  it('[P1] [G1] the check fails when an open page does not look again at what is in a group that comes or goes', () => {
    const { settle } = Groups.prototype;
    vi.spyOn(Groups.prototype, 'settle').mockImplementation(function (this: Groups) {
      settle.call(this);
      return new Set();
    });
    expect(caughtBy([], undoLimits, groupingSchedules)).toBe('P1');
  });

  it('[P1] [G9] the check fails when an open page does not look again at what goes into another frame with its group', () => {
    vi.spyOn(Groups.prototype, 'inOtherFrames').mockReturnValue(new Set());
    expect(caughtBy([], undoLimits, framingSchedules)).toBe('P1');
  });

  it('[P1] [O7] the check fails when a frame lies where its time puts it, whatever it is in', () => {
    const { framesAround } = Groups.prototype;
    vi.spyOn(Groups.prototype, 'framesAround').mockImplementation(function (this: Groups, id) {
      return { ...framesAround.call(this, id), depth: 0 };
    });
    expect(caughtBy([], undoLimits, framingSchedules)).toBe('P1');
  });

  it('[P2] [G5] the check fails when undoing the making of a group does not look at what others put into it', () => {
    vi.spyOn(Groups.prototype, 'naming').mockReturnValue([]);
    expect(caughtBy([], undoLimits, sharedGroupSchedules)).toBe('P2');
    expect(caughtBy([], undoLimits, framingSchedules)).toBe('P2');
  });

  it('[P3] [G4] the check fails when undo of a grouping takes the members out by writing', () => {
    const { undo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undo').mockImplementation(function (this: UndoStack, collect) {
      const step = this.undoTop();
      const { history, roots } = this.core;
      for (const { field, id } of step === null ? [] : history.log(step).entries) {
        if (step !== null && field.root === 'parent') roots.parent.set(id, [null, step]);
      }
      return undo.call(this, collect);
    });
    expect(['P2', 'P3']).toContain(caughtBy(['P3'], undoLimits, groupingSchedules));
  });

  it('[P3] [TR3] the check fails when a deletion of before hides what was restored', () => {
    vi.spyOn(Deletions.prototype, 'hiders').mockImplementation(function* (this: Deletions, id) {
      for (const step of this.listsOf(id)) yield step;
    });
    expect(['TR', 'P1', 'P3']).toContain(caughtBy(['P3'], undoLimits, trashSchedules));
  });

  it('[P1] [PG1] the check fails when an open page does not look again at the elements that a page was missing for', () => {
    const { set } = Pages.prototype;
    vi.spyOn(Pages.prototype, 'set').mockImplementation(function (this: Pages, page, record) {
      set.call(this, page, record);
      return new Set();
    });
    expect(caughtBy([], undoLimits, pageSchedules)).toBe('P1');
  });

  it('[PG2] the check fails when a deleted page hides what others drew on it', () => {
    const { list } = Pages.prototype;
    vi.spyOn(Pages.prototype, 'list').mockImplementation(function (this: Pages) {
      const there = list.call(this).filter(({ id }) => this.isThere(id));
      return there.length === 0 ? list.call(this) : there;
    });
    expect(caughtBy([], undoLimits, pageSchedules)).toBe('PG');
  });

  it('[P2] [PG4] the check fails when undoing the making of a page does not look at what others put on it', () => {
    const { othersWork } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'othersWork').mockImplementation(function (this: UndoStack, id, since) {
      return this.core.elements.base(id)?.kind === 'page' ? null : othersWork.call(this, id, since);
    });
    expect(caughtBy([], undoLimits, sharedPageSchedules)).toBe('P2');
  });

  it('[P3] [PG5] the check fails when undo of moving a page writes its place', () => {
    const { undo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undo').mockImplementation(function (this: UndoStack, collect) {
      const step = this.undoTop();
      const { history, roots } = this.core;
      for (const { field, id, before } of step === null ? [] : history.log(step).entries) {
        if (step !== null && field.prop === 'order') roots.pages.set(`${id}/order`, [before?.value ?? 'a5', step]);
      }
      return undo.call(this, collect);
    });
    expect(['P2', 'P3']).toContain(caughtBy(['P3'], undoLimits, pageSchedules));
  });

  it('[P2] the check fails when undoing a creation does not look for the work of others', () => {
    vi.spyOn(UndoStack.prototype, 'othersWork').mockReturnValue(null);
    expect(caughtBy([], undoLimits, writingSchedules)).toBe('P2');
  });

  it('[P2] the check fails when typing in a text leaves no touch', () => {
    vi.spyOn(PendingEdit.prototype, 'touchText').mockReturnValue(undefined);
    expect(caughtBy([], undoLimits, writingSchedules)).toBe('P2');
  });

  it('[P2] [T2] the check fails when undo in a text box removes the leaf made with the first letter', () => {
    const { undo } = TextBox.prototype;
    vi.spyOn(TextBox.prototype, 'undo').mockImplementation(function (this: TextBox) {
      this.manager.deleteFilter = () => true;
      undo.call(this);
    });
    expect(['P2', 'T1']).toContain(caughtBy([], undoLimits, writingSchedules));
  });

  it('[U18] the check fails when no page puts back work that an undo did not know of', () => {
    vi.spyOn(Reconciler.prototype, 'takeIn').mockReturnValue(undefined);
    expect(['U1', 'P2']).toContain(caughtBy([], undoLimits, writingSchedules));
  });

  it('[P6] [U2] the check fails when steps are ordered by their keys alone', () => {
    vi.spyOn(StepOrder.prototype, 'shiftOf').mockReturnValue(null);
    expect(['P3', 'P6']).toContain(caughtBy(['P3', 'P6']));
  });

  it('[P2] the check fails when undo writes the old value back instead of looking through', () => {
    const { undo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undo').mockImplementation(function (this: UndoStack, collect) {
      const step = this.undoTop();
      const { history, roots } = this.core;
      if (step === null) return undo.call(this, collect);
      for (const { field, id, before } of history.log(step).entries) {
        if (field.root === 'geo') roots.geo.set(id, [before?.value ?? [0, 0, 0, 0, 0], step]);
      }
      return undo.call(this, collect);
    });
    expect(caughtInBoth([])).toEqual(['P2', 'P2']);
  });

  it('[P3] the check fails when redo of a deletion spares elements that others had changed before it was undone', () => {
    const { othersWork } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'othersWork').mockImplementation(function (this: UndoStack, id) {
      return othersWork.call(this, id, 0);
    });
    expect(caughtInBoth(['P3'])).toEqual(['P3', 'P3']);
  });

  it('[P3] the check fails when one redo brings back two steps', () => {
    const { redo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'redo').mockImplementation(function (this: UndoStack, collect) {
      const outcome = redo.call(this, collect);
      redo.call(this, collect);
      return outcome;
    });
    expect(caughtInBoth(['P3'])).toEqual(['P3', 'P3']);
  });

  it('[P4] the check fails when a device undoes a step of its own choice instead of the newest', () => {
    const { undoTop } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undoTop').mockImplementation(function (this: UndoStack) {
      const { history, session } = this.core;
      if (session.id.charCodeAt(0) % 2 === 0) return undoTop.call(this);
      return history.mine.sorted().find((step) => !history.isUndone(step)) ?? null;
    });
    expect(caughtInBoth(['P4'])).toEqual(['P4', 'P4']);
  });

  it('[P5] the check fails when a new action does not end redo', () => {
    vi.spyOn(UndoStack.prototype, 'redoTop').mockImplementation(function (this: UndoStack): StepKey | null {
      const { history } = this.core;
      const undone = history.mine.sorted().filter((step) => history.isUndone(step));
      undone.sort((a, b) => (history.mark(b)?.at ?? 0) - (history.mark(a)?.at ?? 0));
      return undone[0] ?? null;
    });
    expect(caughtInBoth(['P5'])).toEqual(['P5', 'P5']);
  });

  it('[P6] the check fails when one undo takes back two steps', () => {
    const { undo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undo').mockImplementation(function (this: UndoStack, collect) {
      const outcome = undo.call(this, collect);
      undo.call(this, collect);
      return outcome;
    });
    expect(caughtInBoth(['P6'])).toEqual(['P6', 'P6']);
  });

  it('[P7] the check fails when a reader looks through one undone step only', () => {
    vi.spyOn(History.prototype, 'effective').mockImplementation(function (this: History, field, id) {
      const stored = this.stored(field, id);
      if (stored === null || stored.tag === '' || !this.isUndone(stored.tag)) return stored;
      return this.log(stored.tag).before(field, id) ?? null;
    });
    for (const law of caughtInBoth(['P7'])) expect(['P7', 'P2']).toContain(law);
  });

  it('[P3] [P7] the check fails when the clock is the wall clock alone', () => {
    let count = 0;
    vi.spyOn(StepClock.prototype, 'tick').mockImplementation(function (this: StepClock) {
      return this.wall() + (count++ % 5);
    });
    expect(caughtBy(['P3', 'P4', 'P5', 'P6', 'P7'])).not.toBeNull();
  });

  it('[P8] the check fails when a clear covers whole sessions instead of the elements received of them', () => {
    const { seenVector } = History.prototype;
    vi.spyOn(History.prototype, 'seenVector').mockImplementation(function (this: History) {
      return new Map([...seenVector.call(this).keys()].map((session) => [session, 1_000_000]));
    });
    expect(caughtInBoth([])).toEqual(['P8', 'P8']);
  });
});
