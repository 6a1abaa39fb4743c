/** What a relay still holds after its garbage was collected: asked by a signal, answered in a file. */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { ClusterRelay } from '@wetink/infra/cluster';
import { before } from './bed.ts';
import { until } from './until.ts';

export interface Holdings {
  heapBytes: number;
  /** Event emitters that are reachable. */
  emitters: number;
  /** What listens to those of them that were there when this was asked first: a listener that is left behind is one more. */
  listeners: number;
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
      first ??= new WeakSet([...made].map((reference) => reference.deref()).filter((emitter) => emitter !== undefined));
      let emitters = 0; let listeners = 0;
      for (const reference of made) {
        const emitter = reference.deref();
        if (emitter === undefined) { made.delete(reference); continue; }
        emitters += 1;
        if (first.has(emitter)) for (const name of emitter.eventNames()) listeners += emitter.listenerCount(name);
      }
      const text = JSON.stringify({ heapBytes: process.memoryUsage().heapUsed, emitters, listeners });
      writeFileSync(${JSON.stringify(`${file}.part`)}, text); renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)});
    });`);
}

export async function holdingsOf(relay: Pick<ClusterRelay, 'kill'>, file: string): Promise<Holdings> {
  rmSync(file, { force: true });
  await relay.kill('SIGUSR2');
  await until(() => existsSync(file), `a relay to write ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Holdings;
}
