/**
 * Watches the conditions of a measurement: a figure says little about a server when the load itself was at its limit, or
 * when other processes used the two cores.
 */

import { quantile } from './figures.ts';

export interface Conditions {
  /** Share of one core that the load used while it was watched. */
  cpuShare: number;
  /** 99th percentile of how late its timers ran. */
  lateP99Ms: number;
  /** Share of the time for which the server was ready to run but another process had its core; NaN where it is unknown. */
  serverWaited: number;
}

const CHECK_MS = 5;
/** From here on the load's own core is full. */
const FULL_CORE = 0.9;
/** Above this the load neither sent nor read on time. */
const LATE_MS = 25;
const MUCH_WAITING = 0.1;

export class LoadWatch {
  #late: number[] = [];
  #cpuMs = 0;
  #wallMs = 0;
  #waitedSeconds = 0;
  readonly #serverWaitSeconds: () => number;

  constructor(serverWaitSeconds: () => number) {
    this.#serverWaitSeconds = serverWaitSeconds;
  }

  async watch<T>(work: () => Promise<T>): Promise<T> {
    const cpuFrom = process.cpuUsage();
    const waitedFrom = this.#serverWaitSeconds();
    const from = performance.now();
    let last = from;
    const timer = setInterval(() => {
      const now = performance.now();
      this.#late.push(Math.max(0, now - last - CHECK_MS));
      last = now;
    }, CHECK_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      const { user, system } = process.cpuUsage(cpuFrom);
      this.#cpuMs += (user + system) / 1_000;
      this.#wallMs += performance.now() - from;
      this.#waitedSeconds += this.#serverWaitSeconds() - waitedFrom;
    }
  }

  conditions(): Conditions {
    const wallMs = Math.max(1, this.#wallMs);
    return {
      cpuShare: this.#cpuMs / wallMs,
      lateP99Ms: this.#late.length === 0 ? 0 : quantile(this.#late, 0.99),
      serverWaited: (this.#waitedSeconds * 1_000) / wallMs,
    };
  }
}

/** @returns Words for the report; empty when nothing stood in the way. */
export function doubtsOf({ cpuShare, lateP99Ms, serverWaited }: Conditions): string[] {
  if (cpuShare >= FULL_CORE) return ['the load was the limit'];
  return [
    ...(lateP99Ms > LATE_MS ? [`the load ran up to ${Math.round(lateP99Ms)} ms late`] : []),
    ...(serverWaited > MUCH_WAITING ? [`the server waited for its core ${Math.round(serverWaited * 100)} % of the time`] : []),
  ];
}
