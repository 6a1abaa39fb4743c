/** Attacks by many or large things that reach people: messages, mentions, streams, entries of an inbox, and addresses to send to. */

import { createECDH, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inboxRoom } from '@wetink/board';
import { comesTrue, reaches } from './clients.ts';
import { ADMIN_TOKEN, authorization, boardOf, comesTrueOf, giveRole, guests, hears, notificationsOf, page, say } from './people.ts';
import { MIB, mib, type ServiceRow } from './row.ts';
import type { Guest, ServiceTarget } from './service-target.ts';

const POSTS = 30;
const MENTIONS = 50;
const STREAMS = 20;
const HIDDEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const TURNED = '\u202egnp.exe\u2066\u0007\u001b[2J';

async function floodChat(service: ServiceTarget): Promise<string | null> {
  const [ana, ben] = (await guests(service, 'Ana', `Ben${TURNED}`)) as [Guest, Guest];
  const board = await boardOf(service, ana, ben);
  const second = await boardOf(service, ana);
  const post = (to: string, body: object, what = 'messages'): ReturnType<ServiceTarget['ask']> =>
    service.ask('POST', `/v1/boards/${to}/${what}`, { token: ana.token, body });
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => post(i % 2 === 0 ? board : second, { text: `flood ${i}` })));
  const accepted = answers.filter(({ status }) => status < 400).length;
  if (accepted > POSTS) return `${accepted} messages of one person at once`;
  const refused = answers.filter(({ status }) => status >= 400);
  const waits = refused.map(({ headers }) => Number(headers.get('retry-after')));
  if (refused.some(({ status }) => status !== 429) || waits.some((wait) => !(wait >= 1 && wait <= 60)))
    return 'refused without Retry-After';
  // Long before that time is over.
  const again = await Promise.all(Array.from({ length: 20 }, () => post(board, { text: 'again' })));
  if (again.some(({ status }) => status !== 429)) return 'accepted before the time in Retry-After';
  const stored = await Promise.all([board, second].map((one) => service.ask('GET', `/v1/boards/${one}/messages`, { token: ana.token })));
  const total = stored.reduce((sum, { body }) => sum + Number(body['total']), 0);
  return total === accepted ? sendLarge(service, board, ana, ben) : `${accepted} messages were accepted, and ${total} are there`;
}

async function sendLarge(service: ServiceTarget, board: string, ana: Guest, ben: Guest): Promise<string | null> {
  const asBen = (path: string, body: object): ReturnType<ServiceTarget['ask']> => service.ask('POST', path, { token: ben.token, body });
  const element = { kind: 'rectangle', x: 0, y: 0, w: 1, h: 1 };
  for (const [what, path, body] of [
    ['a text of 10,000 characters', `/v1/boards/${board}/messages`, { text: 'x'.repeat(10_000) }],
    ['a text of 5 MB', `/v1/boards/${board}/messages`, { text: 'x'.repeat(5 * MIB) }],
    ['3,000 elements', `/v1/boards/${board}/elements`, { elements: Array.from({ length: 3_000 }, () => element) }],
    ['100,000 elements', `/v1/boards/${board}/elements`, { elements: Array.from({ length: 100_000 }, () => element) }],
    ['a name of 10,000 characters', '/v1/guests', { name: 'x'.repeat(10_000) }],
  ] as const) {
    const { status } = await asBen(path, body);
    if (status < 400 || status >= 500) return `${what} is answered with ${status}`;
  }
  const me = await service.ask('GET', '/v1/me', { token: ben.token });
  if (HIDDEN.test(JSON.stringify(me.body))) return 'a name has characters that turn or hide text';
  const ofBen = await page(service, board, ben);
  ofBen.doc.getMap('meta').set('title', `Plan${TURNED}`);
  say(ofBen, ben, 'a name of 10,000', { n: 'x'.repeat(10_000), m: [ana.id] });
  say(ofBen, ben, 'x'.repeat(10_000), { m: [ana.id] });
  say(ofBen, ben, `a turned name ${TURNED}`, { n: `Ana${TURNED}`, m: [ana.id] });
  await giveRole(service, await boardOf(service, ben), ben, ana, 'editor');
  if (!(await hears(service, ana, 'a turned name'))) return 'Ana hears of no mention';
  const told = await notificationsOf(service, ana);
  if (told.some(({ from, title, text }) => HIDDEN.test(from.name + title + text))) return 'a notification turns or hides text';
  if (told.some(({ from, text }) => from.name.length > 80 || text.length > 280)) return 'a notification has a name or text without end';
  return mentionAll(service);
}

async function mentionAll(service: ServiceTarget): Promise<string | null> {
  const [ana, ...others] = (await guests(service, ...Array.from({ length: MENTIONS + 11 }, (_, i) => `P${i}`))) as [Guest, ...Guest[]];
  const board = await boardOf(service, ana);
  await service.ask('PATCH', `/v1/boards/${board}`, { token: ana.token, body: { everyone: 'editor' } });
  const all = [...others.map(({ id }) => id), ...Array.from({ length: 1_000 - others.length }, (_, i) => `guest:nobody-${i}`)];
  say(await page(service, board, ana), ana, 'all of you', { m: all });
  if (!(await hears(service, others[0] ?? ana, 'all of you'))) return 'nobody hears of a mention';
  await pause(500);
  const told = await Promise.all(others.map((one) => notificationsOf(service, one)));
  const count = told.filter((one) => one.length > 0).length;
  return count > MENTIONS ? `one message notifies ${count} people` : null;
}

/** A server of this machine, which nobody may make the relay call. */
class Canary {
  readonly #server: Server;
  calls = 0;
  port = 0;

  private constructor(answer: (port: number) => Record<string, string>) {
    this.#server = createServer((_request, response) => {
      this.calls += 1;
      response.writeHead(Object.keys(answer(this.port)).length > 0 ? 307 : 200, answer(this.port)).end();
    });
  }

  static async start(redirectsTo: string | null = null): Promise<Canary> {
    const canary = new Canary((): Record<string, string> => (redirectsTo === null ? {} : { Location: redirectsTo }));
    canary.#server.listen(0); // on all addresses, of IPv6 too where there is any
    await once(canary.#server, 'listening');
    canary.port = (canary.#server.address() as AddressInfo).port;
    return canary;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Hosts that are this machine or one of its network, as people could write them. */
const privateHosts = [
  ...['127.0.0.1', '127.1', '127.255.255.254', '0.0.0.0', '0', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001'],
  ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.169.254', '192.0.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::127.0.0.1]'],
  ...['[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fd00::1]', '[::ffff:169.254.169.254]', '[0:0:0:0:0:ffff:127.0.0.1]'],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '\uff11\uff12\uff17.0.0.1',
    '127\u30020\u30020\u30021',
    '\u2460\u2461\u2466.0.0.1',
  ],
];

const addressesOf = (port: number): string[] =>
  privateHosts.flatMap((host) => [
    `http://${host}:${port}/`,
    `https://${host}:${port}/`,
    `https://${host}/`,
    `https://push.example@${host}/`,
    `https://push.example:443@${host}:${port}/`,
    `https:${host}:${port}`,
    `https:\\\\${host}\\`,
    ` https://${host}/\t`,
  ]);

/** A new pair of keys of P-256, as base64url. */
function keyPair(): { publicKey: string; privateKey: string } {
  const pair = createECDH('prime256v1');
  return { publicKey: pair.generateKeys('base64url'), privateKey: pair.getPrivateKey('base64url') };
}

const pushKeys = keyPair();

function registerDevice(service: ServiceTarget, { token }: Guest, endpoint: string): ReturnType<ServiceTarget['ask']> {
  const keys = { p256dh: keyPair().publicKey, auth: randomBytes(16).toString('base64url') };
  return service.ask('POST', '/v1/push', { token, body: { endpoint, keys } });
}

async function attackAddresses(service: ServiceTarget): Promise<string | null> {
  const canary = await Canary.start();
  try {
    const [ana] = (await guests(service, 'Ana')) as [Guest];
    let board = '';
    let tests = 0;
    for (const url of addressesOf(canary.port)) {
      // Tests of one board are limited.
      if (tests % 8 === 0) board = await boardOf(service, ana);
      await registerDevice(service, ana, url);
      const made = await service.ask('POST', `/v1/boards/${board}/webhooks`, { token: ana.token, body: { url, kinds: ['message'] } });
      const { id } = (made.body['webhook'] ?? {}) as { id?: string };
      if (id === undefined) continue;
      tests += 1;
      const { text } = await service.ask('POST', `/v1/boards/${board}/webhooks/${id}/test`, { token: ana.token, body: {} });
      if (canary.calls > 0) return `${url} is called`;
      // A name: looked up when it is sent to. Any other answer would mean that a connection was tried.
      if (service.kind === 'ours' && !/the name (leads to a private address|of the host)/.test(text)) return `${url} is tried: ${text}`;
      await service.ask('DELETE', `/v1/boards/${board}/webhooks/${id}`, { token: ana.token });
    }
    await service.ask('POST', '/v1/notify', { token: ADMIN_TOKEN, body: { people: [ana.id], text: 'a push' } });
    await pause(200);
    return canary.calls > 0 ? 'an address of this machine is called' : null;
  } finally {
    canary.stop();
  }
}

async function attackRedirects(service: ServiceTarget): Promise<string | null> {
  const inner = await Canary.start();
  const outer = await Canary.start(`http://127.0.0.1:${inner.port}/`);
  try {
    const [ana] = (await guests(service, 'Ana')) as [Guest];
    const board = await boardOf(service, ana);
    const body = { url: `http://127.1:${outer.port}/`, kinds: ['message'] };
    const made = await service.ask('POST', `/v1/boards/${board}/webhooks`, { token: ana.token, body });
    const { id = '' } = (made.body['webhook'] ?? {}) as { id?: string };
    await service.ask('POST', `/v1/boards/${board}/webhooks/${id}/test`, { token: ana.token, body: {} });
    if (outer.calls === 0) return 'an allowed address is not called';
    const { status } = await registerDevice(service, ana, `http://127.1:${outer.port}/`);
    await service.ask('POST', '/v1/notify', { token: ADMIN_TOKEN, body: { people: [ana.id], text: 'a push' } });
    if (service.kind === 'ours' && !(await comesTrue(() => outer.calls === 2))) return `nothing is pushed to an allowed address: ${status}`;
    return inner.calls > 0 ? 'a redirect is followed' : null;
  } finally {
    outer.stop();
    inner.stop();
  }
}

interface Stream {
  status: number;
  retryAfter: string | null;
  /** Everything received until now. */
  text(): string;
  isEnded(): boolean;
  close(): void;
}

async function streamOf(service: ServiceTarget, guest: Guest, headers: Record<string, string> = {}): Promise<Stream> {
  const controller = new AbortController();
  const response = await fetch(`${service.origin}/v1/notifications`, {
    headers: { accept: 'text/event-stream', ...authorization(guest), ...headers },
    signal: controller.signal,
  });
  let text = '';
  let isEnded = false;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += decoder.decode(chunk);
    } catch (error) {
      if (!(error instanceof Error)) throw error; // It was closed, here or there.
    }
    isEnded = true;
  };
  void read();
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, text: () => text, isEnded: () => isEnded, close: () => controller.abort() };
}

/** A stream of everything in the inbox, of which nothing is read. */
function unread(service: ServiceTarget, guest: Guest): Socket {
  const socket = connect(service.port, '127.0.0.1');
  const head = ['GET /v1/notifications HTTP/1.1', 'Host: a', `Authorization: ${authorization(guest).authorization}`];
  socket.on('error', () => undefined); // A close event follows.
  socket.write([...head, 'Accept: text/event-stream', 'Last-Event-ID: nobody.1', '', ''].join('\r\n'));
  return socket;
}

const positions = (other: string): string[] => [
  ...[
    'a.999999999999999',
    'a.9999999999999999999999',
    'a.-1',
    'a.1e9',
    '__proto__.1',
    'null',
    '0',
    'a.1,'.repeat(100),
    'a.1,'.repeat(3_500),
  ],
  ...['\u00e9.1', 'a.1 b.1', "a.1' OR 1=1", '../a.1', other],
];

async function attackStreams(service: ServiceTarget): Promise<string | null> {
  const [ana, ben] = (await guests(service, 'Ana', 'Ben')) as [Guest, Guest];
  const streams = await Promise.all(Array.from({ length: 300 }, () => streamOf(service, ana)));
  const open = streams.filter(({ status }) => status === 200).length;
  if (open > STREAMS) return `${open} streams of one person`;
  if (streams.some(({ status, retryAfter }) => status !== 200 && !(status === 429 && Number(retryAfter) > 0)))
    return 'refused without Retry-After';
  const ofBen = await streamOf(service, ben);
  if (ofBen.status !== 200) return `another person gets no stream: ${ofBen.status}`;
  for (const stream of streams) stream.close();
  const own = await page(service, inboxRoom(ana.id), ana);
  const entry = (i: number): object => ({
    i: `m.${i}`,
    w: `w.${i}`,
    k: 'custom',
    u: '',
    n: '',
    t: 'x'.repeat(280),
    l: `/${'x'.repeat(1_900)}`,
    d: 1,
  });
  own.doc.getArray('inbox').push(Array.from({ length: 500 }, (_, i) => entry(i + 1)));
  if (!(await comesTrueOf(async () => (await notificationsOf(service, ana)).length === 100))) return 'her own inbox cannot be read';
  let before = 0;
  for (let i = 0; i < 6; i++) {
    // The first rounds grow the heap to its size at work.
    if (i === 3) before = service.peakBytes;
    const sockets = Array.from({ length: STREAMS }, () => unread(service, ana));
    await pause(300);
    for (const socket of sockets) socket.destroy();
    await pause(50);
  }
  const grownBytes = service.peakBytes - before;
  if (grownBytes > 96 * MIB) return `streams that nobody reads took ${mib(grownBytes)}`;
  const whole = await streamOf(service, ana, { 'last-event-id': 'nobody.1' });
  if (!(await comesTrue(() => whole.text().includes('"id":"m.500"')))) return 'a stream that is read is cut before its end';
  whole.close();
  const [first = ''] = /(?<=^id: ).*/m.exec(whole.text()) ?? [];
  for (const position of positions(first)) {
    const stream = await streamOf(service, ben, { 'last-event-id': position });
    if (![200, 400, 431].includes(stream.status)) return `the position ${position.slice(0, 20)} is answered with ${stream.status}`;
    if (stream.text().includes('m.1')) return 'the position of another person shows their notifications';
    stream.close();
  }
  const last = await streamOf(service, ana, { 'last-event-id': 'w.500' });
  if (last.status !== 200) return `streams that were closed still count: ${last.status}`;
  await service.ask('POST', '/v1/notify', { token: ADMIN_TOKEN, body: { people: [ana.id, ben.id], text: 'to both' } });
  if (!(await comesTrue(() => ofBen.text().includes('to both') && last.text().includes('to both')))) return 'streams show nothing any more';
  await service.ask('POST', `/v1/users/${encodeURIComponent(ana.id)}/suspend`, { token: ADMIN_TOKEN, body: {} });
  await service.ask('POST', '/v1/notify', { token: ADMIN_TOKEN, body: { people: [ana.id], text: 'after the suspension' } });
  if (!(await comesTrue(() => last.isEnded(), 5_000))) return 'the stream of a suspended person goes on';
  return last.text().includes('after the suspension') ? 'a suspended person is sent notifications' : null;
}

async function attackByOwnInbox(service: ServiceTarget): Promise<string | null> {
  const [ana, ben, cleo] = (await guests(service, 'Ana', 'Ben', 'Cleo')) as [Guest, Guest, Guest];
  const board = await boardOf(service, ben, cleo);
  const [ofBen, ofCleo] = [await page(service, board, ben), await page(service, board, cleo)];
  const own = await page(service, inboxRoom(ana.id), ana);
  let count = 0;
  const entry = (): object => ({ i: `m.${(count += 1)}`, w: `w.${count}`, k: 'mention', u: 'x', n: 'X', t: 'forged', d: Date.now() });
  for (let i = 0; i < 100; i++) own.doc.getArray('inbox').push(Array.from({ length: 1_000 }, entry));
  own.doc.getArray('read').push(Array.from({ length: 100_000 }, (_, i) => `m.${i}`));
  if (!(await reaches(ofBen, ofCleo))) return 'others can no longer work';
  let isRead = false;
  own.ws.on('pong', () => (isRead = true));
  own.ws.ping();
  if (!(await comesTrue(() => isRead))) return 'the relay reads her no longer';
  for (const text of ['the first after it', 'the second after it'])
    await service.ask('POST', '/v1/notify', { token: ADMIN_TOKEN, body: { people: [ana.id, ben.id], text } });
  if (!(await reaches(ofBen, ofCleo)) || (service.kind === 'ours' && !(await hears(service, ben, 'the second after it'))))
    return 'others hear nothing any more';
  const { body, text } = await service.ask('GET', '/v1/notifications', { token: ana.token });
  const shown = (body['notifications'] ?? []) as unknown[];
  if (shown.length > 100) return `an answer has ${shown.length} notifications`;
  const isIn = text.includes('the second after it');
  return isIn || service.log.includes('an inbox takes no more notifications') ? null : 'her next notification is lost without a word';
}

const env = { WETINK_ADMIN_TOKEN: ADMIN_TOKEN };
const withPush = {
  ...env,
  WETINK_VAPID_PUBLIC: pushKeys.publicKey,
  WETINK_VAPID_PRIVATE: pushKeys.privateKey,
  WETINK_VAPID_SUBJECT: 'mailto:a@example.org',
};

export const floodRows: readonly ServiceRow[] = [
  {
    id: 'B25',
    title: 'floods of messages, endless texts and names, hidden characters, and 1,000 mentions stay within bounds',
    env,
    attack: floodChat,
  },
  {
    id: 'B27',
    title: 'streams of notifications are few and small, whatever they ask for, and end with a suspension',
    env,
    attack: attackStreams,
  },
  {
    id: 'B28',
    title: '100,000 forged entries in their own inbox harm no one, and the next notification gets in',
    env,
    attack: attackByOwnInbox,
  },
  {
    id: 'B26',
    title: `${addressesOf(1).length} addresses of this machine and its network are never called`,
    env: withPush,
    attack: attackAddresses,
  },
  { id: 'B26', title: 'redirects are not followed', env: { ...withPush, WETINK_PRIVATE_TARGETS: 'allow' }, attack: attackRedirects },
];
