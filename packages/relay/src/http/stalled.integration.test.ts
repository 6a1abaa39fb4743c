/** A client that takes nothing of its answer is cut; one that takes it slowly is not. */

import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { cutWhenStalled, sendPieces } from './answers.ts';

const STALLED_MS = 300;
let server: Server | null = null;
let client: Socket | null = null;
afterEach(() => {
  client?.destroy();
  server?.closeAllConnections();
  server?.close();
});

/** Starts an answer without end. @returns The client, which has asked, and the end of the answer. */
async function ask(): Promise<{ socket: Socket; ended: Promise<void> }> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(256 * 1024);
  }
  let end: (answer: Promise<void>) => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const own = (server = createServer((_, response) => {
    response.writeHead(200);
    cutWhenStalled(response, STALLED_MS);
    end(sendPieces(response, pieces()));
  }));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const socket = (client = connect((own.address() as AddressInfo).port, '127.0.0.1'));
  socket.on('error', () => undefined); // cut
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return { socket, ended };
}

it('[HT12] a client that reads nothing is cut, which is no failure', async () => {
  const { ended } = await ask();
  await expect(ended).resolves.toBeUndefined();
});

it('[HT12] a client that takes longer than that for all, but never pauses as long, is not cut', async () => {
  const { socket, ended } = await ask();
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  for (let turn = 0; turn < 20; turn++) {
    socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  expect(hasEnded).toBe(false);
});
