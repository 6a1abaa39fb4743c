/** Runs every row against our relay, where it must do no harm, and against the reference, where it must do harm. */

import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeAll, person, reaches } from './clients.ts';
import { naiveReader, ourReader, type Reader } from './readers.ts';
import { readerRows, relayRows, rowIds, serviceRows } from './rows.ts';
import type { ContentRow, Row, ServiceRow } from './row.ts';
import { closeSockets } from './service-clients.ts';
import { ServiceTarget } from './service-target.ts';
import { Target, type Kind } from './target.ts';

const relays = { ours: new Target('ours'), reference: new Target('reference') };
const services = { ours: new ServiceTarget('ours'), reference: new ServiceTarget('reference') };
const lines: { id: string; harm: string | null; harmToReference: string | null }[] = [];

afterEach(leave);

afterAll(async () => {
  for (const target of [relays.ours, relays.reference, services.ours, services.reference]) await target.stop();
  const told = lines.map(({ id, harm, harmToReference }) => [id, harm ?? 'held', harmToReference ?? 'held']);
  console.log(columns([['row', 'ours', 'reference'], ...told]));
  const run = rowIds.filter((id) => lines.some((line) => line.id === id));
  const heldBy = (side: 'harm' | 'harmToReference'): number =>
    run.filter((id) => lines.every((line) => line.id !== id || line[side] === null)).length;
  console.log(`${run.length} of ${rowIds.length} rows: ours held ${heldBy('harm')}, reference held ${heldBy('harmToReference')}`);
});

function leave(): void {
  closeAll();
  closeSockets();
}

/** @returns The harm of the attack, or that others cannot work on this relay afterwards. */
async function harmToRelay(row: Row, kind: Kind): Promise<string | null> {
  const target = relays[kind];
  if (row.isFresh === true) await target.stop();
  await target.start();
  const harm = await row.attack(target);
  if (harm !== null) return harm;
  if (!target.isAlive) return 'the process died';
  const room = target.room();
  const ana = await person(target, room, 'ana');
  const ben = await person(target, room, 'ben');
  return (await reaches(ana, ben)) ? null : 'others can no longer work';
}

async function harmToService(row: ServiceRow, kind: Kind): Promise<string | null> {
  const service = services[kind];
  await service.start({ WETINK_AUTH: 'guests', ...row.env });
  const harm = await row.attack(service);
  if (harm !== null) return harm;
  if (!service.isAlive) return 'the process died';
  const { status } = await service.ask('GET', '/healthz');
  return status === 200 || kind === 'reference' ? null : `its health check answers ${status}`;
}

function harmToReader(row: ContentRow, reader: Reader): string | null {
  try {
    return row.attack(reader);
  } catch (error) {
    return `the board cannot be shown: ${String(error).split('\n', 1)[0] ?? ''}`;
  }
}

async function judge(id: string, harmOf: (kind: Kind) => Promise<string | null> | string | null): Promise<void> {
  const harm = await harmOf('ours');
  leave();
  const harmToReference = await harmOf('reference');
  lines.push({ id, harm, harmToReference });
  expect(harm).toBeNull();
  expect(harmToReference, 'the attack has no effect, so it proves nothing about our relay').not.toBeNull();
}

const LONGEST_MS = 120_000;
const title = 'does no harm to ours, and harms the reference';

describe.each(Object.values(relayRows).flat())('[$id] $title', (row) => {
  it(title, { timeout: LONGEST_MS }, () => judge(row.id, (kind) => harmToRelay(row, kind)));
});

describe.each(Object.values(serviceRows).flat())('[$id] $title', (row) => {
  it(title, { timeout: LONGEST_MS }, () => judge(row.id, (kind) => harmToService(row, kind)));
});

describe.each(Object.values(readerRows).flat())('[$id] $title', (row) => {
  it(title, { timeout: LONGEST_MS }, () => judge(row.id, (kind) => harmToReader(row, kind === 'ours' ? ourReader : naiveReader)));
});

function columns(rows: readonly string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
