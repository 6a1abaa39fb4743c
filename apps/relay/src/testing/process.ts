/** A relay in a process of its own. For tests only. */

import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RelayProcess {
  child: ChildProcess;
  /** ws://127.0.0.1:port */
  url: string;
  origin: string;
  /** Resolves with exit code or signal. */
  ended: Promise<number | NodeJS.Signals>;
  stderr(): string;
}

export async function startRelayProcess(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<RelayProcess> {
  const started = spawnRelay(script, args, env);
  const lines = createInterface({ input: started.child.stdout! });
  const origin = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const ready = /^Wetink is ready: (http:\/\/\S+)$/.exec(line);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    void started.ended.then((code) => reject(new Error(`relay ended with ${code}: ${started.stderr()}`)));
  });
  return { ...started, origin, url: origin.replace('http', 'ws') };
}

export function spawnRelay(
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Omit<RelayProcess, 'url' | 'origin'> & { stdout(): string } {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  let stdout = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-200_000)));
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? 1)));
  return { child, ended, stderr: () => stderr, stdout: () => stdout };
}
