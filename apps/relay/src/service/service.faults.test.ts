/** A service that cannot start: nothing of it stays open. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TestService } from '../testing/service.ts';

const opened = vi.hoisted(() => ({ workers: 0, monitors: 0, relays: 0, canMakeRelay: true }));

vi.mock(import('@wetink/relay'), async (original) => {
  const actual = await original();
  return {
    ...actual,
    createDocumentWorkerThread: () => {
      const worker = actual.createDocumentWorkerThread();
      opened.workers += 1;
      return {
        ...worker,
        close: () => {
          opened.workers -= 1;
          return worker.close();
        },
      };
    },
    createRelay: (options) => {
      if (!opened.canMakeRelay) throw new Error('no relay');
      const relay = actual.createRelay(options);
      opened.relays += 1;
      return {
        ...relay,
        close: () => {
          opened.relays -= 1;
          return relay.close();
        },
      };
    },
  };
});

vi.mock(import('../monitoring/loop-lag.ts'), async (original) => {
  const { monitorLoopLag } = await original();
  return {
    monitorLoopLag: (windowMs) => {
      const monitor = monitorLoopLag(windowMs);
      opened.monitors += 1;
      return {
        ...monitor,
        stop: () => {
          opened.monitors -= 1;
          monitor.stop();
        },
      };
    },
  };
});

const closed = { workers: 0, monitors: 0, relays: 0 };
let service: TestService;
let other: Server;

beforeEach(() => {
  Object.assign(opened, closed, { canMakeRelay: true });
  service = new TestService();
  other = createServer();
});
afterEach(async () => {
  await service.dispose();
  await new Promise((resolve) => other.close(resolve));
});

it('a service whose port is in use closes its relay, worker, loop monitor and store, and can start on another port', async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const port = String((other.address() as AddressInfo).port);
  await expect(service.start({ PORT: port })).rejects.toThrow('is in use');
  expect(opened).toMatchObject(closed);
  await service.start();
  expect(opened).toMatchObject({ workers: 1, monitors: 1, relays: 1 });
});

it('a service that cannot make its relay closes its worker, loop monitor and store', async () => {
  opened.canMakeRelay = false;
  await expect(service.start()).rejects.toThrow('no relay');
  expect(opened).toMatchObject(closed);
  opened.canMakeRelay = true;
  await service.start();
});
