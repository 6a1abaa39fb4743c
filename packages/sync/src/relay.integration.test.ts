/** Against the real relay, in this process, with a memory store. */
import type { Role } from '@wetink/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { environmentOf, type Environment, type SocketConstructor } from './environment.ts';
import { createStubbornStore, startRelay, type TestRelay } from './fixtures/relay.ts';
import { closeAll, hurried, open, until } from './fixtures/rooms.ts';
import { FORGET_AFTER_RENEWALS, RENEW_MS } from './presence.ts';
import type { Room, TokenRequest } from './types.ts';

let relay: TestRelay;
let store: ReturnType<typeof createStubbornStore>;
beforeEach(async () => {
  store = createStubbornStore();
  relay = await startRelay({ store });
});
afterEach(async () => {
  store.isHeld = false;
  await closeAll();
  await relay.close();
});

describe('saved', () => {
  it('[S1] the status is saved only once the relay has made the change durable', async () => {
    const a = open({ url: relay.url });
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    store.isHeld = true;
    a.doc.getMap('m').set('k', 1);
    expect(a.status).toMatchObject({ kind: 'sending', waiting: 1 });
    const b = open({ url: relay.url });
    await until(() => b.doc.getMap('m').get('k') === 1);
    expect(a.status).toMatchObject({ kind: 'sending', waiting: 1 });
    store.isHeld = false;
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    expect((await relay.stored()).getMap('m').get('k')).toBe(1);
  });

  it('[S2] an offline deletion counts, although state vectors are equal', async () => {
    const a = open({ url: relay.url });
    a.doc.getText('t').insert(0, 'hello');
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    const vector = Y.encodeStateVector(a.doc);
    relay.cut();
    await until(() => a.link !== 'open');
    a.doc.getText('t').delete(0, 5);
    expect(Y.encodeStateVector(a.doc)).toEqual(vector);
    expect(a.status).toMatchObject({ kind: 'offline', waiting: 1, copy: 'none' });
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    expect((await relay.stored()).getText('t').toString()).toBe('');
  });

  it('[S3] a message cut off before its ack is sent again and changes nothing twice', async () => {
    const a = open({ url: relay.url, environment: { schedule: hurried } });
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    for (let round = 0; round < 5; round++) {
      store.isHeld = true;
      a.doc.getArray('list').push([round]);
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      relay.cut();
      store.isHeld = false;
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
    }
    expect((await relay.stored()).getArray('list').toJSON()).toEqual([0, 1, 2, 3, 4]);
  });

  it('[S4] everything survives a relay restart while both sides draw', async () => {
    const a = open({ url: relay.url });
    const b = open({ url: relay.url });
    await Promise.all([a.whenSynced, b.whenSynced]);
    a.doc.getMap('m').set('a', 1);
    await relay.close();
    await until(() => a.link !== 'open' && b.link !== 'open');
    a.doc.getMap('m').set('a', 2);
    b.doc.getMap('m').set('b', 3);
    relay = await startRelay({ store, port: relay.port });
    await until(
      () => a.status.kind === 'saved' && b.status.kind === 'saved',
      () => [a.status, b.status],
      20_000,
    );
    await until(() => a.doc.getMap('m').size === 2 && b.doc.getMap('m').size === 2);
    expect(Y.encodeStateAsUpdate(a.doc)).toEqual(Y.encodeStateAsUpdate(b.doc));
    expect((await relay.stored()).getMap('m').toJSON()).toEqual({ a: 2, b: 3 });
  });
});

it('[L5] a document far above a chunk goes up and comes down whole', async () => {
  const a = open({ url: relay.url });
  a.doc.getMap('m').set('big', new Uint8Array(3_000_000).fill(7));
  await until(
    () => a.status.kind === 'saved',
    () => a.status,
    15_000,
  );
  a.doc.getMap('m').set('big2', new Uint8Array(1_000_000).fill(8));
  await until(
    () => a.status.kind === 'saved',
    () => a.status,
    15_000,
  );
  const b = open({ url: relay.url });
  await b.whenSynced;
  expect((b.doc.getMap('m').get('big') as Uint8Array).length).toBe(3_000_000);
  expect((b.doc.getMap('m').get('big2') as Uint8Array).length).toBe(1_000_000);
});

it('[A1] presence and wet ink reach the others, wet ink is never echoed', async () => {
  const a = open({ url: relay.url });
  const b = open({ url: relay.url });
  await Promise.all([a.whenSynced, b.whenSynced]);
  a.awareness.setLocalState({ name: 'Ana' });
  await until(() => b.awareness.getStates().get(a.doc.clientID)?.['name'] === 'Ana');
  const seen: unknown[] = [];
  const echoed: unknown[] = [];
  b.onWet((message) => seen.push(message));
  a.onWet((message) => echoed.push(message));
  a.sendWet({ gesture: 's.1', index: 0, isEnd: false, payload: new Uint8Array([1, 2]) });
  await until(() => seen.length === 1);
  expect(seen).toMatchObject([{ clientId: a.doc.clientID, gesture: 's.1', index: 0, isEnd: false }]);
  expect(echoed).toEqual([]);
  await a.close();
  await until(() => b.awareness.getStates().size === 1);
});

it('[A4] [A9] a hidden page sends nothing more, and its person stays here until the relay says otherwise', async () => {
  const sent: unknown[] = [];
  class CountingSocket extends WebSocket {
    override send(data: never): void {
      sent.push(data);
      super.send(data);
    }
  }
  const page = { ...environmentOf().page, isVisible: () => false };
  let renewals = 0;
  /** Renewals are due every 5 ms. */
  const schedule: Environment['schedule'] = (task, delayMs) => {
    if (delayMs === RENEW_MS) renewals += 1;
    const timer = setTimeout(task, delayMs === RENEW_MS ? 5 : delayMs);
    return () => clearTimeout(timer);
  };
  const hidden = open({ url: relay.url, environment: { page, schedule, WebSocket: CountingSocket as unknown as SocketConstructor } });
  const other = open({ url: relay.url, environment: { schedule } });
  await Promise.all([hidden.whenSynced, other.whenSynced]);
  hidden.awareness.setLocalState({ name: 'Ana', isAway: true });
  const shown = (): unknown => other.awareness.getStates().get(hidden.doc.clientID);
  await until(() => (shown() as { isAway?: boolean } | undefined)?.isAway === true);
  sent.length = renewals = 0;
  await until(() => renewals > 6 * FORGET_AFTER_RENEWALS);
  expect(sent).toEqual([]);
  expect(shown()).toEqual({ name: 'Ana', isAway: true });
  await hidden.close();
  await until(() => shown() === undefined);
});

describe('roles', () => {
  it('[R1] a viewer learns its role, sees everything, and sends no edit', async () => {
    const guarded = await startRelay({
      authorize: async ({ token }) => ({ ok: true, role: token === 'pen' ? 'editor' : 'viewer', userId: token }),
    });
    try {
      const writer = open({ url: guarded.url, getToken: async () => 'pen' });
      const reader = open({ url: guarded.url });
      writer.doc.getMap('m').set('k', 1);
      await until(
        () => reader.doc.getMap('m').get('k') === 1,
        () => reader.status,
      );
      expect(reader.status).toMatchObject({ kind: 'read-only', waiting: 0 });
      expect(reader.role).toBe('viewer');
      let wasReplaced = false;
      reader.onReplaced(() => (wasReplaced = true));
      reader.doc.getMap('m').set('mine', 1);
      writer.doc.getMap('m').set('k', 2);
      await until(() => reader.doc.getMap('m').get('k') === 2);
      expect(writer.doc.getMap('m').has('mine')).toBe(false);
      expect(wasReplaced).toBe(false);
      await closeAll();
    } finally {
      await guarded.close();
    }
  });

  describe('somebody who may write no more', () => {
    const rights = { role: 'editor' as Role };
    let guarded: TestRelay;
    beforeEach(async () => {
      rights.role = 'editor';
      guarded = await startRelay({ store, authorize: async () => ({ ok: true, role: rights.role, userId: 'ana' }) });
    });
    afterEach(async () => {
      await closeAll();
      await guarded.close();
    });
    /** Has the same effect as an owner who takes the pen away; here the client asks for its new role. */
    async function takePenFrom(room: Room): Promise<void> {
      rights.role = 'viewer';
      room.refreshToken();
      await until(() => room.role === 'viewer');
    }

    it('[R2] a client that may write no more keeps what was saved before, and what was under way becomes a kept copy', async () => {
      const a = open({ url: guarded.url });
      a.doc.getMap('m').set('before', 1);
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      const replaced: number[] = [];
      a.onReplaced(({ kept }) => replaced.push(kept.changes));
      await takePenFrom(a);
      expect(a.status).toMatchObject({ kind: 'read-only', waiting: 0 });
      a.doc.getMap('m').set('after', 2);
      expect(a.status).toMatchObject({ kind: 'read-only', waiting: 1 });
      await until(
        () => replaced.length === 1 && a.doc.getMap('m').get('before') === 1,
        () => a.status,
      );
      expect(replaced).toEqual([1]);
      expect(a.status).toMatchObject({ kind: 'refused', count: 1, code: 'READ_ONLY' });
      expect(a.doc.getMap('m').toJSON()).toEqual({ before: 1 });
      const [copy] = await a.keptCopies();
      const kept = new Y.Doc();
      Y.applyUpdate(kept, (await copy?.load()) ?? new Uint8Array());
      expect(kept.getMap('m').toJSON()).toEqual({ before: 1, after: 2 });
      await copy?.discard();
      expect(a.status).toMatchObject({ kind: 'read-only', waiting: 0 });
      expect((await guarded.stored()).getMap('m').toJSON()).toEqual({ before: 1 });
    });

    it('[R2] when a client that was offline may write no more, what the relay never had becomes a kept copy', async () => {
      const a = open({ url: guarded.url });
      a.doc.getMap('m').set('before', 1);
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      guarded.cut();
      await until(() => a.link !== 'open');
      rights.role = 'viewer';
      a.doc.getMap('m').set('offline', 2);
      await until(
        () => a.status.kind === 'refused' && a.isSynced,
        () => a.status,
      );
      expect(a.status).toMatchObject({ kind: 'refused', count: 1, code: 'READ_ONLY' });
      expect(a.doc.getMap('m').toJSON()).toEqual({ before: 1 });
      expect((await guarded.stored()).getMap('m').toJSON()).toEqual({ before: 1 });
    });

    it('[R2] when a client may write no more, what the relay has, though its ack was lost, is saved and no copy', async () => {
      const a = open({ url: guarded.url });
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      const other = open({ url: guarded.url });
      await other.whenSynced;
      store.isHeld = true;
      a.doc.getMap('m').set('sent', 1);
      await until(() => other.doc.getMap('m').get('sent') === 1);
      rights.role = 'viewer';
      guarded.cut();
      await until(
        () => a.role === 'viewer' && a.isSynced,
        () => a.status,
      );
      store.isHeld = false;
      await until(
        () => a.status.kind === 'read-only' && a.status.waiting === 0,
        () => a.status,
      );
      expect(await a.keptCopies()).toEqual([]);
      expect((await guarded.stored()).getMap('m').toJSON()).toEqual({ sent: 1 });
    });

    it('[R2] a client gets the pen back without a new connection, and goes on in the same document', async () => {
      const a = open({ url: guarded.url });
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      const { doc } = a;
      await takePenFrom(a);
      rights.role = 'editor';
      a.refreshToken();
      await until(() => a.role === 'editor' && a.status.kind === 'saved');
      const told: unknown[] = [];
      a.onStatus(() => told.push(a.role));
      rights.role = 'owner';
      a.refreshToken();
      await until(() => told.length > 0);
      expect([told, a.status.kind]).toEqual([['owner'], 'saved']);
      a.doc.getMap('m').set('again', 1);
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      expect(a.doc).toBe(doc);
      expect((await guarded.stored()).getMap('m').toJSON()).toEqual({ again: 1 });
    });
  });

  it('[L7] a new token is sent on the open link, also one requested while the first was being fetched', async () => {
    const seen: string[] = [];
    const guarded = await startRelay({
      authorize: async ({ token }) => {
        if (token !== 'Ben') seen.push(token);
        return { ok: true, role: 'editor', userId: token === 'Ben' ? 'ben' : 'ana', user: { name: token } };
      },
    });
    try {
      const ben = open({ url: guarded.url, getToken: async () => 'Ben' });
      let name = 'Ana';
      let hasAsked = false;
      const a = open({
        url: guarded.url,
        getToken: async () => {
          const token = name;
          if (!hasAsked) a.refreshToken(); // No link is open yet: the next one asks anyway.
          hasAsked = true;
          return token;
        },
      });
      await a.whenSynced;
      a.awareness.setLocalState({ user: {} });
      const shownName = (): unknown => (ben.awareness.getStates().get(a.doc.clientID)?.['user'] as { name?: unknown } | undefined)?.name;
      await until(() => shownName() === 'Ana');
      name = 'Anna';
      a.refreshToken();
      name = 'Annie';
      a.refreshToken();
      await until(
        () => seen.length === 3,
        () => seen,
      );
      expect(seen).toEqual(['Ana', 'Anna', 'Annie']);
      await until(() => shownName() === 'Annie', shownName);
      expect(a.isSynced).toBe(true);
      await closeAll();
    } finally {
      await guarded.close();
    }
  });

  it('[L4] a token that is about to end is replaced on the open link, while a person draws', async () => {
    const seen: string[] = [];
    // A relay says so a minute before.
    const leftMs = { first: 2_000, second: 600_000 };
    const guarded = await startRelay({
      authorize: async ({ token }) => {
        seen.push(token);
        return { ok: true, role: 'editor', userId: 'ana', expiresAtMs: Date.now() + leftMs[token as 'first'] };
      },
    });
    try {
      const a = open({ url: guarded.url, getToken: async ({ mustBeFresh }) => (mustBeFresh ? 'second' : 'first') });
      await a.whenSynced;
      const kinds = new Set<string>();
      a.onStatus(({ kind }) => kinds.add(kind));
      while (seen.length < 2) {
        a.doc.getArray('list').push([1]);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      a.doc.getArray('list').push([2]);
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      expect(seen).toEqual(['first', 'second']);
      expect([...kinds].sort()).toEqual(['saved', 'sending']);
      expect((await guarded.stored()).getArray('list').length).toBe(a.doc.getArray('list').length);
      await closeAll();
    } finally {
      await guarded.close();
    }
  });

  it('[L4] a token that has ended costs the link and nothing else', async () => {
    const endsAtMs = Date.now() + 300;
    const asked: boolean[] = [];
    const guarded = await startRelay({
      authorize: async ({ token }) => {
        const isOver = token === 'first' && Date.now() >= endsAtMs;
        if (isOver) return { ok: false, code: 'UNAUTHENTICATED', reason: 'token_expired' };
        return { ok: true, role: 'editor', userId: 'ana', expiresAtMs: token === 'first' ? endsAtMs : Date.now() + 600_000 };
      },
    });
    try {
      // `getToken` has no other before this one has ended.
      const getToken = async ({ mustBeFresh }: TokenRequest): Promise<string> => {
        const isReady = Date.now() > endsAtMs;
        asked.push(mustBeFresh);
        return isReady ? 'second' : 'first';
      };
      const a = open({ url: guarded.url, getToken });
      await a.whenSynced;
      await until(() => a.link !== 'open');
      a.doc.getMap('m').set('meanwhile', 1);
      await until(
        () => a.status.kind === 'saved',
        () => a.status,
      );
      expect(asked.length).toBeLessThan(20);
      expect(asked.slice(-1)).toEqual([true]);
      expect((await guarded.stored()).getMap('m').toJSON()).toEqual({ meanwhile: 1 });
      await closeAll();
    } finally {
      await guarded.close();
    }
  });

  it('[L4] a permanent refusal of the connection ends in an error with a sentence; a fresh token is tried once', async () => {
    const asked: boolean[] = [];
    const guarded = await startRelay({ authorize: async () => ({ ok: false, code: 'UNAUTHENTICATED' }) });
    try {
      const a = open({ url: guarded.url, getToken: async ({ mustBeFresh }) => `token ${asked.push(mustBeFresh)}` });
      await until(
        () => a.status.kind === 'error',
        () => a.status,
      );
      expect(a.status).toMatchObject({ kind: 'error', code: 'UNAUTHENTICATED' });
      expect(asked).toEqual([false, true]);
      expect(a.link).toBe('closed');
      await closeAll();
    } finally {
      await guarded.close();
    }
  });
});

it('[F1] a refused change becomes a kept copy and the room goes on in a new document', async () => {
  const small = await startRelay({ limits: { maxDocumentBytes: 20_000 } });
  try {
    const a = open({ url: small.url });
    a.doc.getMap('m').set('fits', 1);
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    const before = a.doc;
    const replaced: { doc: Y.Doc; changes: number }[] = [];
    a.onReplaced(({ doc, kept }) => replaced.push({ doc, changes: kept.changes }));
    a.awareness.setLocalState({ name: 'Ana' });
    a.doc.getMap('m').set('too much', 'x'.repeat(50_000));
    await until(
      () => replaced.length === 1,
      () => a.status,
    );
    expect(a.doc).not.toBe(before);
    expect(a.doc.clientID).not.toBe(before.clientID);
    expect(replaced).toEqual([{ doc: a.doc, changes: 1 }]);
    expect(a.awareness.getLocalState()).toEqual({ name: 'Ana' });
    await until(
      () => a.doc.getMap('m').get('fits') === 1,
      () => a.status,
    );
    expect(a.status).toMatchObject({ kind: 'refused', count: 1 });
    const [copy] = await a.keptCopies();
    const kept = new Y.Doc();
    Y.applyUpdate(kept, (await copy?.load()) ?? new Uint8Array());
    expect(kept.getMap('m').get('too much')).toHaveLength(50_000);
    a.doc.getMap('m').set('after', 2);
    await copy?.discard();
    await until(
      () => a.status.kind === 'saved',
      () => a.status,
    );
    expect((await small.stored()).getMap('m').toJSON()).toEqual({ fits: 1, after: 2 });
    await closeAll();
  } finally {
    await small.close();
  }
});

it('[F2] more under our own client id than we ever made: a new document before any edit is lost', async () => {
  const a = open({ url: relay.url });
  a.doc.getMap('m').set('mine', 1);
  await until(
    () => a.status.kind === 'saved',
    () => a.status,
  );
  relay.cut();
  await until(() => a.link !== 'open');
  const forger = new Y.Doc();
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(a.doc));
  forger.clientID = a.doc.clientID;
  forger.getArray('forged').push([1, 2, 3, 4, 5]);
  const c = open({ url: relay.url });
  Y.applyUpdate(c.doc, Y.encodeStateAsUpdate(forger));
  a.doc.getMap('m').set('while away', 2);
  const before = a.doc;
  await until(
    () => a.doc !== before,
    () => [a.status, a.link],
  );
  await until(() => a.doc.getMap('m').get('mine') === 1);
  expect(a.doc.clientID).not.toBe(before.clientID);
  expect(a.status).toMatchObject({ kind: 'refused', code: 'FOREIGN_CLIENT' });
  const [copy] = await a.keptCopies();
  const kept = new Y.Doc();
  Y.applyUpdate(kept, (await copy?.load()) ?? new Uint8Array());
  expect(kept.getMap('m').get('while away')).toBe(2);
});

it('[E1] close is final, may come twice, and leaves the document usable', async () => {
  const a = open({ url: relay.url });
  a.doc.getMap('m').set('k', 1);
  await until(
    () => a.status.kind === 'saved',
    () => a.status,
  );
  await a.close();
  await a.close();
  a.doc.getMap('m').set('after close', 2);
  expect(a.doc.getMap('m').size).toBe(2);
});
