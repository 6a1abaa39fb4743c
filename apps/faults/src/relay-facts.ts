/** Reads /metrics and /readyz of a relay. */

import type { ClusterRelay } from '@wetink/infra/cluster';

/** @returns The sum over all labels of a metric; 0 when it has no value yet. */
export async function metric(relay: Pick<ClusterRelay, 'httpUrl'>, name: string): Promise<number> {
  const text = await (await fetch(`${relay.httpUrl}/metrics`)).text();
  return sumOf(text, name);
}

/** @param text Prometheus' text format. */
export function sumOf(text: string, name: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export interface Readiness {
  ready: boolean;
  store?: string;
  bus?: string;
  connections?: number;
  reason?: string;
}

export async function readiness(relay: Pick<ClusterRelay, 'httpUrl'>): Promise<Readiness> {
  return (await (await fetch(`${relay.httpUrl}/readyz`)).json()) as Readiness;
}
