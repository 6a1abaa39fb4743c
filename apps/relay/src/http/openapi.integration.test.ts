/** openapi.json names every call of the API and no other, and answers are as it says. */

import { readFileSync } from 'node:fs';
import { defaultLimits } from '@wetink/relay';
import { createBoardService, createIdentity, createSharedState } from '@wetink/relay/http';
import { until, type ApiAnswer } from '@wetink/relay/testing';
import { createMemoryStore } from '@wetink/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAdmin, type AdminPorts } from '../admin/admin.ts';
import { createChatHistory } from '../history/chat-history.ts';
import { contentRoutes } from '../boards/content-routes.ts';
import { notificationRoutes, type NotificationRoutePorts } from '../notifications/notification-routes.ts';
import { makeVapidKeys } from '../push/vapid.ts';
import { pushRoutes } from '../push/push-routes.ts';
import { PushService } from '../testing/push-service.ts';
import { TestService } from '../testing/service.ts';
import { noWebhookRoutes } from '../webhooks/webhook-routes.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  enum?: unknown[];
  oneOf?: Schema[];
  additionalProperties?: boolean;
}
interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  security: Record<string, unknown>[];
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { content: Record<string, { schema: Schema }> }>; schemas: Record<string, Schema> };
}

const text = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
const description = JSON.parse(text) as Description;
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const isAdmin = ({ operation }: { operation: Operation }): boolean => operation.security.some((way) => 'admin' in way);

/** @returns The first place where a value is not as the schema says; null: none. */
function mistakeIn(value: unknown, schema: Schema, at = 'body'): string | null {
  if (schema.$ref !== undefined) return mistakeIn(value, resolved(schema.$ref), at);
  if (schema.oneOf !== undefined)
    return schema.oneOf.some((one) => mistakeIn(value, one, at) === null) ? null : `${at} is none of its kinds`;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return `${at} is no ${types.join(' or ')}`;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return `${at} is not listed`;
  if (Array.isArray(value)) return firstMistake(value.map((one, i) => mistakeIn(one, schema.items ?? {}, `${at}[${i}]`)));
  if (typeof value !== 'object' || value === null) return null;
  for (const name of schema.required ?? []) if (!(name in value)) return `${at} has no ${name}`;
  return firstMistake(
    Object.entries(value).map(([name, one]) => {
      const property = schema.properties?.[name];
      if (property === undefined) return schema.additionalProperties === false ? `${at} has a ${name}` : null;
      return mistakeIn(one, property, `${at}.${name}`);
    }),
  );
}

const firstMistake = (mistakes: readonly (string | null)[]): string | null => mistakes.find((mistake) => mistake !== null) ?? null;

function resolved(ref: string): Schema {
  const schema = description.components.schemas[ref.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new Error(`${ref} is missing`);
  return schema;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

describe('the calls', () => {
  it('are those of the routes', () => {
    const shared = createSharedState(null, () => 0);
    const store = createMemoryStore();
    const chat = createChatHistory(store.records, {
      edit: () => Promise.reject(new Error()),
      keep: 10,
      schedule: () => () => undefined,
      wallClock: Date.now,
      onError: () => undefined,
    });
    const service = createBoardService({
      identity: createIdentity({ mode: 'guests', secret: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb', tickets: shared.tickets }),
      store,
      limits: defaultLimits,
      shared,
      contentRoutes: (entry) => [
        ...contentRoutes(entry, chat),
        ...noWebhookRoutes(entry),
        ...notificationRoutes({ entry } as unknown as NotificationRoutePorts),
        ...pushRoutes({ push: null, publicKey: null, outbound: { mistakeIn: () => null }, wallClock: () => 0 }),
      ],
      allowsOrigin: () => true,
      addressOf: () => null,
      onUnavailable: () => undefined,
      onError: () => undefined,
      onFailed: () => undefined,
    });
    const { calls } = service.api({
      recheck: () => undefined,
      erase: () => Promise.resolve(),
      roomStats: () => null,
      edit: () => Promise.reject(new Error()),
    });
    const routed = calls.flatMap(({ pattern, methods }) => methods.map((method) => `${method} ${pattern}`));
    const described = operations.filter((one) => !isAdmin(one)).map(({ path, method }) => `${method} ${path.replace(/\{\w+\}/g, ':')}`);
    expect(described.sort()).toEqual(routed.sort());
  });

  it('of operators are those that the admin API answers', async () => {
    const ports = {
      store: createMemoryStore(),
      relay: { counts: () => Promise.resolve({ counts: [], isWhole: true }), roomStats: () => null, erase: () => Promise.resolve() },
      forget: () => Promise.resolve(),
      users: { list: () => Promise.resolve([]), find: () => Promise.resolve(null) },
      notifications: {},
    } as unknown as AdminPorts;
    const paths = new Map<string, string[]>();
    for (const { path, method } of operations.filter(isAdmin)) paths.set(path, [...(paths.get(path) ?? []), method]);
    expect(paths.size).toBe(14);
    for (const [path, methods] of paths) {
      const { allow = '', status } = await answerAdmin('OPTIONS', path.replace(/\{\w+\}/, 'x'), { role: 'admin', userId: null }, ports);
      const allowed = allow.split(', ').filter((method) => method !== 'HEAD');
      expect([path, status, allowed.sort()]).toEqual([path, 405, methods.sort()]);
    }
  });

  it('are described as OpenAPI 3.1 asks: ids are unique, parameters of a path are named, references lead somewhere', () => {
    expect(description.openapi).toBe('3.1.0');
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name, required }) => [name, required]);
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]));
    }
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
      expect(Object.keys(description.components[kind as 'schemas' | 'responses'])).toContain(name);
  });
});

describe('answers', () => {
  const service = new TestService();
  const keys = makeVapidKeys();
  beforeAll(() =>
    service.start({
      WETINK_AUTH: 'guests',
      WETINK_ADMIN_TOKEN: '0123456789abcdef',
      WETINK_VAPID_PUBLIC: keys.publicKey,
      WETINK_VAPID_PRIVATE: keys.privateKey,
      WETINK_VAPID_SUBJECT: 'mailto:ops@draw.example',
    }),
  );
  afterAll(() => service.dispose());

  /** Checks an answer, and the body that asked for it, against the description. */
  async function call(operationId: string, status: number, path: string, token: string | null, body?: unknown): Promise<ApiAnswer> {
    const found = operations.find(({ operation }) => operation.operationId === operationId);
    if (found === undefined) throw new Error(`no call is named ${operationId}`);
    const { method, operation } = found;
    const answer = await service.call(method, path, token, body);
    expect([operationId, answer.status]).toEqual([operationId, status]);
    const asked = operation.requestBody?.content['application/json']?.schema;
    if (status < 400 && asked !== undefined) expect([operationId, mistakeIn(body, asked)]).toEqual([operationId, null]);
    const response = operation.responses[String(status)];
    const { content } = response?.$ref === undefined ? (response ?? {}) : (description.components.responses[`E${status}`] ?? {});
    const schema = content?.['application/json']?.schema;
    expect([operationId, schema === undefined ? 'not described' : mistakeIn(answer.body, schema)]).toEqual([operationId, null]);
    return answer;
  }

  it('of whole calls and of refused ones are as described', async () => {
    await call('settings', 200, '/v1/settings', null);
    const { body: ana } = await call('enterAsGuest', 200, '/v1/guests', null, { name: 'Ana' });
    const { body: ben } = await call('enterAsGuest', 200, '/v1/guests', null, { name: 'Ben' });
    await call('me', 200, '/v1/me', ana.token);
    await call('me', 401, '/v1/me', null);
    const made = await call('makeBoard', 201, '/v1/boards', ana.token, { everyone: 'none' });
    const at = `/v1/boards/${made.body.board.id}`;
    const { body: linked } = await call('addLink', 201, `${at}/links`, ana.token, { role: 'viewer' });
    await call('joinBoard', 200, `${at}/join`, ben.token, { link: linked.link.key });
    await service.enter(made.body.board.id, ben.token);
    await call('setMember', 200, `${at}/members/${encodeURIComponent(ben.user.id)}`, ana.token, { role: 'editor' });
    await call('getBoard', 200, at, ana.token);
    await call('getBoard', 200, at, ben.token);
    await call('setEveryone', 200, at, ana.token, { everyone: 'viewer' });
    await call('setEveryone', 403, at, ben.token, { everyone: 'editor' });
    await call('makeTicket', 201, '/v1/tickets', ana.token, { room: made.body.board.id });
    await call('getQuota', 200, `${at}/blobs`, ana.token);
    const elements = [
      { kind: 'text', x: 0, y: 0, text: 'Hello', fontSize: 30 },
      { kind: 'ellipse', x: 0, y: 0, w: 5, h: 5, fill: 'red', alt: 'a dot' },
      { kind: 'arrow', from: [0, 0], to: [5, 5] },
      { kind: 'stroke', points: [[0, 0, 0.5], [1, 1, 1]] }, // prettier-ignore
    ];
    await call('getPages', 200, `${at}/pages`, ben.token);
    await call('getPages', 404, `/v1/boards/${'A'.repeat(22)}/pages`, ben.token);
    const { body: drawn } = await call('postElements', 201, `${at}/elements`, ana.token, { elements });
    const [first] = (drawn as unknown as { elements: { id: string }[] }).elements;
    await call('postMessage', 201, `${at}/messages`, ana.token, { text: 'Hello', about: first?.id });
    await call('postMessage', 400, `${at}/messages`, ana.token, { text: '' });
    const { body: bot } = (await call('makeBot', 201, `${at}/bots`, ana.token, { name: 'Build' })) as unknown as {
      body: { token: string; bot: { id: string } };
    };
    await call('postMessage', 201, `${at}/messages`, bot.token, { text: 'Built', replyTo: 'k.1' });
    await call('listBots', 200, `${at}/bots`, ana.token);
    await call('listBots', 403, `${at}/bots`, ben.token);
    await call('getMessages', 200, `${at}/messages`, ben.token);
    const hook = { url: 'https://localhost/hook', kinds: ['message', 'mention', 'shared'] };
    const { body: hooked } = await call('makeWebhook', 201, `${at}/webhooks`, ana.token, hook);
    const webhook = `${at}/webhooks/${(hooked as unknown as { webhook: { id: string } }).webhook.id}`;
    await call('makeWebhook', 400, `${at}/webhooks`, ana.token, { ...hook, url: 'http://x.example' });
    await call('listWebhooks', 200, `${at}/webhooks`, ana.token);
    await call('listWebhooks', 403, `${at}/webhooks`, ben.token);
    await call('testWebhook', 200, `${webhook}/test`, ana.token);
    await call('listWebhooks', 200, `${at}/webhooks`, ana.token);
    await call('removeWebhook', 200, webhook, ana.token);
    await call('removeWebhook', 404, webhook, ana.token);
    await call('endBot', 200, `${at}/bots/${encodeURIComponent(bot.bot.id)}`, ana.token);
    await call('postMessage', 401, `${at}/messages`, bot.token, { text: 'Built' });
    await call('getMessages', 400, `${at}/messages?limit=0`, ben.token);
    await call('getMessages', 404, `/v1/boards/${'A'.repeat(22)}/messages`, ben.token);
    const staying = service.stay(made.body.board.id, ana.token);
    await until(() => staying.roles.length > 0, 'Ana in the room');
    for (const [operationId, path] of [
      ['getStatus', 'status'],
      ['listBoards', 'boards'],
      ['listOpenRooms', 'rooms'],
      ['listConnections', 'connections'],
    ] as const) {
      await call(operationId, 200, `/v1/admin/${path}`, '0123456789abcdef');
      await call(operationId, 403, `/v1/admin/${path}`, ana.token);
    }
    const device = { ...new PushService().subscribe('phone'), endpoint: 'https://push.example/phone', timeZone: 'Europe/Berlin' };
    await call('getPush', 200, '/v1/push', ana.token);
    await call('addPushDevice', 201, '/v1/push', ana.token, device);
    await call('addPushDevice', 400, '/v1/push', ana.token, { ...device, endpoint: 'http://push.example' });
    const { status } = await service.call('DELETE', '/v1/push', ana.token, { endpoint: device.endpoint });
    expect(status).toBe(204);
    await call('listBoards', 400, '/v1/admin/boards?limit=0', '0123456789abcdef');
    staying.close();
    await call('openConversation', 404, '/v1/conversations', ana.token, { people: ['nobody'] });
    const { body: begun } = await call('openConversation', 201, '/v1/conversations', ana.token, { people: [ben.user.id] });
    const { conversation } = begun as unknown as { conversation: { id: string } };
    await call('listConversations', 200, '/v1/conversations', ana.token);
    await call('getConversation', 200, `/v1/conversations/${conversation.id}`, ben.token);
    await call('addToConversation', 409, `/v1/conversations/${conversation.id}/people`, ben.token, { id: 'cleo' });
    await call('listOnline', 200, '/v1/people/online', ana.token);
    await call('notify', 200, '/v1/notify', '0123456789abcdef', { people: [ben.user.id], text: 'Hello', link: '/b/x' });
    await call('notify', 400, '/v1/notify', '0123456789abcdef', { people: [], text: 'Hello' });
    await call('notify', 403, '/v1/notify', ana.token, { people: [ben.user.id], text: 'Hello' });
    const { body: sent } = await call('broadcast', 202, '/v1/broadcast', '0123456789abcdef', { text: 'Hello all', except: [ana.user.id] });
    await call('getBroadcast', 200, `/v1/broadcast/${(sent as unknown as { broadcast: { id: string } }).broadcast.id}`, '0123456789abcdef');
    await call('getBroadcast', 404, '/v1/broadcast/none', '0123456789abcdef');
    await call('getNotifications', 200, '/v1/notifications', ben.token);
    await call('getNotifications', 400, '/v1/notifications?since=x', ben.token);
    await call('markRead', 200, '/v1/notifications/read', ben.token, { all: true });
    await call('markRead', 400, '/v1/notifications/read', ben.token, { ids: 'all' });
    await call('block', 400, `/v1/blocked/${encodeURIComponent(ben.user.id)}`, ben.token);
    await service.call('PUT', `/v1/blocked/${encodeURIComponent(ana.user.id)}`, ben.token);
    await call('listBlocked', 200, '/v1/blocked', ben.token);
    await call('removeLink', 200, `${at}/links/${linked.link.id}`, ana.token);
    await call('eraseBoard', 200, at, ana.token);
  });
});
