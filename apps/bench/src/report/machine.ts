/** The machine of a run. */

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { quantile } from '../figures.ts';
import { canPin } from '../servers/process.ts';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  isPinned: boolean;
  /** Median time to flush 4 KiB, the least a durable acknowledgement takes. Near 0: not a real disk. */
  flushMs: number;
  /** In the minute before the run. Above 0.5 on two cores, others used the machine. */
  loadBefore: number;
}

const FLUSHES = 200;

export async function describeMachine({ isQuick }: { isQuick: boolean }): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    isPinned: canPin && !isQuick,
    flushMs: Math.round((await flushMs()) * 100) / 100,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

async function flushMs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  const file = openSync(join(folder, 'flush'), 'w');
  const times: number[] = [];
  for (let i = 0; i < FLUSHES; i++) {
    const startedAt = performance.now();
    writeSync(file, new Uint8Array(4_096), 0, 4_096, 0);
    fdatasyncSync(file);
    times.push(performance.now() - startedAt);
  }
  closeSync(file);
  await rm(folder, { recursive: true, force: true });
  return quantile(times, 0.5);
}
