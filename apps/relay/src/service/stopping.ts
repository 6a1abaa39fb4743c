/**
 * Stops a relay, step by step. All steps share one deadline; each gets the time that is left:
 *
 *     signal -> not ready -> wait for the load balancer -> send clients away, save -> bus -> http -> store -> exit code
 *
 * During the wait the relay still accepts sockets, because the load balancer may not have noticed yet.
 */

import { counted } from '../log/counted.ts';

export interface StoppingPorts {
  /** /readyz answers 503 from now on. */
  failReadiness(): void;
  /** Waits, unless no client is connected. */
  wait(ms: number): Promise<void>;
  drain(deadlineMs: number): Promise<{ unsavedBytes: number }>;
  /** Run in order. The outcome names each one that fails or hangs. */
  closers: readonly { name: string; close(): Promise<void> }[];
  /** Milliseconds, only compared with each other. */
  now(): number;
  schedule(fn: () => void, delayMs: number): () => void;
}

export interface StopOutcome {
  exitCode: 0 | 1;
  /** For the operator, one line each. */
  complaints: string[];
}

/** Each closer gets at least this long, even when draining has used up the deadline. */
const MIN_CLOSE_MS = 1_000;

export async function stop(ports: StoppingPorts, times: { waitMs: number; deadlineMs: number }): Promise<StopOutcome> {
  const startedAtMs = ports.now();
  const leftMs = (): number => times.deadlineMs - (ports.now() - startedAtMs);
  const complaints: string[] = [];
  ports.failReadiness();
  if (times.waitMs > 0) await ports.wait(times.waitMs);
  const { unsavedBytes } = await ports.drain(Math.max(1, leftMs()));
  if (unsavedBytes > 0)
    complaints.push(
      `${counted(unsavedBytes, 'byte')} of changes could not be saved in time. They were not acknowledged, so clients still have them.`,
    );
  for (const { name, close } of ports.closers) {
    const trouble = await within(Math.max(MIN_CLOSE_MS, leftMs()), close, ports.schedule);
    if (trouble !== null) complaints.push(`${name} could not be closed: ${trouble}`);
  }
  return { exitCode: complaints.length === 0 ? 0 : 1, complaints };
}

/** @returns null when done, otherwise the reason. */
function within(ms: number, run: () => Promise<void>, schedule: StoppingPorts['schedule']): Promise<string | null> {
  return new Promise((resolve) => {
    const cancel = schedule(() => resolve(`no answer in ${Math.round(ms / 1_000)} s`), ms);
    run()
      .then(
        () => resolve(null),
        (error: unknown) => resolve(error instanceof Error ? error.message : String(error)),
      )
      .finally(cancel);
  });
}
