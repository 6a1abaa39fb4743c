import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { undoLimits } from '../limits.ts';
import { type Law, checkLaws } from '../testing/laws.ts';
import {
  framingSchedules,
  groupingSchedules,
  pageSchedules,
  schedules,
  sharedPageSchedules,
  sharedGroupSchedules,
  sharedTextSchedules,
  trashSchedules,
  writingSchedules,
} from '../testing/schedules.ts';

/** More runs and other seeds: `WETINK_FUZZ_RUNS=5000 WETINK_FUZZ_SEED=7`. A failure prints its seed and its shrunk schedule. */
const runs = Number(process.env.WETINK_FUZZ_RUNS ?? 30);
const seed = Number(process.env.WETINK_FUZZ_SEED ?? 20_260_101);
const tiny = { ...undoLimits, reachableSteps: 4, slackSteps: 2 };

function check(laws: readonly Law[], limits = undoLimits, among = schedules): void {
  fc.assert(
    fc.property(among, (schedule) => checkLaws(schedule, laws, limits)),
    { seed, numRuns: runs },
  );
}

describe('laws of undo, over five devices of three people with skewed clocks and partial delivery', () => {
  it("[P1] [P2] [P8] replicas and reloads agree, undo changes only a person's own work, a clear covers only received elements", () => {
    check([]);
  });
  it('[P3] undoing everything and redoing everything gives the same board', () => check(['P3']));
  it('[P4] two devices that undo at once undo one step', () => check(['P4']));
  it('[P5] a new action ends redo, everywhere and after a reload', () => check(['P5']));
  it('[P6] undo takes the newest step first and no step twice', () => check(['P6']));
  it('[P7] when everybody has undone everything, every element shows what it was created with', () => check(['P7']));
  it('[P9] trimming never changes the board', () => check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny));
  it('[G1] [G3] [G4] [P2] the laws hold while people group, ungroup, and put things into the groups of others', () => {
    check(['P3', 'P4', 'P5', 'P6', 'P7'], undoLimits, groupingSchedules);
    check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny, groupingSchedules);
    check(['P3', 'P7'], undoLimits, sharedGroupSchedules);
  });
  it('[G9] [O7] [P1] [P2] [P8] the laws hold while people draw frames, name them, and put things into them', () => {
    check(['P3', 'P4', 'P5', 'P6', 'P7'], undoLimits, framingSchedules);
    check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny, framingSchedules);
  });
  it('[PG1] [PG2] [PG4] [P2] the laws hold while people add, move and delete pages, and draw on pages that others delete', () => {
    check(['P3', 'P4', 'P5', 'P6', 'P7'], undoLimits, pageSchedules);
    check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny, pageSchedules);
    check(['P3', 'P7'], undoLimits, sharedPageSchedules);
  });
  it('[TR2] [TR3] [TR4] [P1] [P8] the laws hold while people delete, restore, and undo both', () => {
    check(['P3', 'P4', 'P5', 'P6', 'P7'], undoLimits, trashSchedules);
    check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny, trashSchedules);
  });
  it('[U12] [P2] the laws hold while text boxes are open', () => {
    check(['P3', 'P4', 'P5', 'P6', 'P7'], undoLimits, writingSchedules);
    check(['P3', 'P4', 'P5', 'P6', 'P9'], tiny, writingSchedules);
  });
  it('[U12] [U18] [P2] [T1] three people type in one text: no undo takes away what another person typed', () => {
    check(['P3', 'P7'], undoLimits, sharedTextSchedules);
    check(['P3', 'P9'], tiny, sharedTextSchedules);
  });
});
