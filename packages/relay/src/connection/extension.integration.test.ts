/** The extension `?wetink=1`: hello, authentication, acks, refusals, chunks, wet ink. */

import { limits as wire, splitIntoChunks, encodeMessage } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, pause, stock, storedDoc, until } from '../testing/harness.ts';
import { relayTrial } from '../testing/relay-trial.ts';
import { hurried } from '../testing/hurried.ts';

const trial = relayTrial();
const { clients, enter, restart } = trial;

const counts = (bare: Bare): number[] => bare.of('ack').map((ack) => ack.count);

describe('entering', () => {
  it('[RL51] hello comes first, before the room is loaded; welcome comes before the first SyncStep1', async () => {
    trial.store.held.load = true;
    const bare = new Bare(trial.relay.url, 'board', { isExtension: true });
    clients.push(bare);
    await until(() => bare.received.length > 0, 'hello');
    expect(bare.received).toEqual([
      { type: 'hello', version: 1, limits: { maxChunkBytes: wire.maxChunkBytes, maxMessageBytes: wire.maxMessageBytes } },
    ]);
    bare.send({ type: 'authenticate', clientId: 7, token: '' });
    await until(() => bare.of('welcome').length > 0, 'welcome');
    trial.store.held.load = false;
    await until(() => bare.of('sync-step-1').length > 0, 'question');
    expect(bare.received.map((message) => message.type)).toEqual(['hello', 'welcome', 'sync-step-1']);
  });

  it('[RL52] messages that a client sends before it has seen hello are kept, and answered after welcome', async () => {
    const bare = await new Bare(trial.relay.url, 'board', { isExtension: true }).opened();
    clients.push(bare);
    bare.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) }, { type: 'authenticate', clientId: 7, token: '' });
    await until(() => bare.of('sync-step-2').length > 0, 'answer');
    expect(bare.received.map((message) => message.type)).toEqual(['hello', 'welcome', 'sync-step-1', 'sync-step-2']);
  });

  it('[RL52] a client that floods before authenticating, or never authenticates, is closed', async () => {
    const flood = await new Bare(trial.relay.url, 'board', { isExtension: true }).opened();
    clients.push(flood);
    for (let i = 0; i < 100; i++) flood.send({ type: 'query-awareness' });
    await until(() => flood.closed !== null, 'close');
    expect(flood.closed?.code).toBe(4401);
    await restart({ schedule: hurried, limits: { authTimeoutMs: 100 } });
    const silent = new Bare(trial.relay.url, 'board', { isExtension: true });
    clients.push(silent);
    await until(() => silent.closed !== null, 'close');
    expect(silent.closed?.code).toBe(4514);
  });

  it('[RL53] the client gets what authorize answers as welcome, and its refusal as a close', async () => {
    await restart({
      authorize: async ({ token, room }) => {
        if (token === 'broken') throw new Error('directory is away');
        if (token === '') return { ok: false, code: 'UNAUTHENTICATED' };
        return { ok: true, role: token === 'look' ? 'viewer' : 'editor', userId: `${token.slice(0, 3)}@${room}` };
      },
    });
    const ana = await enter(1, { token: 'ana' });
    expect(ana.of('welcome')).toEqual([{ type: 'welcome', role: 'editor', userId: 'ana@board' }]);
    ana.send({ type: 'authenticate', clientId: 1, token: 'ana2' });
    await until(() => ana.of('welcome').length === 2, 'second welcome');
    const guest = await enter(2, { token: '' });
    expect(guest.closed).toEqual({ code: 4401, reason: 'Please sign in to open this board.' });
    const broken = await enter(3, { token: 'broken' });
    expect(broken.closed?.code).toBe(1011);
    const base = stock(trial.relay.url, 'board', new Y.Doc(), { params: { token: 'ben' } });
    clients.push(base);
    await until(() => base.provider.synced, 'sync');
  });
});

describe('acks', () => {
  it('[RL12] no message is acknowledged before the store has confirmed it', async () => {
    const ana = await enter(1);
    const doc = new Y.Doc();
    trial.store.held.append = true;
    for (let i = 0; i < 3; i++) ana.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, i)) });
    await until(() => trial.store.calls.append > 0, 'append');
    await pause(30);
    expect(counts(ana)).toEqual([]);
    trial.store.held.append = false;
    await until(() => counts(ana).at(-1) === 3, 'ack');
    expect((await storedDoc(trial.store, 'board')).getMap('m').size).toBe(3);
  });

  it('[RL12] other members get a change before the store has it', async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    trial.store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('k', 1)) });
    await until(() => ben.of('update').length === 1, 'fan-out');
    expect(counts(ana)).toEqual([]);
  });

  it('[RL14] a message that changes nothing is acknowledged once what came before it is durable', async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    const update = change(new Y.Doc(), (d) => d.getMap('m').set('k', 1));
    trial.store.held.append = true;
    ana.send({ type: 'update', update });
    await until(() => ben.of('update').length === 1, 'fan-out');
    ben.send({ type: 'sync-step-2', update });
    await pause(30);
    expect([counts(ana), counts(ben)]).toEqual([[], []]);
    trial.store.held.append = false;
    await until(() => counts(ana).length === 1 && counts(ben).length === 1, 'acks');
    expect(ana.of('update')).toEqual([]);
  });

  it('[RL13] the predecessors of a change are asked for; the change is acknowledged and passed on only when its hole is filled', async () => {
    const doc = new Y.Doc();
    const first = change(doc, (d) => d.getText('t').insert(0, 'a'));
    const second = change(doc, (d) => d.getText('t').insert(1, 'b'));
    const ana = await enter(1);
    const ben = await enter(2);
    await until(() => ana.of('sync-step-1').length === 1, 'greeting');
    ana.send({ type: 'update', update: second });
    await until(() => ana.of('sync-step-1').length === 2, 'question');
    await pause(30);
    expect([counts(ana), ben.of('update'), trial.store.calls.append]).toEqual([[], [], 0]);
    ana.send({ type: 'sync-step-2', update: first });
    await until(() => counts(ana).at(-1) === 2, 'ack of both');
    expect((await storedDoc(trial.store, 'board')).getText('t').toString()).toBe('ab');
    await until(() => ben.of('update').length > 0, 'fan-out');
    const seen = new Y.Doc();
    for (const { update } of ben.of('update')) Y.applyUpdate(seen, update);
    expect(seen.getText('t').toString()).toBe('ab');
  });

  it('[RL13] a member that fills the hole of another member’s change gets that change', async () => {
    const doc = new Y.Doc();
    const first = change(doc, (d) => d.getText('t').insert(0, 'a'));
    const second = change(doc, (d) => d.getText('t').insert(1, 'b'));
    const ana = await enter(1);
    const ben = await enter(2);
    ana.send({ type: 'update', update: second });
    await until(() => ana.of('sync-step-1').length === 2, 'question');
    ben.send({ type: 'update', update: first });
    await until(() => counts(ana).at(-1) === 1 && counts(ben).at(-1) === 1, 'acks');
    await until(() => ben.of('update').length > 0, 'fan-out');
    const seen = new Y.Doc();
    for (const update of [first, ...ben.of('update').map((message) => message.update)]) Y.applyUpdate(seen, update);
    expect(seen.getText('t').toString()).toBe('ab');
  });

  it('[RL13] deletions of structs that have not come yet wait too', async () => {
    const doc = new Y.Doc();
    const first = change(doc, (d) => d.getText('t').insert(0, 'abc'));
    const before = Y.encodeStateVector(doc);
    doc.getText('t').delete(1, 1);
    const deletion = Y.encodeStateAsUpdate(doc, before);
    const ana = await enter(1);
    ana.send({ type: 'update', update: deletion });
    await pause(30);
    expect(counts(ana)).toEqual([]);
    ana.send({ type: 'update', update: first });
    await until(() => counts(ana).at(-1) === 2, 'ack');
    expect((await storedDoc(trial.store, 'board')).getText('t').toString()).toBe('ac');
  });

  it('[RL15] pending structs beyond the bound of bytes or time are dropped, and their sender is closed to come back with everything', async () => {
    await restart({ limits: { maxPendingBytes: 1_000 } });
    const doc = new Y.Doc();
    change(doc, (d) => d.getText('t').insert(0, 'hole'));
    const late = change(doc, (d) => d.getText('t').insert(4, 'x'.repeat(5_000)));
    const ana = await enter(1);
    const ben = await enter(2);
    ana.send({ type: 'update', update: late });
    await until(() => ana.closed !== null, 'close');
    expect(ana.closed?.code).toBe(4511);
    await restart({ schedule: hurried, limits: { pendingMs: 50 } });
    const again = await enter(1);
    again.send({ type: 'update', update: late });
    await until(() => again.closed !== null, 'close');
    expect(again.closed?.code).toBe(4511);
    expect(ben.of('update')).toEqual([]);
    expect((await trial.store.load('board')).updates).toEqual([]);
  });
});

describe('refusals', () => {
  it('[RL40] a viewer gets no SyncStep1 and sees everything; its changes are refused and never stored', async () => {
    await restart({ authorize: async ({ token }) => ({ ok: true, role: token === 'look' ? 'viewer' : 'editor', userId: token }) });
    const editor = await enter(1, { token: 'edit' });
    const viewer = await enter(2, { token: 'look' });
    const update = change(new Y.Doc(), (d) => d.getMap('m').set('k', 1));
    editor.send({ type: 'update', update });
    await until(() => viewer.of('update').length === 1 && counts(editor).length === 1, 'fan-out');
    expect(viewer.of('sync-step-1')).toEqual([]);
    viewer.send({ type: 'sync-step-2', update });
    await until(() => counts(viewer).at(-1) === 1, 'ack of what changes nothing');
    viewer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('evil', 1)) });
    await until(() => viewer.of('refused').length === 1, 'refusal');
    expect(viewer.of('refused')).toEqual([{ type: 'refused', count: 2, code: 'READ_ONLY' }]);
    viewer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('evil', 2)) });
    editor.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('more', 1)) });
    await until(() => viewer.of('update').length === 2, 'still looking');
    expect(viewer.closed).toBe(null);
    expect(editor.of('update')).toEqual([]);
    expect([...(await storedDoc(trial.store, 'board')).getMap('m').keys()].sort()).toEqual(['k', 'more']);
    const base = stock(trial.relay.url, 'board', new Y.Doc(), { params: { token: 'look' } });
    clients.push(base);
    await until(() => base.provider.synced, 'sync');
    base.doc.getMap('m').set('evil', 3);
    await pause(50);
    expect(base.provider.wsconnected).toBe(true);
    expect((await storedDoc(trial.store, 'board')).getMap('m').has('evil')).toBe(false);
  });

  it('[RL41] a full document takes no more changes, but a message it already contains is still acknowledged', async () => {
    await restart({ limits: { maxDocumentBytes: 3_000 } });
    const ana = await enter(1);
    const doc = new Y.Doc();
    const fits = change(doc, (d) => d.getText('t').insert(0, 'x'.repeat(2_000)));
    ana.send({ type: 'update', update: fits });
    await until(() => counts(ana).at(-1) === 1, 'ack');
    ana.send({ type: 'sync-step-2', update: fits });
    await until(() => counts(ana).at(-1) === 2, 'ack of what it has');
    ana.send({ type: 'update', update: change(doc, (d) => d.getText('t').insert(0, 'y'.repeat(2_000))) });
    await until(() => ana.of('refused').length === 1, 'refusal');
    expect(ana.of('refused')[0]).toEqual({ type: 'refused', count: 3, code: 'DOCUMENT_TOO_LARGE' });
  });
});

describe('chunks', () => {
  it('[RL24] a long message sent in chunks is one message with one ack; a long answer comes as chunks', async () => {
    const doc = new Y.Doc();
    for (let i = 0; i < 200; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(10_000).fill(i));
    const message = encodeMessage({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) });
    const ana = await enter(1);
    for (const chunk of splitIntoChunks(message, 1, wire.maxChunkBytes)) ana.ws.send(chunk);
    await until(() => counts(ana).length > 0, 'ack');
    expect(counts(ana)).toEqual([1]);
    const ben = await enter(2);
    ben.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await until(() => ben.of('chunk').reduce((sum, chunk) => sum + chunk.bytes.length, 0) === ben.of('chunk')[0]?.total, 'all chunks');
    expect(Math.max(...ben.frames.map((frame) => frame.length))).toBeLessThanOrEqual(wire.maxChunkBytes + 32);
    const base = stock(trial.relay.url, 'board');
    clients.push(base);
    await until(() => base.provider.synced, 'one message for a stock client');
    expect(base.doc.getMap('m').size).toBe(200);
  });

  it('[RL24] a joined message above its limit closes its sender for good', async () => {
    await restart({ limits: { maxMessageBytes: 300_000 } });
    const ana = await enter(1);
    ana.send({ type: 'chunk', id: 1, offset: 0, total: 300_001, bytes: new Uint8Array(10) });
    await until(() => ana.closed !== null, 'close');
    expect(ana.closed?.code).toBe(4413);
  });
});

describe('wet ink', () => {
  const piece = (clientId: number, index: number) => ({
    type: 'wet' as const,
    clientId,
    gesture: 's.1',
    index,
    isEnd: false,
    payload: new Uint8Array([index]),
  });

  it('[RL36] wet ink reaches extension clients but not stock ones or its author; pieces of one tick share a frame, in order', async () => {
    await restart({ limits: { tickMinMs: 40, tickMaxMs: 40 } });
    const ana = await enter(1);
    const ben = await enter(2);
    const base = await new Bare(trial.relay.url, 'board').opened();
    clients.push(base);
    ana.send(piece(1, 0));
    await until(() => ben.of('wet').length === 1, 'first piece');
    const framesBefore = ben.frames.length;
    for (let i = 1; i <= 5; i++) ana.send(piece(1, i));
    await until(() => ben.of('wet').length === 6, 'all pieces');
    expect(ben.of('wet').map((wet) => wet.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(ben.frames.length - framesBefore).toBe(1);
    expect([ana.of('wet'), base.received.filter((message) => message.type === 'unknown')]).toEqual([[], []]);
  });

  it('[RL36] two members that draw at once get each other’s wet ink and never their own', async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    ana.send(piece(1, 0));
    ben.send(piece(2, 0));
    await until(() => ana.of('wet').length === 1 && ben.of('wet').length === 1, 'ink');
    expect([ana.of('wet')[0]?.clientId, ben.of('wet')[0]?.clientId]).toEqual([2, 1]);
  });

  it("[RL36] wet ink under another member's client id is dropped", async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    ana.send(piece(2, 0), piece(3, 0), piece(1, 7));
    await until(() => ben.of('wet').length > 0, 'ink');
    expect(ben.of('wet').map((wet) => wet.clientId)).toEqual([1]);
  });
});
