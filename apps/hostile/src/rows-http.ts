/** Attacks around the relay: silent sockets, foreign pages, tokens in addresses, proxy headers, many clients at once. */

import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Attacker, comesTrue, Person, person, RawSocket, reaches } from './clients.ts';
import { fromHex, step1Frame } from './crafted.ts';
import { MIB, mib, type ServiceRow } from './row.ts';
import { enterByMessage, enterStock, HalfRequest, upgrade } from './service-clients.ts';
import type { ServiceTarget } from './service-target.ts';

const IDLE_EACH = 1_000;
const BOMB_BYTES = 64 * MIB;
const CROWD = 500;
const CONNECTS = 30;
const ASKS = 40;
const ANSWERED_BYTES = 8 * MIB;
/** An address reserved for documentation (RFC 5737). */
const SCHOOL = '203.0.113.9';

const origins = (service: ServiceTarget): Record<string, string> => ({
  'an evil page': 'https://evil.example',
  'a sandboxed frame or a file': 'null',
  'a name that begins with ours': `http://127.0.0.1.evil.example:${service.port}`,
  'a port that begins with ours': `http://127.0.0.1:${service.port}0`,
  'a user that looks like us': `http://127.0.0.1:${service.port}@evil.example`,
  'our name with another scheme': `https://127.0.0.1:${service.port}`,
  'another port of this computer': 'http://127.0.0.1:1',
  'a name before ours': `http://evil.127.0.0.1:${service.port}`,
});

async function canWork(service: ServiceTarget, headers?: Record<string, string>): Promise<boolean> {
  const room = service.room();
  const ana = await person(service, room, 'ana', undefined, headers);
  const ben = await person(service, room, 'ben', undefined, headers);
  const isReached = await reaches(ana, ben);
  ana.close();
  ben.close();
  return isReached;
}

export const httpRows: readonly ServiceRow[] = [
  {
    id: 'B5',
    title: `${2 * IDLE_EACH} silent sockets keep no one out, and are closed, even when they ping`,
    env: { WETINK_AUTH: 'open', WETINK_LIMIT_AUTH_MS: '3000' },
    async attack(service) {
      const half = Array.from({ length: IDLE_EACH }, () => new HalfRequest(service, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '));
      await Promise.all(half.map((one) => one.settled()));
      const silent = Array.from({ length: IDLE_EACH }, (_, i) => upgrade(service, `/idle-${i % 50}?wetink=1`, {}, { isKept: true }));
      const sockets = (await Promise.all(silent)).filter(({ status }) => status === 101).map(({ ws }) => ws);
      const pinging = setInterval(() => {
        for (const ws of sockets) if (ws.readyState === WebSocket.OPEN) ws.ping();
      }, 250);
      try {
        if (!(await canWork(service))) return 'no other client gets in';
        const isOver = (): boolean => sockets.every((ws) => ws.readyState === WebSocket.CLOSED);
        if (!(await comesTrue(isOver, 20_000))) return 'sockets that never authenticate stay open';
        if (!(await comesTrue(() => half.every(({ isClosed }) => isClosed), 25_000))) return 'half a request keeps its socket open forever';
        return null;
      } finally {
        clearInterval(pinging);
      }
    },
  },
  {
    id: 'B6',
    title: 'nothing is decompressed: compression is not negotiated, and a compressed frame ends its socket',
    env: { WETINK_AUTH: 'open' },
    async attack(service) {
      const before = service.peakBytes;
      const ws = new WebSocket(`${service.url}/${service.room()}`, { perMessageDeflate: { threshold: 0 } });
      ws.on('error', () => undefined); // A close event follows.
      const isOpen = await comesTrue(() => ws.readyState !== WebSocket.CONNECTING);
      if (!isOpen || ws.readyState !== WebSocket.OPEN) return 'no socket opens';
      if (ws.extensions.includes('permessage-deflate')) {
        const sent = new Promise((resolve) => ws.send(Buffer.alloc(BOMB_BYTES), resolve));
        const answered = new Promise((resolve) => ws.once('pong', resolve));
        await sent;
        ws.ping();
        await Promise.race([answered, pause(20_000)]);
        ws.terminate();
        const grownBytes = service.peakBytes - before;
        return grownBytes > BOMB_BYTES / 2 ? `64 kB on the wire took ${mib(grownBytes)}` : 'compression is negotiated';
      }
      ws.terminate();
      const raw = new RawSocket(service, `/${service.room()}`);
      await raw.answered();
      raw.socket.write(Buffer.from('c2850000000001020304ff', 'hex')); // RSV1 marks it as compressed.
      return (await comesTrue(() => raw.isClosed)) ? null : 'a compressed frame is accepted without negotiation';
    },
  },
  {
    id: 'B8',
    title: 'no foreign page gets a socket or an answer, whatever its name looks like',
    async attack(service) {
      for (const [whose, origin] of Object.entries(origins(service))) {
        const { status } = await upgrade(service, `/${service.room()}?wetink=1`, { origin });
        if (status === 101) return `${whose} (${origin}) gets a socket`;
        const { status: answered, headers } = await service.ask('POST', '/v1/guests', { body: {}, headers: { origin } });
        if (answered < 400) return `${whose} (${origin}) becomes a guest`;
        if (headers.get('access-control-allow-origin') !== null) return `${whose} (${origin}) may read the answer`;
      }
      const { status: own } = await upgrade(service, `/${service.room()}?wetink=1`, { origin: service.origin });
      return own === 101 ? null : `its own page is refused with ${own}`;
    },
  },
  {
    id: 'B9',
    title: 'a token in an address opens nothing, and no token is ever logged, however it was sent',
    env: { WETINK_LOG_LEVEL: 'debug', WETINK_ADMIN_TOKEN: 'an-admin-token-that-is-a-canary' },
    async attack(service) {
      const { token } = await service.guest('Ana');
      const canary = 'c4n4ryc4n4ryc4n4ry';
      const inAddress = await enterStock(service, `${service.room()}?token=${token}`);
      for (const secret of [token, `${token}x`, canary, `${canary}.${canary}.${canary}`]) {
        await enterByMessage(service, service.room(), secret);
        await enterStock(service, `${service.room()}?token=${secret}&access_token=${secret}`);
        await enterStock(service, service.room(), { authorization: `Bearer ${secret}` });
        await enterStock(service, service.room(), { 'sec-websocket-protocol': `wetink.${secret}`, cookie: `token=${secret}` });
        for (const path of ['/v1/tickets', '/v1/me', '/v1/boards', '/v1/rooms', '/nowhere', '/readyz'])
          await service.ask('POST', `${path}?token=${secret}`, { token: secret, body: { room: 'a', token: secret } });
        for (const path of ['/v1/rooms', '/metrics', '/healthz']) await service.ask('GET', `${path}?token=${secret}`, { token: secret });
      }
      const metrics = await service.ask('GET', '/metrics');
      const written = service.log + metrics.text;
      for (const part of [...token.split('.').slice(1), canary, 'an-admin-token-that-is-a-canary'])
        if (written.includes(part)) return `${part.slice(0, 8)}… of a token is logged`;
      return inAddress.isIn ? 'a token in an address is accepted' : null;
    },
  },
  {
    id: 'B16',
    title: 'without a trusted proxy the address is that of the socket, whatever headers say',
    env: { WETINK_AUTH: 'open' },
    async attack(service) {
      const claims = { 'x-forwarded-for': '203.0.113.66', 'x-real-ip': '203.0.113.66', forwarded: 'for=203.0.113.66', via: '1.1 a' };
      const { status } = await upgrade(service, `/${service.room()}`, claims);
      await upgrade(service, `/${service.room()}`, { 'x-real-ip': '203.0.113.66' });
      if (status !== 101) return `refused with ${status}`;
      if (!(await comesTrue(() => service.log.includes('127.0.0.1"') || service.log.includes('203.0.113')))) return 'no address is logged';
      return service.log.includes('203.0.113.66') ? 'a forged address is logged' : null;
    },
  },
  {
    id: 'B16',
    title: 'behind a proxy the address that it saw counts, addresses before it do not, and no client counts as this computer',
    env: { WETINK_AUTH: 'open', WETINK_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' },
    async attack(service) {
      const forwarded = '198.51.100.1, 203.0.113.5, 10.0.0.2';
      await upgrade(service, `/${service.room()}`, { 'x-forwarded-for': forwarded });
      if (!(await comesTrue(() => /203\.0\.113\.5|198\.51\.100\.1/.test(service.log)))) return 'no address is logged';
      if (service.log.includes('198.51.100.1')) return 'the address forged by the client is logged';
      for (const here of ['127.0.0.1', '::1', '127.0.0.1, 127.0.0.1', 'unknown, 127.0.0.1']) {
        const { status } = await service.ask('GET', '/metrics', { headers: { 'x-forwarded-for': here } });
        if (status === 200) return `a client that claims to be ${here} reads the metrics`;
      }
      return null;
    },
  },
  {
    id: 'B15',
    title: `an address that connects ten times as often as allowed is refused, whatever addresses it claims; others are served`,
    env: { WETINK_AUTH: 'open', WETINK_TRUSTED_PROXIES: '127.0.0.1', WETINK_LIMIT_ADDRESS_CONNECTS: String(CONNECTS) },
    async attack(service) {
      // As sent by a proxy that appends the address it saw.
      const from = (claimed: number): Record<string, string> => ({ 'x-forwarded-for': `198.51.100.${claimed % 250}, ${SCHOOL}` });
      const answers = await Promise.all(
        Array.from({ length: CONNECTS * 10 }, (_, i) => upgrade(service, `/flood-${i}`, from(i), { isKept: true })),
      );
      const taken = answers.filter(({ status }) => status === 101).length;
      if (taken > CONNECTS) return `${taken} connects from one address at once, each under another claimed address`;
      const refused = answers.filter(({ status }) => status !== 101);
      if (refused.some(({ status, retryAfter }) => status !== 429 || !(Number(retryAfter) > 0))) return 'refused without Retry-After';
      const other = { 'x-forwarded-for': '192.0.2.77' };
      return (await canWork(service, other)) ? null : 'a client at another address is kept out';
    },
  },
  {
    id: 'B17',
    title: `${CROWD} clients of one address reconnect at once, and all get in`,
    env: { WETINK_AUTH: 'open', WETINK_TRUSTED_PROXIES: '127.0.0.1', WETINK_LIMIT_ADDRESS_CONNECTS: '3000' },
    async attack(service) {
      const headers = { 'x-forwarded-for': SCHOOL };
      const room = service.room();
      const people = Array.from({ length: CROWD }, (_, i) => new Person(service, `${room}-${i % 25}`, `p${i}`, undefined, headers));
      const areIn = await Promise.all(people.map((one) => one.synced()));
      const out = areIn.filter((isIn) => !isIn).length;
      return out === 0 ? null : `${out} of ${CROWD} do not get in`;
    },
  },
  {
    id: 'B18',
    title: `repeated requests for a large document, one after the other, end after ${ANSWERED_BYTES / MIB} MB were sent`,
    env: { WETINK_AUTH: 'open', WETINK_LIMIT_ANSWERED_BYTES: String(ANSWERED_BYTES) },
    async attack(service) {
      const room = service.room();
      const [ana, ben] = [await person(service, room, 'ana'), await person(service, room, 'ben')];
      ana.set('drawing', 'x'.repeat(MIB));
      if (!(await reaches(ana, ben))) return 'changes reach no one';
      const mallory = await new Attacker(service, room).entered();
      let answers = 0;
      for (; answers < ASKS; answers++) {
        const before = mallory.receivedBytes;
        mallory.send(step1Frame(fromHex('00')));
        if (!(await comesTrue(() => mallory.receivedBytes - before > MIB / 2, 3_000))) break;
      }
      if (answers > (2 * ANSWERED_BYTES) / MIB) return `${3 * answers} bytes brought ${mib(mallory.receivedBytes)}`;
      return (await reaches(ana, ben)) ? null : 'changes no longer reach anyone';
    },
  },
];
