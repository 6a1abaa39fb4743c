/** Measures when the last change is accepted of a client that writes without pause and is removed by the owner. */

import { setTimeout as pause } from 'node:timers/promises';
import { comesTrue, Person, person } from './clients.ts';
import type { ServiceTarget } from './service-target.ts';

export interface RevokeFigures {
  /** The connection was ended. */
  isOut: boolean;
  /** Changes that the owner had seen at the time of the request. */
  writtenBefore: number;
  /** From the request to the last change that reached the owner, ms; 0: none came after the request. */
  lastWriteMs: number;
  /** From the request to the end of the connection, ms. */
  outMs: number;
  /** Changes accepted from a second connection with the same token. */
  writtenAfterOut: number;
}

const WRITE_EVERY_MS = 2;
const WARM_UP = 50;
const PATIENCE_MS = 20_000;

export async function revoke(service: ServiceTarget): Promise<RevokeFigures> {
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const { body } = await service.ask('POST', '/v1/boards', { token: ana.token, body: { everyone: 'none' } });
  const board = (body['board'] as { id: string }).id;
  const member = `/v1/boards/${board}/members/${encodeURIComponent(ben.id)}`;
  await service.ask('PUT', member, { token: ana.token, body: { role: 'editor' } });
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const owner = await person(service, board, 'ana', undefined, bearer(ana.token));
  const writer = await person(service, board, 'ben', undefined, bearer(ben.token));

  const seenAt: number[] = [];
  owner.doc.getMap('m').observe(() => seenAt.push(performance.now()));
  let count = 0;
  const writing = setInterval(() => writer.set(`k${(count += 1)}`, 1), WRITE_EVERY_MS);
  await comesTrue(() => seenAt.length >= WARM_UP, PATIENCE_MS);
  const writtenBefore = seenAt.length;
  const askedAt = performance.now();
  await service.ask('PUT', member, { token: ana.token, body: { role: 'none' } });
  const isOut = await comesTrue(() => writer.closed !== null, PATIENCE_MS);
  const outMs = performance.now() - askedAt;
  clearInterval(writing);
  await pause(100);
  const lastWriteMs = Math.max(0, (seenAt.at(-1) ?? askedAt) - askedAt);

  const again = new Person(service, board, 'ben', undefined, bearer(ben.token));
  await again.synced();
  const before = seenAt.length;
  again.set('again', 1);
  await comesTrue(() => again.closed !== null, 2_000);
  return { isOut, writtenBefore, lastWriteMs, outMs, writtenAfterOut: seenAt.length - before };
}
