/** Against a server as y-websocket users run it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeAll, hurried, open, until } from './fixtures/rooms.ts';
import { startStockServer, type StockServer } from './fixtures/stock-server.ts';

let server: StockServer;
beforeEach(async () => {
  server = await startStockServer();
});
afterEach(async () => {
  await closeAll();
  await server.close();
});

describe('a stock server', () => {
  it('[L2] a stock server is recognised by its first message; documents sync both ways and the status is sent, never saved', async () => {
    server.room('test').doc.getMap('m').set('before', 1);
    const a = open({ url: server.url });
    const kinds = new Set<string>();
    a.onStatus((status) => kinds.add(status.kind));
    a.doc.getMap('m').set('offline', 2);
    await a.whenSynced;
    a.doc.getMap('m').set('live', 3);
    await until(
      () => server.room('test').doc.getMap('m').size === 3 && a.status.kind === 'sent',
      () => a.status,
    );
    expect(a.doc.getMap('m').toJSON()).toEqual({ before: 1, offline: 2, live: 3 });
    expect(kinds.has('saved')).toBe(false);
    expect(server.receivedTypes.every((type) => type < 100)).toBe(true);
  });

  it('[L2] a server that stays silent for 2 s is taken for a stock server, too', async () => {
    const mute = await startStockServer({ isMute: true });
    try {
      const a = open({ url: mute.url, environment: { schedule: hurried } });
      await until(
        () => a.link === 'open',
        () => a.status,
      );
      expect(a.status.kind).not.toBe('saved');
      await closeAll();
    } finally {
      await mute.close();
    }
  });

  it('[A1] people see each other, and see one leave', async () => {
    const a = open({ url: server.url });
    const b = open({ url: server.url });
    a.awareness.setLocalState({ name: 'Ana' });
    b.awareness.setLocalState({ name: 'Ben' });
    await until(() => a.awareness.getStates().size === 2 && b.awareness.getStates().size === 2);
    expect(b.awareness.getStates().get(a.doc.clientID)).toEqual({ name: 'Ana' });
    await a.close();
    await until(() => b.awareness.getStates().size === 1);
  });

  it('[L3] after a cut the room connects again by itself and uploads what was done meanwhile', async () => {
    const a = open({ url: server.url });
    await a.whenSynced;
    server.cut();
    await until(() => a.link !== 'open');
    a.doc.getMap('m').set('meanwhile', 1);
    expect(a.status.kind).toBe('offline');
    await until(
      () => server.room('test').doc.getMap('m').get('meanwhile') === 1,
      () => a.status,
    );
  });
});
