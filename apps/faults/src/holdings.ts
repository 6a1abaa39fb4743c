/** Measures what a relay holds after a garbage collection: a signal asks, the relay writes the answer to a file. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { ClusterRelay } from '@wetink/infra/cluster';
import { before } from './bed.ts';
import { until } from './until.ts';

export interface Holdings {
  heapBytes: number;
  /** Event emitters that are reachable. */
  emitters: number;
  /** Listeners added to the emitters that existed at the first measurement. */
  listenersGained: number;
}

/** For NODE_OPTIONS: the process counts its emitters, and writes its holdings to `file` at SIGUSR2. */
export function countHoldings(file: string): string {
  return before(`import { EventEmitter } from 'node:events'; import { renameSync, writeFileSync } from 'node:fs';
    import { setFlagsFromString } from 'node:v8'; import { runInNewContext } from 'node:vm';
    setFlagsFromString('--expose-gc'); const gc = runInNewContext('gc');
    const made = new Set([new WeakRef(process)]); let first; const init = EventEmitter.init;
    EventEmitter.init = function (options) { made.add(new WeakRef(this)); return init.call(this, options); };
    process.on('SIGUSR2', async () => {
      for (let times = 0; times < 3; times += 1) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
      const now = new Map();
      for (const reference of made) {
        const emitter = reference.deref();
        if (emitter === undefined) made.delete(reference);
        else now.set(emitter, emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0));
      }
      first ??= new WeakMap(now);
      let listenersGained = 0;
      for (const [emitter, count] of now) listenersGained += Math.max(0, count - (first.get(emitter) ?? count));
      const text = JSON.stringify({ heapBytes: process.memoryUsage().heapUsed, emitters: now.size, listenersGained });
      writeFileSync(${JSON.stringify(`${file}.part`)}, text); renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)});
    });`);
}

export async function holdingsOf(relay: Pick<ClusterRelay, 'kill'>, file: string): Promise<Holdings> {
  rmSync(file, { force: true });
  await relay.kill('SIGUSR2');
  await until(() => existsSync(file), `a relay to write ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Holdings;
}
