/** Several tabs of one browser, against the real relay. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startBrowser, type Browser, type Tab } from './fixtures/browser.ts';
import { createStubbornStore, startRelay, type TestRelay } from './fixtures/relay.ts';
import { closeAll, open, until } from './fixtures/rooms.ts';

let relay: TestRelay;
let store: ReturnType<typeof createStubbornStore>;
let browser: Browser;
let joins = 0;
let tokens: string[] = [];
beforeEach(async () => {
  store = createStubbornStore();
  joins = 0;
  tokens = [];
  relay = await startRelay({
    store,
    authorize: async ({ token }) => {
      joins++;
      tokens.push(token);
      return { ok: true, role: 'editor', userId: '' };
    },
  });
  browser = startBrowser();
});
afterEach(async () => {
  store.isHeld = false;
  await closeAll();
  await relay.close();
});

describe('tabs of one browser', () => {
  it('[B1] two tabs share one socket; edits of both are saved and both say so', async () => {
    const a = browser.openTab({ url: relay.url }).room;
    await a.whenSynced;
    const b = browser.openTab({ url: relay.url }).room;
    await b.whenSynced;
    a.doc.getMap('m').set('a', 1);
    b.doc.getMap('m').set('b', 2);
    expect(b.status).toMatchObject({ kind: 'sending', waiting: 1 });
    await until(
      () => a.status.kind === 'saved' && b.status.kind === 'saved' && a.doc.getMap('m').size === 2,
      () => [a.status, b.status],
    );
    expect((await relay.stored()).getMap('m').toJSON()).toEqual({ a: 1, b: 2 });
    expect(joins).toBe(1);
  });

  it('[L7] whichever tab asks for a new token, the one that holds the socket sends it', async () => {
    const a = browser.openTab({ url: relay.url, getToken: async () => 'of a' }).room;
    await a.whenSynced;
    const b = browser.openTab({ url: relay.url, getToken: async () => 'of b' }).room;
    await b.whenSynced;
    b.refreshToken();
    await until(() => tokens.length === 2);
    expect(tokens).toEqual(['of a', 'of a']);
    expect(a.isSynced).toBe(true);
  });

  it('[B1] two tabs, of which only the leader is connected, are both seen by others, ink too', async () => {
    const a = browser.openTab({ url: relay.url }).room;
    await a.whenSynced;
    const b = browser.openTab({ url: relay.url }).room;
    await b.whenSynced;
    const other = open({ url: relay.url, offline: false });
    a.awareness.setLocalState({ name: 'a' });
    b.awareness.setLocalState({ name: 'b' });
    other.awareness.setLocalState({ name: 'other' });
    await until(() => other.awareness.getStates().size === 3 && b.awareness.getStates().size === 3);
    const ink: number[] = [];
    other.onWet(({ clientId }) => ink.push(clientId));
    b.sendWet({ gesture: 'g', index: 0, isEnd: true, payload: new Uint8Array([1]) });
    await until(() => ink.length === 1);
    expect(ink).toEqual([b.doc.clientID]);
    await b.close();
    await until(() => other.awareness.getStates().size === 2);
  });

  it('[B2] tabs share edits and presence without any network', async () => {
    await relay.close();
    const a = browser.openTab({ url: relay.url }).room;
    const b = browser.openTab({ url: relay.url }).room;
    await Promise.all([a.whenLoaded, b.whenLoaded]);
    a.awareness.setLocalState({ name: 'a' });
    a.doc.getMap('m').set('k', 1);
    await until(() => b.doc.getMap('m').get('k') === 1 && b.awareness.getStates().get(a.doc.clientID)?.['name'] === 'a');
    await until(
      () => b.status.kind === 'offline' && b.status.copy === 'kept',
      () => b.status,
    );
    expect(b.status).toMatchObject({ kind: 'offline', waiting: 1, copy: 'kept' });
    relay = await startRelay({ store, port: relay.port });
  });

  it('[T4] T1 T4: tabs without the socket say the same of the link, with the same reason and time, and of who is here', async () => {
    const other = open({ url: relay.url });
    other.awareness.setLocalState({ name: 'other' });
    const leader = browser.openTab({ url: relay.url });
    await leader.room.whenSynced;
    const follower = browser.openTab({ url: relay.url });
    await follower.room.whenSynced;
    leader.room.awareness.setLocalState({ name: 'leader' });
    follower.room.awareness.setLocalState({ name: 'follower' });
    const sees = ({ room }: Tab): string[] => [...room.awareness.getStates().values()].map((state) => String(state['name'])).sort();
    const all = ['follower', 'leader', 'other'];
    await until(
      () => [leader, follower].every((tab) => sees(tab).join() === all.join()),
      () => [sees(leader), sees(follower)],
    );
    store.isFailing = true;
    other.doc.getMap('m').set('k', 1);
    const troubled = ({ room: { status } }: Tab): boolean => status.kind === 'trouble' && status.code === 'STORAGE_UNAVAILABLE';
    await until(
      () => troubled(leader) && troubled(follower),
      () => [leader.room.status, follower.room.status],
    );
    const left = ({ room: { status } }: Tab): number => ('retryAtMs' in status ? (status.retryAtMs ?? NaN) : NaN) - performance.now();
    expect(Math.abs(left(leader) - left(follower))).toBeLessThan(1_000);
    store.isFailing = false;
    await until(() => leader.room.status.kind === 'saved' && follower.room.status.kind === 'saved');
    await relay.close();
    await until(
      () => [leader, follower].every((tab) => sees(tab).join() === 'follower,leader'),
      () => [sees(leader), sees(follower)],
    );
    relay = await startRelay({ store, port: relay.port });
  });

  it('[B3] a leader that dies with edits of a follower not acknowledged: the follower takes over, nothing is lost', async () => {
    const leader = browser.openTab({ url: relay.url });
    await leader.room.whenSynced;
    const follower = browser.openTab({ url: relay.url }).room;
    await follower.whenSynced;
    store.isHeld = true;
    follower.doc.getMap('m').set('k', 1);
    await until(() => leader.room.doc.getMap('m').get('k') === 1);
    expect(follower.status).toMatchObject({ kind: 'sending', waiting: 1 });
    leader.crash();
    store.isHeld = false;
    await until(
      () => joins === 2 && follower.status.kind === 'saved',
      () => follower.status,
    );
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
  });

  it('[B3] a new leader that missed edits while it was frozen asks for them', async () => {
    const first = browser.openTab({ url: relay.url });
    await first.room.whenSynced;
    const second = browser.openTab({ url: relay.url });
    await second.room.whenSynced;
    const third = browser.openTab({ url: relay.url }).room;
    await third.whenSynced;
    store.isHeld = true;
    second.deafen(true);
    third.doc.getMap('m').set('k', 1);
    await until(() => first.room.doc.getMap('m').get('k') === 1);
    await settle();
    second.deafen(false);
    first.crash();
    store.isHeld = false;
    await until(
      () => joins === 2 && third.status.kind === 'saved',
      () => [third.status, second.room.status],
    );
    expect(second.room.doc.getMap('m').get('k')).toBe(1);
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
  });

  it('[B3] a new leader that did not even hear the answer gets the edits once it is connected', async () => {
    const first = browser.openTab({ url: relay.url });
    await first.room.whenSynced;
    const second = browser.openTab({ url: relay.url });
    await second.room.whenSynced;
    const third = browser.openTab({ url: relay.url }).room;
    await third.whenSynced;
    second.deafen(true);
    first.crash();
    third.doc.getMap('m').set('k', 1);
    await until(() => joins === 2 && second.room.isSynced);
    second.deafen(false);
    relay.cut();
    await until(
      () => third.status.kind === 'saved',
      () => [third.status, second.room.status],
    );
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
  });

  it('[B3] a leader that missed an edit notices at the next, and claims nothing until it has both', async () => {
    const leader = browser.openTab({ url: relay.url });
    await leader.room.whenSynced;
    const follower = browser.openTab({ url: relay.url }).room;
    await follower.whenSynced;
    leader.deafen(true);
    follower.doc.getText('t').insert(0, 'ab');
    await settle();
    leader.deafen(false);
    expect(follower.status).toMatchObject({ kind: 'sending', waiting: 1 });
    follower.doc.getText('t').insert(2, 'c');
    await until(
      () => follower.status.kind === 'saved',
      () => follower.status,
    );
    expect((await relay.stored()).getText('t').toString()).toBe('abc');
  });

  it('[B4] a visible tab takes the socket from a hidden one', async () => {
    const a = browser.openTab({ url: relay.url });
    await a.room.whenSynced;
    const b = browser.openTab({ url: relay.url }, { isVisible: false });
    await b.room.whenSynced;
    expect(joins).toBe(1);
    a.hide();
    b.show();
    await until(
      () => joins === 2,
      () => [a.room.status, b.room.status],
    );
    b.room.doc.getMap('m').set('b', 1);
    a.room.doc.getMap('m').set('a', 1);
    await until(
      () => a.room.status.kind === 'saved' && b.room.status.kind === 'saved',
      () => [a.room.status, b.room.status],
    );
    expect((await relay.stored()).getMap('m').size).toBe(2);
  });

  it('[B5] without Web Locks each tab has its own socket and everything still holds', async () => {
    browser = startBrowser({ hasLocks: false });
    const a = browser.openTab({ url: relay.url }).room;
    const b = browser.openTab({ url: relay.url }).room;
    await Promise.all([a.whenSynced, b.whenSynced]);
    expect(joins).toBe(2);
    a.doc.getMap('m').set('a', 1);
    b.doc.getMap('m').set('b', 1);
    await until(
      () => a.status.kind === 'saved' && b.status.kind === 'saved' && a.doc.getMap('m').size === 2,
      () => [a.status, b.status],
    );
  });

  it('[B6] a refusal gives every tab a new document and makes one kept copy', async () => {
    await relay.close();
    relay = await startRelay({ store, port: relay.port, limits: { maxDocumentBytes: 20_000 } });
    const a = browser.openTab({ url: relay.url }).room;
    await a.whenSynced;
    const b = browser.openTab({ url: relay.url }).room;
    await b.whenSynced;
    a.doc.getMap('m').set('fits', 1);
    await until(() => a.status.kind === 'saved' && b.doc.getMap('m').size === 1);
    const old = [a.doc, b.doc];
    b.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(
      () => a.doc !== old[0] && b.doc !== old[1],
      () => [a.status, b.status],
    );
    await until(
      () => a.doc.getMap('m').size === 1 && b.doc.getMap('m').size === 1,
      () => [a.doc.getMap('m').toJSON(), b.doc.getMap('m').toJSON()],
    );
    expect(a.status).toMatchObject({ kind: 'refused', count: 1 });
    expect(b.status).toMatchObject({ kind: 'refused', count: 1 });
    await a.flush();
    const copies = await b.keptCopies();
    expect(copies).toHaveLength(1);
    const kept = new Y.Doc();
    Y.applyUpdate(kept, (await copies[0]?.load()) ?? new Uint8Array());
    expect(kept.getMap('m').get('too much')).toHaveLength(50_000);
  });
});

describe('a tab that was frozen while the document was given up', () => {
  it.each([
    ['by the next thing it hears', true],
    ['by what it finds on the device', false],
  ])('[B6] learns of it %s, loses nothing, and brings nothing of it back', async (_title, isHeard) => {
    await relay.close();
    relay = await startRelay({ store, port: relay.port, limits: { maxDocumentBytes: 20_000 } });
    const a = browser.openTab({ url: relay.url }).room;
    await a.whenSynced;
    const frozen = browser.openTab({ url: relay.url });
    await frozen.room.whenSynced;
    a.doc.getMap('m').set('fits', 1);
    await until(() => a.status.kind === 'saved' && frozen.room.doc.getMap('m').size === 1);
    const old = [a.doc, frozen.room.doc];
    frozen.deafen(true);
    await settle();
    a.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(() => a.doc !== old[0] && a.status.kind === 'refused');
    await a.flush();
    expect(frozen.room.doc).toBe(old[1]);
    if (isHeard) frozen.deafen(false);
    frozen.room.doc.getMap('m').set('drawn on the old one', 1);
    await until(
      () => frozen.room.doc !== old[1],
      () => frozen.room.status,
    );
    frozen.deafen(false);
    a.doc.getMap('m').set('goes on', 1);
    await until(
      () => frozen.room.doc.getMap('m').has('goes on') && a.doc.getMap('m').has('fits'),
      () => [frozen.room.doc.getMap('m').toJSON(), a.doc.getMap('m').toJSON()],
    );
    await Promise.all([a.flush(), frozen.room.flush()]);
    const copies = await Promise.all((await frozen.room.keptCopies()).map((copy) => copy.load()));
    const kept = new Y.Doc();
    copies.forEach((copy) => Y.applyUpdate(kept, copy));
    expect([...kept.getMap('m').keys()].sort()).toEqual(['drawn on the old one', 'fits', 'too much']);
    await closeAll();
    const next = browser.openTab({ url: relay.url }).room;
    await next.whenLoaded;
    expect(next.doc.getMap('m').toJSON()).toEqual({ fits: 1, 'goes on': 1 });
  });

  it('[B6] a tab that was frozen during a refusal learns of it from the others alone where the device keeps nothing', async () => {
    await relay.close();
    relay = await startRelay({ store, port: relay.port, limits: { maxDocumentBytes: 20_000 } });
    const a = browser.openTab({ url: relay.url, offline: false }).room;
    await a.whenSynced;
    const frozen = browser.openTab({ url: relay.url, offline: false });
    await frozen.room.whenSynced;
    a.doc.getMap('m').set('fits', 1);
    await until(() => a.status.kind === 'saved' && frozen.room.doc.getMap('m').size === 1);
    const old = [a.doc, frozen.room.doc];
    frozen.deafen(true);
    await settle();
    a.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(() => a.doc !== old[0] && a.doc.getMap('m').has('fits'));
    frozen.deafen(false);
    frozen.room.doc.getMap('m').set('drawn on the old one', 1);
    await until(() => frozen.room.doc !== old[1] && frozen.room.doc.getMap('m').has('fits'));
    const own = (await frozen.room.keptCopies()).find((copy) => copy.changes === 1 && copy.code === 'DOCUMENT_TOO_LARGE');
    expect(own).toBeDefined();
    frozen.room.doc.getMap('m').set('goes on', 1);
    await until(() => a.doc.getMap('m').has('goes on'));
    expect(a.doc.getMap('m').toJSON()).toEqual({ fits: 1, 'goes on': 1 });
  });

  it('[B6] a tab that opens on rows of the old document brings nothing of it back either', async () => {
    const first = browser.openTab({ url: relay.url }).room;
    await first.whenSynced;
    first.doc.getMap('m').set('old', 1);
    await first.flush();
    await until(() => first.status.kind === 'saved');
    const early = browser.openTab({ url: relay.url });
    early.deafen(true);
    await early.room.whenLoaded;
    await relay.close();
    store = createStubbornStore(); // The room is a new one there, and takes less.
    relay = await startRelay({ store, port: relay.port, limits: { maxDocumentBytes: 20_000 } });
    first.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(
      () => first.status.kind === 'refused',
      () => first.status,
      20_000,
    );
    early.deafen(false);
    first.doc.getMap('m').set('new', 1);
    await until(
      () => early.room.doc.getMap('m').has('new'),
      () => early.room.doc.getMap('m').toJSON(),
    );
    expect(early.room.doc.getMap('m').toJSON()).toEqual({ new: 1 });
    expect(early.room.status.kind).toBe('refused');
  });
});

/** Timers and channel messages that are due have run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the next life', () => {
  it('[S5] what was not acknowledged is still not saved after a reload, until the relay has it', async () => {
    await relay.close();
    const first = browser.openTab({ url: relay.url });
    await first.room.whenLoaded;
    first.room.doc.getMap('m').set('k', 1);
    first.room.doc.getText('t').insert(0, 'gone');
    first.room.doc.getText('t').delete(0, 4);
    const id = first.room.doc.clientID;
    await first.room.flush();
    first.crash();
    const second = browser.openTab({ url: relay.url }).room;
    await second.whenLoaded;
    expect(second.doc.getMap('m').get('k')).toBe(1);
    expect(second.doc.clientID).not.toBe(id);
    await until(
      () => second.status.kind === 'offline',
      () => second.status,
    );
    expect(second.status).toMatchObject({ kind: 'offline', waiting: 3, copy: 'kept' });
    second.doc.getMap('m').set('k', 2);
    expect(second.status).toMatchObject({ kind: 'offline', waiting: 4, copy: 'writing' });
    second.doc.getMap('m').set('k', 1);
    await until(() => second.status.kind === 'offline' && second.status.copy === 'kept');
    relay = await startRelay({ store, port: relay.port });
    await until(
      () => second.status.kind === 'saved',
      () => second.status,
      20_000,
    );
    await second.flush();
    await second.close();
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
    await relay.close();
    const third = browser.openTab({ url: relay.url }).room;
    await until(
      () => third.status.kind === 'offline',
      () => third.status,
    );
    expect(third.status).toMatchObject({ kind: 'offline', waiting: 0, copy: 'kept' });
    relay = await startRelay({ store, port: relay.port });
  });

  it('[C1] a client id that is already in the document is never used again', async () => {
    const createDoc = () => {
      const doc = new Y.Doc();
      doc.clientID = 77;
      return doc;
    };
    const first = browser.openTab({ url: relay.url, createDoc }).room;
    await first.whenLoaded;
    first.doc.getMap('m').set('k', 1);
    await until(
      () => first.status.kind === 'saved',
      () => first.status,
    );
    await first.close();
    const second = browser.openTab({ url: relay.url, createDoc }).room;
    second.awareness.setLocalState({ name: 'Ana' });
    await second.whenLoaded;
    expect(second.doc.clientID).not.toBe(77);
    expect(second.awareness.clientID).toBe(second.doc.clientID);
    expect(second.awareness.getLocalState()).toEqual({ name: 'Ana' });
  });

  it('[D6] blocked storage is memory-only with the relay, and nothing is lost', async () => {
    const blocked = {
      open: () => {
        throw new DOMException('no', 'SecurityError');
      },
    } as unknown as IDBFactory;
    const a = open({ url: relay.url, environment: { indexedDB: blocked } });
    await a.whenLoaded;
    a.doc.getMap('m').set('k', 1);
    await until(
      () => a.status.kind === 'unread' && a.status.storage === 'blocked' && a.status.waiting === 0 && a.isSynced,
      () => a.status,
    );
    expect(a.device).toEqual({ kind: 'memory-only', reason: 'blocked' });
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
  });
});
