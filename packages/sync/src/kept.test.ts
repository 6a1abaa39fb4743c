/** "Kept on this device" is said of what a completed transaction wrote, whichever tab made it. */
import { afterEach, describe, expect, test } from 'vitest';
import { startBrowser } from './fixtures/browser.ts';
import { faultyStorage, type StorageFault } from './fixtures/faulty-storage.ts';
import { startRelay, type TestRelay } from './fixtures/relay.ts';
import { closeAll, until } from './fixtures/rooms.ts';

let relay: TestRelay | null = null;
afterEach(async () => {
  await closeAll();
  await relay?.close();
  relay = null;
});

describe('a copy of refused changes', () => {
  test('[F1] K5: is said to be only in this tab while storage fails, and on the device once it is written', async () => {
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

  test('[F1] K5: that the tab which made it cannot write is written by another, and both say so', async () => {
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
});
