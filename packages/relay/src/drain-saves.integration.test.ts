/** A relay that drains saves all changes, or says how much it could not save. */

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, pause, stock, storedDoc, until } from './testing/harness.ts';
import { relayTrial } from './testing/relay-trial.ts';

const trial = relayTrial();
const { clients, enter, restart } = trial;

describe('drain', () => {
  it('[RL60] a draining relay takes no new sockets, closes all clients with 1012, and makes everything durable', async () => {
    await restart({ limits: { drainSpreadMs: 60 } });
    const ana = await enter(1);
    const base = stock(trial.relay.url, 'board');
    clients.push(base);
    await until(() => base.provider.synced, 'sync');
    trial.store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => trial.store.calls.append > 0, 'append');
    const drained = trial.relay.relay.drain({ deadlineMs: 5_000 });
    expect(trial.relay.relay.isReady).toBe(false);
    await until(() => ana.closed !== null && base.closes.length > 0, 'closes');
    expect([ana.closed?.code, base.closes[0]?.code]).toEqual([1012, 1012]);
    expect(ana.of('reconnect')).toHaveLength(1);
    const late = new Bare(trial.relay.url, 'board');
    await until(() => late.error !== null, 'refusal');
    expect(late.error?.message).toContain('503');
    trial.store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(trial.store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
    base.provider.disconnect();
  });

  it('[RL60] a room that was about to unload still saves its waiting changes in a drain', async () => {
    await restart({ limits: { drainSpreadMs: 0, unloadDelayMs: 0 } });
    const ana = await enter(1);
    trial.store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => trial.store.calls.append > 0, 'append');
    ana.close();
    await pause(30);
    const drained = trial.relay.relay.drain({ deadlineMs: 5_000 });
    trial.store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(trial.store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
  });

  it('[RL61] the drain deadline holds when the store hangs, and the unsaved bytes are reported', async () => {
    await restart({ limits: { drainSpreadMs: 0 } });
    const ana = await enter(1);
    trial.store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => trial.store.calls.append > 0, 'append');
    const { unsavedBytes } = await trial.relay.relay.drain({ deadlineMs: 100 });
    expect(unsavedBytes).toBeGreaterThan(0);
    expect(ana.of('ack')).toEqual([]);
  });
});
