/** Shows that the P9 check can fail: here trimming drops undone steps without first storing the values beneath them. */
import * as fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Core } from '../core.ts';
import { undoLimits } from '../limits.ts';
import { checkLaws } from '../testing/laws.ts';
import { framingSchedules, schedules } from '../testing/schedules.ts';

vi.mock(import('../writing/trim.ts'), () => ({
  trim({ history, roots, limits }: Core) {
    const mine = history.mine.sorted();
    const beyond = mine.slice(0, Math.max(0, mine.length - limits.reachableSteps - limits.slackSteps));
    for (const step of beyond) {
      roots.undo.delete(step);
      if (history.made(step).size === 0) roots.undone.delete(step);
    }
  },
}));

it.each([
  ['with', framingSchedules],
  ['without', schedules],
])('[P9] %s frames, the check fails when trimming drops undone steps without storing the values beneath them', (_, among) => {
  const tiny = { ...undoLimits, reachableSteps: 4, slackSteps: 2 };
  const result = fc.check(
    fc.property(among, (schedule) => checkLaws(schedule, ['P9'], tiny)),
    {
      seed: 4,
      numRuns: 300,
      endOnFailure: true,
    },
  );
  expect((result.errorInstance as Error | null)?.message.slice(0, 2)).toBe('P9');
});
