/** The status says "kept on this device" only of what a completed transaction wrote, whichever tab made it. */
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { answerTo, CUSTOM, finished, openDatabase, UPDATES } from './database.ts';
import { readCopy } from './device-layout.ts';
import { startBrowser, type Browser, type Tab } from './fixtures/browser.ts';
import { faultyStorage, type StorageFault } from './fixtures/faulty-storage.ts';
import { closeAll, hurried, until } from './fixtures/rooms.ts';

afterEach(closeAll);

/** Keys in the document that a page which opens now would show. */
async function keysOnDevice(browser: Browser): Promise<string[]> {
  const database = await openDatabase(browser.indexedDB, 'test');
  const { rows, entries } = await readCopy(database);
  database.close();
  const doc = new Y.Doc();
  for (const update of [...rows.map(({ value }) => value), ...entries.map(({ entry }) => entry.update)]) Y.applyUpdate(doc, update);
  return [...doc.getMap('m').keys()];
}

const NO_RELAY = 'ws://127.0.0.1:9';

/** Two tabs that have met, without a network. */
async function twoTabs(browser: Browser, how: { fault?: () => StorageFault } = {}): Promise<[Tab, Tab]> {
  const first = browser.openTab({ url: NO_RELAY });
  await first.room.whenLoaded;
  const indexedDB = faultyStorage(browser.indexedDB, how.fault ?? (() => null));
  const second = browser.openTab({ url: NO_RELAY, environment: { indexedDB } });
  await second.room.whenLoaded;
  await until(() => [first, second].every(({ room }) => room.status.kind === 'offline'));
  return [first, second];
}

const copyOf = ({ room: { status } }: Tab): string => ('copy' in status ? status.copy : '');

describe('an edit of another tab', () => {
  it('[T1] K1: no tab calls an edit kept before a completed transaction has it', async () => {
    const browser = startBrowser();
    const [first, second] = await twoTabs(browser);
    const checks: Promise<void>[] = [];
    for (const tab of [first, second]) {
      tab.room.onStatus((status) => {
        if (!('waiting' in status) || status.waiting === 0 || status.copy !== 'kept') return;
        const shown = [...tab.room.doc.getMap('m').keys()];
        checks.push(keysOnDevice(browser).then((keys) => expect(keys).toEqual(expect.arrayContaining(shown))));
      });
    }
    for (let edit = 0; edit < 10; edit++) {
      second.room.doc.getMap('m').set(`edit ${edit}`, 1);
      await until(() => first.room.doc.getMap('m').has(`edit ${edit}`));
    }
    await until(() => copyOf(first) === 'kept' && copyOf(second) === 'kept');
    expect(checks.length).toBeGreaterThan(0);
    await Promise.all(checks);
  });

  it.each(['QuotaExceededError', 'UnknownError'] as const)(
    '[T1] K1: when storage of one tab fails with %s, the other writes its edit, and both say so',
    async (name) => {
      const browser = startBrowser();
      let fault: StorageFault = null;
      const [first, second] = await twoTabs(browser, { fault: () => fault });
      fault = name;
      second.room.doc.getMap('m').set('k', 1);
      await until(
        () => copyOf(first) === 'kept' && copyOf(second) === 'kept',
        () => [first.room.status, second.room.status],
      );
      expect(await keysOnDevice(browser)).toEqual(['k']);
      await until(() => second.room.device.kind === 'memory-only');
      expect(second.room.status).toMatchObject({ waiting: 1, copy: 'kept' });
    },
  );

  it('[B3] K1: when a tab dies before it has written its edit, the other tab writes it', async () => {
    const browser = startBrowser();
    const [first, second] = await twoTabs(browser, { fault: () => 'UnknownError' });
    second.room.doc.getMap('m').set('k', 1);
    await until(() => first.room.doc.getMap('m').has('k'));
    second.crash();
    expect(copyOf(first)).toBe('writing');
    await until(
      () => copyOf(first) === 'kept',
      () => first.room.status,
    );
    expect(await keysOnDevice(browser)).toEqual(['k']);
  });

  it.each(['closed', 'hidden'])('[B3] K1: a tab that is %s right after another died writes the edit of the dead one', async (how) => {
    const browser = startBrowser();
    const [first, second] = await twoTabs(browser, { fault: () => 'UnknownError' });
    second.room.doc.getMap('m').set('k', 1);
    await until(() => first.room.doc.getMap('m').has('k'));
    second.crash();
    if (how === 'closed') await first.room.close();
    else {
      first.hide();
      first.crash();
    }
    expect(await keysOnDevice(browser)).toEqual(['k']);
  });

  it('[T1] K1: no tab calls an edit kept that none can write', async () => {
    const browser = startBrowser();
    const indexedDB = faultyStorage(browser.indexedDB, () => 'UnknownError');
    const tabs = [0, 1].map(() => browser.openTab({ url: NO_RELAY, environment: { indexedDB } }));
    const said = new Set<string>();
    for (const tab of tabs) tab.room.onStatus((status) => 'waiting' in status && status.waiting > 0 && said.add(status.copy));
    await Promise.all(tabs.map(({ room }) => room.whenLoaded));
    tabs[1]?.room.doc.getMap('m').set('k', 1);
    await until(() => tabs.every((tab) => copyOf(tab) === 'none'));
    expect([...said].sort()).toEqual(['none', 'writing']);
  });
});

it('[D7] K4: a claim of a tab about another copy than the one that is here counts for nothing', async () => {
  const browser = startBrowser();
  let fault: StorageFault = null;
  const tab = browser.openTab({ url: NO_RELAY, environment: { indexedDB: faultyStorage(browser.indexedDB, () => fault) } });
  await tab.room.whenLoaded;
  const channel = new browser.Channel(`wetink:${NO_RELAY}/test`);
  let from = '';
  channel.onmessage = ({ data }: { data: { from: string } }) => (from = data.from);
  fault = 'UnknownError';
  tab.room.doc.getMap('m').set('k', 1);
  await until(() => from !== '' && copyOf(tab) === 'none');
  const said = new Set<string>();
  tab.room.onStatus(() => said.add(copyOf(tab)));
  channel.postMessage({ wetink: 3, from: 'another', message: { type: 'written', kept: { copyId: 'erased', made: [[from, 1]] } } });
  // Sent after the claim, so the claim has arrived.
  let isHeard = false;
  tab.room.onNotice(() => (isHeard = true));
  const notice = { code: 'INTERNAL', text: '', retryAfterMs: 0 };
  channel.postMessage({ wetink: 3, from: 'another', message: { type: 'notice', notice } });
  await until(() => isHeard);
  expect([copyOf(tab), ...said]).not.toContain('kept');
  channel.close();
});

describe('a page that goes', () => {
  it('[D1] K2: a page that goes has handed its last edit to the browser, in one write that needs no answer first', async () => {
    const browser = startBrowser();
    let hide = (): void => undefined;
    let begun: { transaction: IDBTransaction; isCommitted: boolean }[] = [];
    const indexedDB = faultyStorage(
      browser.indexedDB,
      () => null,
      (transaction) => {
        const one = { transaction, isCommitted: false };
        begun.push(one);
        const commit = transaction.commit.bind(transaction);
        transaction.commit = () => {
          one.isCommitted = true;
          commit();
        };
      },
    );
    const page = {
      isVisible: () => true,
      onVisibility: () => () => undefined,
      onHide: (listener: () => void) => {
        if (listener.toString().includes('hurry')) hide = listener;
        return () => undefined;
      },
      onShow: () => () => undefined,
    };
    const { room } = browser.openTab({ url: NO_RELAY, environment: { indexedDB, page } });
    await room.whenLoaded;
    begun = [];
    room.doc.getMap('m').set('k', 1);
    hide();
    expect(begun.map(({ isCommitted }) => isCommitted)).toContain(true);
    browser.openTab({ url: NO_RELAY });
    await until(() => room.status.kind === 'offline' && room.status.copy === 'kept');
    expect(await keysOnDevice(browser)).toEqual(['k']);
  });
});

describe('a page that still reads a large copy', () => {
  it('[D1] K2: a page that still reads a large copy hands new edits to the browser at once', async () => {
    const browser = startBrowser();
    const { room: before } = browser.openTab({ url: NO_RELAY });
    await before.whenLoaded;
    before.doc.getMap('m').set('old', 1);
    await before.close();
    let draw: (() => void) | null = null;
    const writes: string[] = [];
    const begun = (transaction: IDBTransaction): void => {
      if (transaction.mode === 'readwrite') writes.push(`${room.status.kind}: ${[...transaction.objectStoreNames].join()}`);
      const isLargeRead = transaction.mode === 'readonly' && transaction.objectStoreNames.contains(UPDATES);
      if (isLargeRead) draw?.();
    };
    const indexedDB = faultyStorage(browser.indexedDB, () => null, begun);
    const { room } = browser.openTab({ url: NO_RELAY, environment: { indexedDB } });
    draw = () => {
      draw = null;
      room.doc.getMap('m').set('new', 1);
      void room.flush();
    };
    await room.whenLoaded;
    expect(writes[0]).toBe('loading: custom');
    await room.flush();
    expect((await keysOnDevice(browser)).sort()).toEqual(['new', 'old']);
  });
});

describe('a copy that was erased under an open page', () => {
  it('[D7] K4: an erased copy is no longer called kept, and is written again as a whole, though nothing is edited', async () => {
    const browser = startBrowser();
    const [first, second] = await twoTabs(browser);
    first.room.doc.getMap('m').set('a', 1);
    second.room.doc.getMap('m').set('b', 1);
    await until(() => copyOf(first) === 'kept' && copyOf(second) === 'kept' && first.room.doc.getMap('m').size === 2);
    const said = new Set<string>();
    for (const tab of [first, second]) tab.room.onStatus(() => said.add(copyOf(tab)));
    await answerTo(browser.indexedDB.deleteDatabase('test'));
    expect([copyOf(first), copyOf(second)]).toEqual(['writing', 'writing']);
    await until(() => copyOf(first) === 'kept' && copyOf(second) === 'kept');
    expect((await keysOnDevice(browser)).sort()).toEqual(['a', 'b']);
  });

  it('[D7] K4: a copy emptied rather than deleted is noticed, too', async () => {
    const browser = startBrowser();
    const { room } = browser.openTab({ url: NO_RELAY, environment: { schedule: hurried } });
    await room.whenLoaded;
    room.doc.getMap('m').set('a', 1);
    await room.flush();
    const said: string[] = [];
    room.onStatus((status) => 'copy' in status && said.push(status.copy));
    const database = await openDatabase(browser.indexedDB, 'test');
    const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
    transaction.objectStore(UPDATES).clear();
    transaction.objectStore(CUSTOM).clear();
    await finished(transaction);
    database.close();
    await until(() => said.includes('writing') && said.at(-1) === 'kept');
    expect(await keysOnDevice(browser)).toEqual(['a']);
  });
});
