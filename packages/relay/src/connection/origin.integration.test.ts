/** Pages of foreign origins get no WebSocket. The caller says which origins are foreign. */

import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startRelay, until, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let refused: Socket[] = [];

afterEach(async () => {
  for (const socket of refused) socket.destroy();
  refused = [];
  await relay.close();
});

const handshake = (origin: string | null): string =>
  [
    'GET /board HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(origin === null ? [] : [`Origin: ${origin}`]),
    '\r\n',
  ].join('\r\n');

/** The first line of the answer, and whether the relay ended the socket by itself; the client's side then stays half open. */
function answerTo(origin: string | null): Promise<{ status: string; isClosed: boolean }> {
  const { hostname, port } = new URL(relay.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () => socket.write(handshake(origin)));
    const done = (text: string, { isClosed }: { isClosed: boolean }): void => {
      if (isClosed) refused.push(socket);
      else socket.destroy();
      resolve({ status: text.split('\r\n', 1)[0] ?? '', isClosed });
    };
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
      if (got.startsWith('HTTP/1.1 101')) done(got, { isClosed: false });
    });
    socket.on('end', () => done(got, { isClosed: true }));
    socket.on('error', reject);
  });
}

describe('allowsOrigin', () => {
  it('[RL58] when allowsOrigin returns false, the relay answers 403 before the handshake and leaves nothing behind', async () => {
    const asked: (string | undefined)[] = [];
    relay = await startRelay({
      allowsOrigin: ({ headers }) => {
        asked.push(headers.origin);
        return headers.origin !== 'https://evil.example';
      },
    });
    expect(await answerTo('https://evil.example')).toEqual({ status: 'HTTP/1.1 403 Forbidden', isClosed: true });
    expect(relay.relay.stats()).toMatchObject({ connections: 0, rooms: 0 });
    let open = 1;
    const counted = (): number => {
      relay.server.getConnections((_, count) => (open = count));
      return open;
    };
    await until(() => counted() === 0, 'the relay to let go of a socket whose other half stays open');
    expect(await answerTo('https://board.example')).toEqual({ status: 'HTTP/1.1 101 Switching Protocols', isClosed: false });
    expect(await answerTo(null)).toEqual({ status: 'HTTP/1.1 101 Switching Protocols', isClosed: false });
    expect(asked).toEqual(['https://evil.example', 'https://board.example', undefined]);
    await until(() => relay.relay.stats().connections === 0, 'the two to be gone');
  });

  it('[RL58] without allowsOrigin every page may open a WebSocket', async () => {
    relay = await startRelay();
    expect(await answerTo('https://evil.example')).toEqual({ status: 'HTTP/1.1 101 Switching Protocols', isClosed: false });
  });
});
