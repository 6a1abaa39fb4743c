/** Every row against our relay, where it must do no harm, and against the reference, where it must. */

import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeAll, person, reaches } from './clients.ts';
import { documentRows } from './rows-document.ts';
import { presenceRows } from './rows-presence.ts';
import { socketRows } from './rows-socket.ts';
import type { Row } from './row.ts';
import { Target } from './target.ts';

const ours = new Target('ours');
const reference = new Target('reference');
const lines: string[][] = [];

afterEach(closeAll);

afterAll(async () => {
  await ours.stop();
  await reference.stop();
  console.log(columns([['row', 'ours', 'reference'], ...lines]));
});

/** @returns the harm that the attack did to this relay, or that others can't work there afterwards. */
async function harmOf(row: Row, target: Target): Promise<string | null> {
  if (row.isFresh === true) await target.stop();
  await target.start();
  const harm = await row.attack(target);
  if (harm !== null) return harm;
  if (!target.isAlive) return 'the process died';
  const room = target.room();
  const ana = await person(target, room, 'ana');
  const ben = await person(target, room, 'ben');
  return (await reaches(ana, ben)) ? null : 'nobody can work any more';
}

describe.each([...documentRows, ...presenceRows, ...socketRows])('[$id] $title', (row) => {
  it('does no harm to our relay, and does to one without guards', { timeout: 120_000 }, async () => {
    const harm = await harmOf(row, ours);
    closeAll();
    const harmToReference = await harmOf(row, reference);
    lines.push([row.id, harm ?? 'held', harmToReference ?? 'held']);
    expect(harm).toBeNull();
    expect(harmToReference, 'the attack does nothing: it proves nothing about our relay').not.toBeNull();
  });
});

function columns(rows: readonly string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
