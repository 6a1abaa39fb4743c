/** People on a service, for attacks on what is theirs: boards that they share, their pages, and what they are notified of. */

import { setTimeout as pause } from 'node:timers/promises';
import { Person } from './clients.ts';
import type { Guest, ServiceTarget } from './service-target.ts';

export const ADMIN_TOKEN = 'a-token-of-the-operator-for-these-rows';

export const authorization = ({ token }: Pick<Guest, 'token'>): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** Guests whom the relay has seen. */
export function guests(service: ServiceTarget, ...names: string[]): Promise<Guest[]> {
  return Promise.all(
    names.map(async (name) => {
      const guest = await service.guest(name);
      await service.ask('GET', '/v1/me', { token: guest.token });
      return guest;
    }),
  );
}

/** A board of the first, on which the others are editors. All have been there. */
export async function boardOf(service: ServiceTarget, owner: Guest, ...others: Guest[]): Promise<string> {
  const { body } = await service.ask('POST', '/v1/boards', { token: owner.token, body: {} });
  const { id = '' } = (body['board'] ?? {}) as { id?: string };
  for (const other of others) await giveRole(service, id, owner, other, 'editor');
  for (const guest of [owner, ...others]) (await page(service, id, guest)).close();
  return id;
}

export async function giveRole(service: ServiceTarget, board: string, owner: Guest, other: Guest, role: string): Promise<void> {
  await service.ask('PUT', `/v1/boards/${board}/members/${encodeURIComponent(other.id)}`, { token: owner.token, body: { role } });
}

/**
 * A conversation that the first begins with the others, with whom they share a board: the relay notes that a moment after they
 * have entered it.
 */
export async function conversationOf(service: ServiceTarget, { token }: Guest, ...others: Guest[]): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const { body } = await service.ask('POST', '/v1/conversations', { token, body: { people: others.map(({ id }) => id) } });
    const { id } = (body['conversation'] ?? {}) as { id?: string };
    if (id !== undefined) return id;
    await pause(50);
  }
  throw new Error(`${service.kind} begins no conversation`);
}

/** A page with a room open, as a stock client. */
export async function page(service: ServiceTarget, room: string, guest: Guest): Promise<Person> {
  const person = new Person(service, room, guest.id, undefined, authorization(guest));
  await person.synced();
  return person;
}

let lastMessage = 0;

/** Writes a message of the chat, as a page does. @returns Its id. */
export function say(from: Person, { id: userId }: Guest, text: string, more: object = {}): string {
  const id = `page.${(lastMessage += 1)}`;
  from.doc.getArray('chat').push([{ i: id, u: userId, n: 'Name', t: text, d: Date.now(), ...more }]);
  return id;
}

export interface Told {
  from: { id: string; name: string };
  title: string;
  text: string;
}

export async function notificationsOf(service: ServiceTarget, { token }: Guest): Promise<Told[]> {
  return ((await service.ask('GET', '/v1/notifications?limit=100', { token })).body['notifications'] ?? []) as Told[];
}

/** @returns Whether the person was notified of it in time. */
export async function hears(service: ServiceTarget, guest: Guest, text: string, patienceMs = 10_000): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if ((await notificationsOf(service, guest)).some((one) => one.text.includes(text))) return true;
    await pause(50);
  }
  return false;
}

/** Everything in an answer that a caller can compare, without `id`. */
export async function saidOf(
  service: ServiceTarget,
  method: string,
  path: string,
  id: string,
  guest: Guest | null,
  body?: object,
): Promise<string> {
  const isSent = body !== undefined && method !== 'GET' && method !== 'HEAD';
  const { status, text, headers } = await service.ask(method, path.replace(':', id), {
    ...(guest === null ? {} : { token: guest.token }),
    ...(isSent ? { body } : {}),
  });
  const told = [...headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value}`);
  return `${status} ${text} ${told.join(', ')}`.replaceAll(id, 'ID');
}

/** As `comesTrue`, for a condition that asks the service. */
export async function comesTrueOf(condition: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (await condition()) return true;
    await pause(50);
  }
  return false;
}
