// Finds free ports on loopback, below the range that the system uses for outgoing connections (32768 up on Linux): a killed
// relay must find its port free when it restarts, even while a thousand clients connect.
import { createServer } from 'node:net';

const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;
const ATTEMPTS = 200;

/**
 * @param {Set<number>} taken ports already used in the same cluster; the result is added
 * @returns {Promise<number>} a port without a listener at this moment
 */
export async function freePort(taken) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${FIRST_PORT + PORT_COUNT} on 127.0.0.1 after ${ATTEMPTS} attempts`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
