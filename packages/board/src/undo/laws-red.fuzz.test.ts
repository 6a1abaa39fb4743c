/**
 * Shows that the checks of the laws can fail: each test breaks one law on purpose, in the code that keeps it, and expects
 * the check to fail. The mocks are restored after each test.
 */
import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PendingEdit } from '../writing/pending-edit.ts';
import { History } from '../steps/history.ts';
import { type UndoLimits, undoLimits } from '../limits.ts';
import { Reconciler } from './reconciler.ts';
import { StepClock } from '../steps/step-clock.ts';
import { StepOrder } from '../steps/step-order.ts';
import { type Law, checkLaws } from '../testing/laws.ts';
import { schedules, writingSchedules } from '../testing/schedules.ts';
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

describe('a broken board is caught', () => {
  it('[P1] the check fails when an open page does not refresh the elements that a mark changes', () => {
    const { markChanged } = History.prototype;
    vi.spyOn(History.prototype, 'markChanged').mockImplementation(function (this: History, key: string) {
      markChanged.call(this, key, { element: () => undefined, session: () => undefined });
    });
    expect(caughtBy([])).toBe('P1');
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
    expect(caughtBy([])).toBe('P2');
  });

  it('[P3] the check fails when redo of a deletion spares elements that others had changed before it was undone', () => {
    const { othersWork } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'othersWork').mockImplementation(function (this: UndoStack, id) {
      return othersWork.call(this, id, 0);
    });
    expect(caughtBy(['P3'])).toBe('P3');
  });

  it('[P3] the check fails when one redo brings back two steps', () => {
    const { redo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'redo').mockImplementation(function (this: UndoStack, collect) {
      const outcome = redo.call(this, collect);
      redo.call(this, collect);
      return outcome;
    });
    expect(caughtBy(['P3'])).toBe('P3');
  });

  it('[P4] the check fails when a device undoes a step of its own choice instead of the newest', () => {
    const { undoTop } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undoTop').mockImplementation(function (this: UndoStack) {
      const { history, session } = this.core;
      if (session.id.charCodeAt(0) % 2 === 0) return undoTop.call(this);
      return history.mine.sorted().find((step) => !history.isUndone(step)) ?? null;
    });
    expect(caughtBy(['P4'])).toBe('P4');
  });

  it('[P5] the check fails when a new action does not end redo', () => {
    vi.spyOn(UndoStack.prototype, 'redoTop').mockImplementation(function (this: UndoStack): StepKey | null {
      const { history } = this.core;
      const undone = history.mine.sorted().filter((step) => history.isUndone(step));
      undone.sort((a, b) => (history.mark(b)?.at ?? 0) - (history.mark(a)?.at ?? 0));
      return undone[0] ?? null;
    });
    expect(caughtBy(['P5'])).toBe('P5');
  });

  it('[P6] the check fails when one undo takes back two steps', () => {
    const { undo } = UndoStack.prototype;
    vi.spyOn(UndoStack.prototype, 'undo').mockImplementation(function (this: UndoStack, collect) {
      const outcome = undo.call(this, collect);
      undo.call(this, collect);
      return outcome;
    });
    expect(caughtBy(['P6'])).toBe('P6');
  });

  it('[P7] the check fails when a reader looks through one undone step only', () => {
    vi.spyOn(History.prototype, 'effective').mockImplementation(function (this: History, field, id) {
      const stored = this.stored(field, id);
      if (stored === null || stored.tag === '' || !this.isUndone(stored.tag)) return stored;
      return this.log(stored.tag).before(field, id) ?? null;
    });
    expect(['P7', 'P2']).toContain(caughtBy(['P7']));
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
    expect(caughtBy([])).toBe('P8');
  });
});
