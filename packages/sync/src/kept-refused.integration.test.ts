/** A kept copy of refused changes is called "on the device" only once a tab has written it, whichever tab that is. */
import { afterEach, describe, expect, it } from 'vitest';
import { startBrowser } from './fixtures/browser.ts';
import { faultyStorage, type StorageFault } from './fixtures/faulty-storage.ts';
import { startRelay, type TestRelay } from './fixtures/relay.ts';
import { closeAll, until } from './fixtures/rooms.ts';
import type { Room } from './types.ts';

let relay: TestRelay | null = null;
afterEach(async () => {
  await closeAll();
  await relay?.close();
  relay = null;
});

describe('a copy of refused changes', () => {
  it('[F1] K5: a kept copy is shown as only in this tab while storage fails, and as on the device once it is written', async () => {
    relay = await startRelay({ limits: { maxDocumentBytes: 20_000 } });
    const browser = startBrowser();
    let fault: StorageFault = null;
    const indexedDB = faultyStorage(browser.indexedDB, () => fault);
    const { room } = browser.openTab({ url: relay.url, environment: { indexedDB } });
    const replaced: boolean[] = [];
    room.onReplaced(({ kept }) => replaced.push(kept.onDevice));
    await room.whenSynced;
    fault = 'QuotaExceededError';
    room.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(
      () => room.status.kind === 'refused' && room.status.where === 'none',
      () => room.status,
    );
    expect(replaced).toEqual([false]);
    const [copy] = await room.keptCopies();
    expect(copy?.onDevice).toBe(false);
    fault = null;
    await room.flush();
    expect(room.status).toMatchObject({ kind: 'refused', where: 'kept' });
    expect(copy?.onDevice).toBe(true);
  });

  it('[F1] K5: when the tab that made a kept copy cannot write it, another tab does, and both say so', async () => {
    relay = await startRelay({ limits: { maxDocumentBytes: 20_000 } });
    const browser = startBrowser();
    let fault: StorageFault = null;
    const first = browser.openTab({ url: relay.url, environment: { indexedDB: faultyStorage(browser.indexedDB, () => fault) } });
    await first.room.whenSynced;
    const second = browser.openTab({ url: relay.url });
    await second.room.whenSynced;
    fault = 'UnknownError';
    first.room.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(
      () => second.room.status.kind === 'refused' && second.room.status.where === 'kept',
      () => second.room.status,
    );
    first.crash();
    await closeAll();
    const { room } = browser.openTab({ url: relay.url });
    await room.whenLoaded;
    const copies = await room.keptCopies();
    expect(copies.map(({ changes, onDevice }) => [changes, onDevice])).toEqual([[1, true]]);
  });

  it('[F1] K5: a kept copy that is discarded in one tab is not called kept in another', async () => {
    relay = await startRelay({ limits: { maxDocumentBytes: 20_000 } });
    const browser = startBrowser();
    const [first, second] = [0, 1].map(() => browser.openTab({ url: relay?.url ?? '' }).room) as [Room, Room];
    await Promise.all([first.whenSynced, second.whenSynced]);
    first.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(() => [first, second].every(({ status }) => status.kind === 'refused' && status.where === 'kept'));
    const [copy] = await second.keptCopies();
    await copy?.discard();
    await until(
      () => first.status.kind === 'saved' && second.status.kind === 'saved',
      () => [first.status, second.status],
    );
    expect(await first.keptCopies()).toEqual([]);
  });
});
