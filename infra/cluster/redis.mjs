// One redis-server without persistence: nothing is stored only in Redis, so a restart begins empty.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, startProgram } from './processes.mjs';

export async function startRedis({ folder, port, logFile }) {
  const dataFolder = join(folder, 'redis');
  mkdirSync(dataFolder, { recursive: true });
  const start = () =>
    startProgram({
      command: findProgram('redis-server', 'redis-server'),
      args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', dataFolder, '--save', '', '--appendonly', 'no'],
      logFile,
      readyLine: (line) => (line.includes('Ready to accept connections') ? '' : null),
    });
  let program = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return program.pid;
    },
    kill: async (signal = 'SIGKILL') => {
      program.kill(signal);
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await program.ended;
    },
    restart: async () => {
      await program.stop('SIGKILL');
      program = await start();
    },
    stop: () => program.stop('SIGTERM'),
  };
}
