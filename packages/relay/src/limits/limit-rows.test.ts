/** The table of limits. What each limit does is tested in limits.integration.test.ts. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeLimits, limitRows } from './limit-rows.ts';
import { defaultLimits } from './limits.ts';

describe('the table', () => {
  it('[LI1] SECURITY.md has the table of limits: after a change run `pnpm --filter @wetink/relay limits`', () => {
    const text = readFileSync(new URL('../../../../SECURITY.md', import.meta.url), 'utf8');
    expect(text).toContain(`<!-- limits -->\n\n${describeLimits()}\n\n<!-- /limits -->`);
  });

  it('[LI1] defaults are in range, and no limit, variable or label is there twice', () => {
    for (const { key, min, max } of limitRows) {
      expect(defaultLimits[key], key).toBeGreaterThanOrEqual(min);
      expect(defaultLimits[key], key).toBeLessThanOrEqual(max);
    }
    for (const values of [
      limitRows.map(({ key }) => key),
      limitRows.map(({ variable }) => variable),
      limitRows.flatMap(({ metric }) => metric ?? []),
    ])
      expect(new Set<string>(values).size).toBe(values.length);
    for (const { code, metric } of limitRows) expect(code === 'RATE_LIMITED').toBe(metric !== null);
  });
});
