/** Health and metrics of one relay. */

import type { Relay } from '@wetink/relay';
import type { RedisBusHandle } from '@wetink/relay/redis';
import type { ConnectionLog } from '../log/connection-log.ts';
import { createHealth, type Health } from './health.ts';
import { monitorLoopLag } from './loop-lag.ts';
import { createPrometheus, type Prometheus } from './prometheus.ts';

export interface MonitoringOptions {
  version: string;
  storeKind: 'lmdb' | 'mongodb';
  /** Null: a single node. */
  bus: Pick<RedisBusHandle, 'isUp' | 'status'> | null;
  userCacheCounts: { hits: number; misses: number };
  /** Called only after the relay was made. Null: a single node. */
  newestCounts(): { hits: number; misses: number } | null;
  connectionLog: ConnectionLog;
  /** Called only after the relay was made: the relay is made with this object's observer. */
  relay(): Pick<Relay, 'isReady' | 'probeStore' | 'stats'>;
  isStopping(): boolean;
  /** Milliseconds, only compared with each other. */
  now(): number;
}

export interface Monitoring {
  health(): Promise<Health>;
  prometheus: Prometheus;
  close(): void;
}

export function createMonitoring(options: MonitoringOptions): Monitoring {
  const { version, storeKind, bus, userCacheCounts, newestCounts, connectionLog, relay, isStopping, now } = options;
  const loop = monitorLoopLag();
  const health = createHealth({
    isDraining: () => isStopping() || !relay().isReady,
    probe: () => relay().probeStore(),
    isBusUp: () => bus?.isUp ?? null,
    loopLag: () => loop.read(),
    now,
  });
  const prometheus = createPrometheus(
    { version, store: storeKind, bus: bus === null ? 'none' : 'redis' },
    async () => {
      const { isReady, store } = await health();
      const { connections, rooms, unsavedBytes, heldBytes } = relay().stats();
      return {
        connections,
        rooms,
        unsavedBytes,
        heldBytes,
        isStoreUp: store === 'up',
        bus: bus?.status() ?? null,
        userCache: userCacheCounts,
        newest: newestCounts(),
        isReady,
        isDraining: isStopping(),
        loopLag: loop.read(),
      };
    },
    { connectionOpened: connectionLog.opened, connectionEnded: connectionLog.ended, refused: connectionLog.refused },
  );
  return { health, prometheus, close: () => loop.stop() };
}
