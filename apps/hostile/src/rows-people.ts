/** Attacks on what is one person's or a few people's: inboxes, conversations, the directory, bots, and blocking. */

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeFrame } from '@wetink/protocol';
import { inboxRoom } from '@wetink/board';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { comesTrue } from './clients.ts';
import { fromHex, step1Frame, updateFrame } from './crafted.ts';
import {
  ADMIN_TOKEN,
  authorization,
  boardOf,
  comesTrueOf,
  conversationOf,
  giveRole,
  guests,
  hears,
  notificationsOf,
  page,
  saidOf,
  say,
} from './people.ts';
import type { ServiceRow } from './row.ts';
import { enterByMessage, enterStock } from './service-clients.ts';
import type { Guest, ServiceTarget } from './service-target.ts';

const MARK = 'mallory was here';
const SECRET = 'only Ana reads this';
const HASH = 'a'.repeat(64);
const NONE = undefined;

/** Ways to write the name of a room in an address, of which only the first is the room. */
const spellings = (room: string): string[] => {
  const hash = room.slice('inbox-'.length);
  const names = [
    room,
    room.replace('-', '%2d'),
    room.replace('-', '%252d'),
    room.replace('i', '%69'),
    [...room].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(''),
    room.replace('inbox', 'INBOX'),
    room.replace('inbox', 'Inbox'),
    `inbox-${hash.toLowerCase()}`,
    `inbox-${hash}=`,
    `inbox-${hash}%20`,
    `%20inbox-${hash}`,
    `inbox-${hash}%00`,
    `inbox-${hash}%0a`,
    `inbox-${hash};a`,
    `inbox-${hash}%3fa`,
    `inbox-${hash}%23a`,
    encodeURIComponent(room.replace('-', '\u2010')),
    encodeURIComponent(room.replace('inbox', '\uff49\uff4e\uff42\uff4f\uff58')),
    encodeURIComponent(room.replace('i', '\u0456')),
    encodeURIComponent(`\u200b${room}`),
    'inbox',
    'inbox-',
    `${room}${room}`,
    `inbox/${hash}`,
  ];
  return [
    ...names.map((name) => `/${name}`),
    ...[
      `/${room}/`,
      `//${room}`,
      `/./${room}`,
      `/a/../${room}`,
      `/a/%2e%2e/${room}`,
      `/${room}/.`,
      `/${room}/../${room}`,
      `/v1/../${room}`,
    ],
    ...[`/${room}?wetink=0`, `/?room=${room}`, `/\\${room}`],
  ];
};

/** Asks for the document at exactly this path, which other clients would rewrite, and writes into it. @returns Everything received, as text. */
function peek(service: ServiceTarget, path: string, headers: Record<string, string>): Promise<string> {
  const mark = new Y.Doc();
  mark.getArray('inbox').push([MARK]);
  const ws = new WebSocket(service.url, {
    headers,
    finishRequest(request) {
      request.path = path;
      request.end();
    },
  });
  let received = '';
  let hasDocument = false;
  let hasPong = false;
  ws.on('error', () => undefined); // A close event follows.
  ws.on('pong', () => (hasPong = true));
  ws.on('message', (data) => {
    if (received === '') {
      ws.send(step1Frame(fromHex('00')));
      ws.send(updateFrame(Y.encodeStateAsUpdate(mark)));
      ws.ping();
    }
    received += (data as Buffer).toString();
    const [message] = decodeFrame(new Uint8Array(data as Buffer), { isExtension: false, maxFrameBytes: Number.MAX_SAFE_INTEGER });
    if (message?.type === 'sync-step-2') hasDocument = true;
  });
  return comesTrue(() => ws.readyState === WebSocket.CLOSED || (hasDocument && hasPong)).then(() => {
    ws.terminate();
    return received;
  });
}

const callsOfBoard = (room: string): [method: string, path: string, body?: object][] => [
  ['GET', `/v1/boards/${room}`],
  ['GET', `/v1/boards/${room}?members=`],
  ['PATCH', `/v1/boards/${room}`, { everyone: 'editor' }],
  ['DELETE', `/v1/boards/${room}`],
  ['POST', `/v1/boards/${room}/join`, { link: `${'A'.repeat(11)}.${'B'.repeat(22)}` }],
  ['POST', `/v1/boards/${room}/links`, { role: 'editor' }],
  ['PUT', `/v1/boards/${room}/members/mallory`, { role: 'editor' }],
  ['GET', `/v1/boards/${room}/messages`],
  ['POST', `/v1/boards/${room}/messages`, { text: MARK }],
  ['GET', `/v1/boards/${room}/pages`],
  ['POST', `/v1/boards/${room}/elements`, { elements: [{ kind: 'text', x: 0, y: 0, text: MARK }] }],
  ['GET', `/v1/boards/${room}/bots`],
  ['POST', `/v1/boards/${room}/bots`, { name: 'Bot' }],
  ['GET', `/v1/boards/${room}/webhooks`],
  ['POST', `/v1/boards/${room}/webhooks`, { url: 'https://push.example/', kinds: ['message'] }],
  ['GET', `/v1/boards/${room}/blobs`],
  ['GET', `/v1/boards/${room}/blobs/${HASH}`],
  ['PUT', `/v1/boards/${room}/blobs/${HASH}`, {}],
  ['GET', `/v1/boards/${room}/uploads/${HASH}`],
  ['PATCH', `/v1/boards/${room}/uploads/${HASH}`, {}],
  ['DELETE', `/v1/boards/${room}/uploads/${HASH}`],
  ['GET', `/v1/conversations/${room}`],
  ['DELETE', `/v1/conversations/${room}`],
  ['POST', `/v1/conversations/${room}/people`, { id: 'mallory' }],
  ['POST', '/v1/tickets', { room }],
];

/** @returns The first of the calls that succeeds. */
async function answered(service: ServiceTarget, calls: ReturnType<typeof callsOfBoard>, token: string | undefined): Promise<string | null> {
  for (const [method, path, body] of calls) {
    const { status } = await service.ask(method, path, {
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
    });
    if (status < 400) return `${method} ${path} answers ${status}`;
  }
  return null;
}

async function attackInbox(service: ServiceTarget): Promise<string | null> {
  const [ana, mallory] = (await guests(service, 'Ana', 'Mallory')) as [Guest, Guest];
  const room = inboxRoom(ana.id);
  const own = await page(service, room, ana);
  own.doc.getArray('inbox').push([{ i: 'm.1', w: 'w.1', k: 'mention', u: 'ben', n: 'Ben', t: SECRET, d: Date.now() }]);
  if (!(await comesTrueOf(async () => (await notificationsOf(service, ana)).length > 0))) return 'Ana has no inbox';
  const { body } = await service.ask('POST', '/v1/tickets', { token: mallory.token, body: { room: inboxRoom(mallory.id) } });
  const ticket = String(body['ticket']);
  for (const token of [mallory.token, `${ana.token}x`, ticket, ''])
    if ((await enterByMessage(service, room, token)).isIn) return 'another client enters the inbox';
  for (const path of [room, `${room}?token=${ticket}`, `${room}?token=${mallory.token}`])
    if ((await enterStock(service, path)).isIn) return 'a client without a token enters the inbox';
  if ((await enterStock(service, room, authorization(mallory))).isIn) return 'another guest enters the inbox';
  const seen = await Promise.all(spellings(room).flatMap((path) => [peek(service, path, authorization(mallory)), peek(service, path, {})]));
  if (seen.some((text) => text.includes(SECRET))) return 'another spelling of its name shows the inbox';
  for (const token of [mallory.token, NONE]) {
    const harm = await answered(
      service,
      [...callsOfBoard(room), ['POST', '/v1/boards', { id: room }], ['DELETE', `/v1/rooms/${room}`]],
      token,
    );
    if (harm !== null) return harm.replaceAll(room, 'INBOX');
  }
  const id = encodeURIComponent(ana.id);
  for (const query of [`user=${id}`, `userId=${id}`, `id=${id}`, `room=${room}`, `inbox=${room}`, `token=${ana.token}`])
    for (const headers of [
      { 'x-user-id': ana.id },
      { 'x-forwarded-user': ana.id },
      { 'last-event-id': 'w.0' },
      { cookie: `token=${ana.token}` },
    ]) {
      const { text } = await service.ask('GET', `/v1/notifications?${query}`, { token: mallory.token, headers });
      if (text.includes(SECRET)) return `${query} shows the notifications of another person`;
      const { status } = await service.ask('GET', `/v1/notifications?${query}`, { headers });
      if (status < 400) return `${query} shows notifications without a token`;
    }
  for (const mark of [{ all: true }, { ids: ['m.1'] }, { ids: ['m.1'], user: ana.id }])
    await service.ask('POST', `/v1/notifications/read?user=${id}`, { token: mallory.token, body: mark });
  const after = await service.ask('GET', '/v1/notifications', { token: ana.token });
  if (after.body['unread'] !== 1) return 'another person marks her notifications as read';
  if (own.doc.getArray('inbox').toJSON().includes(MARK)) return 'another person writes into the inbox';
  return own.closed === null ? null : 'Ana is sent out of her own inbox';
}

/** Every call about a conversation, `:`, with a body that a member could send. */
const callsOfConversation: readonly [path: string, body?: object][] = [
  ['/v1/conversations/:'],
  ['/v1/conversations/:/people', { id: 'ben' }],
  ['/v1/conversations/:/messages', { text: MARK }],
  ['/v1/boards/:', { everyone: 'editor' }],
  ['/v1/boards/:?members=', {}],
  ['/v1/boards/:/messages', { text: MARK }],
  ['/v1/boards/:/pages', {}],
  ['/v1/boards/:/elements', { elements: [{ kind: 'text', x: 0, y: 0, text: MARK }] }],
  ['/v1/boards/:/join', { link: `${'A'.repeat(11)}.${'B'.repeat(22)}` }],
  ['/v1/boards/:/links', { role: 'editor' }],
  ['/v1/boards/:/members/ben', { role: 'editor' }],
  ['/v1/boards/:/bots', { name: 'Bot' }],
  ['/v1/boards/:/webhooks', { url: 'https://push.example/', kinds: ['message'] }],
  ['/v1/boards/:/blobs', {}],
  [`/v1/boards/:/blobs/${HASH}`, {}],
  [`/v1/boards/:/uploads/${HASH}`, {}],
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** @returns How an outsider can tell a conversation from none. */
async function tellsApart(service: ServiceTarget, id: string, outsider: Guest): Promise<string | null> {
  const missing = randomBytes(16).toString('base64url');
  for (const who of [outsider, null])
    for (const [path, body] of callsOfConversation) {
      const say = (room: string): Promise<string[]> => Promise.all(methods.map((method) => saidOf(service, method, path, room, who, body)));
      const [there, none] = await Promise.all([say(id), say(missing)]);
      const found = methods.findIndex((_, i) => there[i] !== none[i]);
      if (found !== -1) return `${methods[found] ?? ''} ${path} tells them apart: ${there[found] ?? ''} and ${none[found] ?? ''}`;
    }
  const ways: Record<string, (room: string) => Promise<string>> = {
    'entering it': async (room) => (await enterByMessage(service, room, outsider.token)).answer,
    'entering it without a token': async (room) => (await enterByMessage(service, room, '')).answer,
    'entering it as a stock client': async (room) => (await enterStock(service, room, authorization(outsider))).answer,
    'entering it as a stock client without a token': async (room) => (await enterStock(service, room)).answer,
    'a ticket for it': async (room) => saidOf(service, 'POST', '/v1/tickets', room, outsider, { room }),
  };
  for (const [how, look] of Object.entries(ways)) {
    const [there, none] = [await look(id), await look(missing)];
    if (there !== none) return `${how} tells them apart: ${there} and ${none}`;
  }
  return null;
}

async function attackConversation(service: ServiceTarget): Promise<string | null> {
  const [ana, ben, cleo, mallory] = (await guests(service, 'Ana', 'Ben', 'Cleo', 'Mallory')) as [Guest, Guest, Guest, Guest];
  await boardOf(service, ana, ben, cleo);
  const id = await conversationOf(service, ana, ben, cleo);
  const harm = await tellsApart(service, id, mallory);
  if (harm !== null) return harm;
  await service.ask('POST', `/v1/conversations/${id}/people`, { token: mallory.token, body: { id: mallory.id } });
  const { text } = await service.ask('GET', `/v1/conversations/${id}`, { token: ana.token });
  if (text.includes(mallory.id)) return 'an outsider adds herself';
  const [ofAna, ofCleo] = [await page(service, id, ana), await page(service, id, cleo)];
  if (!ofCleo.isSynced) return 'Cleo does not get into her own conversation';
  const left = await service.ask('DELETE', `/v1/conversations/${id}`, { token: cleo.token });
  if (left.status !== 204) return `Cleo cannot leave: ${left.status}`;
  const isOut = await comesTrue(() => ofCleo.closed !== null);
  say(ofAna, ana, SECRET);
  if (!(await hears(service, ben, SECRET))) return 'those who stay hear of no message';
  if (!isOut || JSON.stringify(ofCleo.doc.getArray('chat').toJSON()).includes(SECRET)) return 'a person who left goes on reading';
  for (const one of [cleo, mallory])
    if ((await notificationsOf(service, one)).some((told) => told.text.includes(SECRET))) return 'a person outside is notified';
  return tellsApart(service, id, cleo);
}

async function attackDirectory(service: ServiceTarget): Promise<string | null> {
  const [ana, ben, cleo, mallory] = (await guests(service, 'Ana', 'Ben', 'Cleo', 'Mallory')) as [Guest, Guest, Guest, Guest];
  const board = await boardOf(service, ana, ben, cleo);
  await giveRole(service, board, ana, cleo, 'none');
  const ofAna = await page(service, board, ana);
  // Mallory makes Ana an editor of a board on which Ana never was.
  const trap = await boardOf(service, mallory);
  await giveRole(service, trap, mallory, ana, 'editor');
  const ofMallory = await page(service, trap, mallory);
  const isListed = async (who: Guest, query = '', headers = {}): Promise<boolean> =>
    (await service.ask('GET', `/v1/people/online${query}`, { token: who.token, headers })).text.includes(ana.id);
  let knowsBen = false;
  for (let i = 0; i < 100 && !knowsBen; i++) knowsBen = await isListed(ben);
  if (!knowsBen) return 'people who share a board do not find each other';
  const id = encodeURIComponent(ana.id);
  for (const who of [mallory, cleo])
    for (const query of [
      '',
      '?all=1',
      '?rule=all',
      '?limit=1000',
      `?user=${id}`,
      `?board=${board}`,
      `?boards=${board}`,
      `?room=*`,
      '?board=*',
      `?prefix=guest`,
    ])
      for (const headers of [{}, { 'x-user-id': ben.id }])
        if (await isListed(who, query, headers)) return `${query} lists a person with whom the caller shares no board`;
  if ((await service.ask('GET', '/v1/people/online')).status < 400) return 'the directory answers without a token';
  const ghost = `guest:${randomBytes(16).toString('base64url')}`;
  for (const who of [mallory, cleo])
    for (const [method, path, body] of [
      ['POST', '/v1/conversations', (person: string) => ({ people: [person] })],
      ['POST', '/v1/conversations', (person: string) => ({ people: [person, ben.id] })],
      ['PUT', '/v1/blocked/:', () => ({})],
      ['GET', '/v1/users/:', () => ({})],
      ['GET', '/v1/people/:', () => ({})],
    ] as const) {
      const ask = (person: string): Promise<string> =>
        saidOf(service, method, path.replace(':', encodeURIComponent(person)), person, who, body(person));
      const [there, none] = [await ask(ana.id), await ask(ghost)];
      const bare = (text: string): string => text.replaceAll(encodeURIComponent(ana.id), 'ID').replaceAll(encodeURIComponent(ghost), 'ID');
      if (bare(there) !== bare(none)) return `${method} ${path} tells a person from none: ${there} and ${none}`;
    }
  return ofAna.closed === null && ofMallory.closed === null ? null : 'a page was closed';
}

interface Bot {
  id: string;
  token: string;
}

async function botOf(service: ServiceTarget, board: string, owner: Guest): Promise<Bot> {
  const { body } = await service.ask('POST', `/v1/boards/${board}/bots`, { token: owner.token, body: { name: 'Bot' } });
  return { id: ((body['bot'] ?? {}) as { id?: string }).id ?? '', token: String(body['token']) };
}

/** Calls that only people make, about themselves. */
const callsOfPerson = (person: Guest, room: string): [method: string, path: string, body?: object][] => [
  ['GET', '/v1/me'],
  ['POST', '/v1/guests', {}],
  ['POST', '/v1/boards', {}],
  ['GET', '/v1/conversations'],
  ['POST', '/v1/conversations', { people: [person.id] }],
  ['POST', `/v1/conversations/${room}/people`, { id: person.id }],
  ['GET', '/v1/notifications'],
  ['POST', '/v1/notifications/read', { all: true }],
  ['GET', '/v1/blocked'],
  ['PUT', `/v1/blocked/${encodeURIComponent(person.id)}`],
  ['GET', '/v1/people/online'],
  ['GET', '/v1/push'],
  ['DELETE', '/v1/push', { endpoint: 'https://push.example/' }],
  ['GET', '/v1/users'],
  ['GET', '/v1/rooms'],
  ['POST', '/v1/notify', { people: [person.id], text: MARK }],
];

const pathsOfBots = /\/(messages|elements|pages)$/;

async function attackByBot(service: ServiceTarget): Promise<string | null> {
  const [ana, ben] = (await guests(service, 'Ana', 'Ben')) as [Guest, Guest];
  const board = await boardOf(service, ana, ben);
  const other = await boardOf(service, ana, ben);
  const conversation = await conversationOf(service, ana, ben);
  const [bot, second] = [await botOf(service, board, ana), await botOf(service, board, ana)];
  const works = async (token: string): Promise<boolean> =>
    (await service.ask('POST', `/v1/boards/${board}/messages`, { token, body: { text: 'Build 12 is green' } })).status === 201;
  if (!(await works(bot.token))) return 'a bot does not work on its own board';
  for (const room of [other, conversation, inboxRoom(ana.id)]) {
    const harm = await answered(service, callsOfBoard(room), bot.token);
    if (harm !== null) return `a bot of another board: ${harm.replaceAll(room, 'ROOM')}`;
  }
  const asOwner = callsOfBoard(board).filter(([, path]) => !pathsOfBots.test(path));
  const harm = await answered(service, [...asOwner, ...callsOfPerson(ben, conversation)], bot.token);
  if (harm !== null) return `a bot does what people do: ${harm.replaceAll(board, 'BOARD')}`;
  for (const room of [board, other, conversation, inboxRoom(ana.id), inboxRoom(bot.id)]) {
    if ((await enterByMessage(service, room, bot.token)).isIn) return 'a bot opens a WebSocket';
    if ((await enterStock(service, room, authorization(bot))).isIn) return 'a bot opens a WebSocket as a stock client';
  }
  if ((await service.ask('POST', `/v1/boards/${conversation}/bots`, { token: ana.token, body: { name: 'Bot' } })).status < 400)
    return 'a conversation gets a bot';
  const [name = '', secret = ''] = [bot.token.slice(0, -43), bot.token.slice(-43)];
  const forged = {
    'another secret': `${name}${'A'.repeat(43)}`,
    'the secret of another bot': `${name}${second.token.slice(-43)}`,
    'no secret': name,
    'half a secret': bot.token.slice(0, -1),
    'a longer secret': `${bot.token}A`,
    'in capitals': bot.token.toUpperCase(),
    'another prefix': bot.token.replace('wetinkbot', 'Wetinkbot'),
    'the secret alone': secret,
    'its user id': bot.id,
    'an id that is a prototype': `wetinkbot-__proto__AA-${secret}`,
    'the token of a person behind the prefix': `wetinkbot-${ana.token}`,
    'the token of a person as secret': `${name}${ana.token}`,
  };
  for (const [what, token] of Object.entries(forged))
    for (const method of ['GET', 'POST']) {
      const sent = method === 'GET' ? {} : { body: { text: MARK } };
      if ((await service.ask(method, `/v1/boards/${board}/messages`, { token, ...sent })).status < 400) return `${what}: accepted`;
    }
  await service.ask('DELETE', `/v1/boards/${board}/bots/${encodeURIComponent(bot.id)}`, { token: ana.token });
  if (await works(bot.token)) return 'a bot that was removed still posts';
  await service.ask('POST', `/v1/users/${encodeURIComponent(ana.id)}/suspend`, { token: ADMIN_TOKEN, body: {} });
  return (await works(second.token)) ? 'the bot of a suspended person still posts' : null;
}

async function attackByBlocked(service: ServiceTarget): Promise<string | null> {
  const [ana, ben, mallory] = (await guests(service, 'Ana', 'Ben', 'Mallory')) as [Guest, Guest, Guest];
  const board = await boardOf(service, ben, ana, mallory);
  const { status } = await service.ask('PUT', `/v1/blocked/${encodeURIComponent(mallory.id)}`, { token: ana.token });
  if (status !== 204) return `blocking answers ${status}`;
  const asMallory = (path: string, body: object): ReturnType<ServiceTarget['ask']> =>
    service.ask('POST', path, { token: mallory.token, body });
  const asked = await service.ask('POST', `/v1/boards/${board}/messages`, { token: ana.token, body: { text: 'A question' } });
  const { id: question = '' } = (asked.body['message'] ?? {}) as { id?: string };
  await asMallory(`/v1/boards/${board}/messages`, { text: `${MARK}: an answer by HTTP`, replyTo: question });
  const ofMallory = await page(service, board, mallory);
  say(ofMallory, mallory, `${MARK}: a mention`, { m: [ana.id] });
  say(ofMallory, mallory, `${MARK}: an answer`, { r: question });
  for (const others of [[ana], [ana, ben], [ben]]) {
    const talk = await conversationOf(service, mallory, ...others);
    await asMallory(`/v1/conversations/${talk}/people`, { id: ana.id });
    await asMallory(`/v1/boards/${talk}/messages`, { text: `${MARK}: a conversation` });
    say(await page(service, talk, mallory), mallory, `${MARK}: a conversation`, { m: [ana.id] });
  }
  const own = await boardOf(service, mallory);
  for (const role of ['viewer', 'editor', 'none', 'editor']) await giveRole(service, own, mallory, ana, role);
  // On a board for everyone, where a bot has a role by its id too.
  await service.ask('PATCH', `/v1/boards/${own}`, { token: mallory.token, body: { everyone: 'editor' } });
  const there = await service.ask('POST', `/v1/boards/${own}/messages`, { token: ana.token, body: { text: 'A question' } });
  const { id: asksThere = '' } = (there.body['message'] ?? {}) as { id?: string };
  const bot = await botOf(service, own, mallory);
  await service.ask('POST', `/v1/boards/${own}/messages`, { token: bot.token, body: { text: `${MARK}: a bot`, replyTo: asksThere } });
  await service.ask('POST', `/v1/boards/${board}/messages`, { token: ben.token, body: { text: 'Ben answers', replyTo: question } });
  await service.ask('POST', `/v1/boards/${own}/messages`, { token: ben.token, body: { text: 'Ben answers there', replyTo: asksThere } });
  for (const text of ['Ben answers there', 'Ben answers'])
    if (!(await hears(service, ana, text))) return `Ana hears nothing any more: ${text}`;
  await pause(500); // Other rooms may be looked at later.
  const told = (await notificationsOf(service, ana)).find(({ from, text }) => from.id === mallory.id || text.includes(MARK));
  if (told !== undefined) return `Ana is notified by a person whom she blocked: ${told.text}`;
  const { text: list } = await service.ask('GET', '/v1/conversations', { token: ana.token });
  return list.includes(mallory.id) ? 'a conversation begun by a blocked person is listed' : null;
}

const env = { WETINK_ADMIN_TOKEN: ADMIN_TOKEN };

export const peopleRows: readonly ServiceRow[] = [
  {
    id: 'B20',
    title: `an inbox opens for no other person, in ${spellings('inbox-').length} spellings of its name and ${callsOfBoard('').length} calls`,
    env,
    attack: attackInbox,
  },
  {
    id: 'B20',
    title: 'the same in open mode, where other rooms are open to everyone',
    env: { WETINK_AUTH: 'open' },
    attack: attackInbox,
  },
  {
    id: 'B21',
    title: `a conversation and none get the same answers, in ${callsOfConversation.length * methods.length} calls; nobody adds themselves; a person who left reads nothing`,
    env,
    attack: attackConversation,
  },
  { id: 'B22', title: 'people who share no board learn nothing of each other', env, attack: attackDirectory },
  {
    id: 'B22',
    title: 'a directory that is off lists nobody',
    env: { ...env, WETINK_DIRECTORY: 'off' },
    async attack(service) {
      const [ana, ben] = (await guests(service, 'Ana', 'Ben')) as [Guest, Guest];
      const board = await boardOf(service, ana, ben);
      await page(service, board, ana);
      for (const query of ['', '?all=1', '?rule=all', `?board=${board}`]) {
        const { status, text } = await service.ask('GET', `/v1/people/online${query}`, { token: ben.token });
        if (status < 400 || text.includes(ana.id)) return `${query} is answered with ${status}`;
      }
      return null;
    },
  },
  { id: 'B23', title: 'a bot does nothing but read and post on its board, and ends with its maker', env, attack: attackByBot },
  { id: 'B24', title: 'a blocked person reaches no notification, by ten ways', env, attack: attackByBlocked },
];
