/** A redis-server for one test, without persistence. For tests only. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export interface RunningRedis {
  url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  stop(): Promise<void>;
}

/** Picks a free port; does not start the server yet. */
export async function redisToStart(password: string): Promise<RunningRedis> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    async start() {
      const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--requirepass', password];
      child = spawn('redis-server', settings, { stdio: 'ignore' });
      for (let attempt = 0; !(await answers(port)); attempt++) {
        if (attempt === 500) throw new Error('redis-server did not start');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      const ending = child;
      child = null;
      if (ending === null) return;
      const ended = once(ending, 'close');
      ending.kill('SIGKILL');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
