/** What one tab believes of another's changes. */
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { startBrowser } from './fixtures/browser.ts';
import { closeAll, until } from './fixtures/rooms.ts';
import { FIRST_EPOCH } from './device-layout.ts';
import type { TabMessage } from './tab-channel.ts';

/** Posts messages in the name of a tab, as tab-channel.ts defines them. */
function impostorIn(browser: ReturnType<typeof startBrowser>, url: string): (message: TabMessage) => void {
  const channel = new browser.Channel(`wetink:${url}/test`);
  return (message) => channel.postMessage({ wetink: 3, from: 'x', message });
}

const MALFORMED = new Uint8Array([1, 1, 255, 255, 255, 255, 7]);

it.each([
  ['update', { type: 'update', epoch: FIRST_EPOCH, update: MALFORMED, since: 0, made: 3, settled: 0 }],
  ['offer', { type: 'offer', epoch: FIRST_EPOCH, update: MALFORMED, made: [['x', 3]], settled: [] }],
] as const)('[U1] an %s of a tab that can not be applied is not counted, so nobody calls it saved', async (_title, message) => {
  const browser = startBrowser();
  const url = 'ws://127.0.0.1:9';
  const { room } = browser.openTab({ url });
  await room.whenLoaded;
  await until(() => room.status.kind !== 'loading');
  const say = impostorIn(browser, url);
  say(message);
  say({ type: 'notice', notice: { code: 'OVERLOADED', text: '', retryAfterMs: 0 } });
  await new Promise<void>((heard) => room.onNotice(() => heard()));
  room.doc.getMap('m').set('own', 1); // So that the room announces its status again.
  expect(room.status).toMatchObject({ waiting: 1 });
  const doc = new Y.Doc();
  doc.getMap('m').set('k', 1);
  say({ ...message, update: Y.encodeStateAsUpdate(doc) });
  await until(() => room.doc.getMap('m').has('k'));
  expect(room.status).toMatchObject({ waiting: 4 });
  await closeAll();
});
