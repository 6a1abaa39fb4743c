/** A room against a socket that the test controls. */
import { decodeFrame, encodeAwareness, encodeMessage, errors, PROTOCOL_VERSION, type ErrorName, type Message } from '@wetink/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { SocketConstructor, SocketLike } from './environment.ts';
import { startBrowser } from './fixtures/browser.ts';
import { createClock } from './fixtures/clock.ts';
import { closeAll, open, until } from './fixtures/rooms.ts';
import { openRoom } from './open-room.ts';

afterEach(closeAll);

class HandSocket implements SocketLike {
  binaryType = '';
  bufferedAmount = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly url: string;
  readonly sent: Message[] = [];
  isClosed = false;
  constructor(url: string) {
    this.url = url;
  }
  send(data: Uint8Array): void {
    this.sent.push(...decodeFrame(data, { isExtension: true }));
  }
  close(): void {
    this.isClosed = true;
  }
  say(message: Message): void {
    this.sayBytes(encodeMessage(message));
  }
  sayBytes(bytes: Uint8Array): void {
    (this.onmessage as ((event: { data: ArrayBuffer }) => void) | null)?.({ data: bytes.slice().buffer });
  }
  types(): string[] {
    return this.sent.map((message) => message.type);
  }
}

const hello: Message = { type: 'hello', version: PROTOCOL_VERSION, limits: { maxChunkBytes: 1_000, maxMessageBytes: 1_000_000 } };

async function setup(options: { token?: string; getToken?: () => Promise<string>; nextTask?: () => Promise<void> } = {}) {
  const clock = createClock();
  const sockets: HandSocket[] = [];
  class Socket extends HandSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  let online = (): void => undefined;
  let offline = (): void => undefined;
  let isVisible = true;
  let onVisibility = (): void => undefined;
  const reported: unknown[] = [];
  const room = open({
    url: 'ws://relay',
    room: 'a room/50%',
    getToken: options.getToken ?? (async () => options.token ?? ''),
    environment: {
      ...clock,
      ...(options.nextTask === undefined ? {} : { nextTask: options.nextTask }),
      random: () => 0.5,
      WebSocket: Socket as unknown as SocketConstructor,
      onOnline: (listener) => {
        online = listener;
        return () => undefined;
      },
      onOffline: (listener) => {
        offline = listener;
        return () => undefined;
      },
      page: {
        isVisible: () => isVisible,
        onVisibility: (listener) => {
          onVisibility = listener;
          return () => undefined;
        },
        onHide: () => () => undefined,
        onShow: () => () => undefined,
      },
      report: (error) => reported.push(error),
    },
  });
  await settle();
  const last = (): HandSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  const start = async (role: 'editor' | 'viewer' = 'editor'): Promise<HandSocket> => {
    const socket = last();
    (socket.onopen as (() => void) | null)?.();
    socket.say(hello);
    await settle();
    socket.say({ type: 'welcome', role, userId: 'u' });
    return socket;
  };
  const see = (value: boolean): void => {
    isVisible = value;
    onVisibility();
  };
  return { room, clock, sockets, last, start, reported, see, online: () => online(), offline: () => offline() };
}

/** Promises that are ready have run. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const emptyVector = Y.encodeStateVector(new Y.Doc());

describe('the handshake', () => {
  it('[L2] a client asks for the extension in the query and sends nothing before hello; authenticate comes first', async () => {
    const { last, room } = await setup({ token: 'secret' });
    const socket = last();
    expect(socket.url).toBe('ws://relay/a%20room%2F50%25?wetink=1');
    room.doc.getMap('m').set('k', 1);
    (socket.onopen as (() => void) | null)?.();
    expect(socket.sent).toEqual([]);
    socket.say(hello);
    await settle();
    expect(socket.sent).toEqual([{ type: 'authenticate', clientId: room.doc.clientID, token: 'secret' }]);
    socket.say({ type: 'welcome', role: 'editor', userId: '' });
    expect(socket.types()).toEqual(['authenticate', 'sync-step-1', 'awareness']);
  });

  it('[S1] nothing goes up before the relay has said what it has; one task is one message', async () => {
    const { start, room, clock } = await setup();
    const socket = await start();
    room.doc.getMap('m').set('a', 1);
    clock.advance(0);
    expect(socket.types()).not.toContain('update');
    socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    for (let i = 0; i < 50; i++) room.doc.getMap('m').set('b', i);
    clock.advance(0);
    expect(socket.types().filter((type) => type === 'update' || type === 'sync-step-2')).toEqual(['sync-step-2', 'update']);
    socket.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(new Y.Doc()) });
    expect(room.status).toMatchObject({ kind: 'sending', waiting: 51 });
    socket.say({ type: 'ack', count: 1 });
    expect(room.status).toMatchObject({ kind: 'sending', waiting: 50 });
    socket.say({ type: 'ack', count: 99 });
    expect(room.status).toMatchObject({ kind: 'sending', waiting: 50 });
    socket.say({ type: 'ack', count: 2 });
    expect(room.status).toMatchObject({ kind: 'saved' });
  });

  it('[F2] a relay that has more of our id than we made gets nothing from this document', async () => {
    const { start, room } = await setup();
    const socket = await start();
    room.doc.getMap('m').set('mine', 1);
    const before = room.doc;
    const forged = new Y.Doc();
    forged.clientID = before.clientID;
    forged.getArray('a').push([1, 2, 3]);
    socket.say({ type: 'sync-step-1', stateVector: Y.encodeStateVector(forged) });
    expect(socket.types()).not.toContain('sync-step-2');
    expect(socket.isClosed).toBe(true);
    expect(room.doc).not.toBe(before);
    expect(room.status).toMatchObject({ kind: 'refused', count: 1, code: 'FOREIGN_CLIENT' });
  });

  it('[R1] a viewer answers nothing, not even with its deletions', async () => {
    const { start, room, clock } = await setup();
    const socket = await start('viewer');
    room.doc.getMap('m').set('a', 1);
    socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    clock.advance(100);
    expect(socket.types()).toEqual(['authenticate', 'sync-step-1', 'awareness']);
    expect(room.status).toMatchObject({ kind: 'read-only', waiting: 1 });
  });

  it('[L4] another version of the protocol is an error, not a loop', async () => {
    const { last, room } = await setup();
    (last().onopen as (() => void) | null)?.();
    last().say({ type: 'hello', version: PROTOCOL_VERSION + 1, limits: { maxChunkBytes: 1_000, maxMessageBytes: 1_000 } });
    expect(room.status).toMatchObject({ kind: 'error', code: 'VERSION' });
  });
});

describe('[E2] bytes of a bad server', () => {
  it.each([
    ['a truncated frame', new Uint8Array([0, 2, 200])],
    ['an update that claims 2^28 clients', encodeMessage({ type: 'update', update: new Uint8Array([255, 255, 255, 255, 127, 1, 1]) })],
    ['a state vector that ends early', encodeMessage({ type: 'sync-step-1', stateVector: new Uint8Array([9, 1]) })],
    ['an awareness body of nothing', encodeMessage({ type: 'awareness', body: new Uint8Array([200, 1]) })],
  ])('%s: the link is dropped and taken again, the document stays as it was', async (_title, bytes) => {
    const { start, room, clock, sockets, reported } = await setup();
    const socket = await start();
    room.doc.getMap('m').set('k', 1);
    socket.sayBytes(bytes);
    expect(socket.isClosed).toBe(true);
    expect(room.status).toMatchObject({ kind: 'trouble', code: 'MALFORMED', waiting: 1 });
    clock.advance(1_000);
    expect(sockets).toHaveLength(2);
    expect(room.doc.getMap('m').toJSON()).toEqual({ k: 1 });
    expect(reported).toEqual([]);
  });

  it('[E3] an observer of the application that throws is reported and ends neither link nor document', async () => {
    const { start, room, reported } = await setup();
    const socket = await start();
    room.doc.getMap('m').observe(() => {
      throw new Error('bug of the app');
    });
    const other = new Y.Doc();
    other.getMap('m').set('k', 1);
    socket.say({ type: 'update', update: Y.encodeStateAsUpdate(other) });
    expect(room.doc.getMap('m').get('k')).toBe(1);
    expect(reported).toMatchObject([{ message: 'bug of the app' }]);
    expect(room.link).toBe('open');
  });
});

describe('an observer of the application that throws', () => {
  it('[E3] an observer that throws while the copy is loaded is reported, and the room loads and goes on', async () => {
    const browser = startBrowser();
    const url = 'ws://127.0.0.1:9';
    const before = browser.openTab({ url }).room;
    await before.whenLoaded;
    before.doc.getMap('m').set('k', 1);
    await before.close();
    const reported: unknown[] = [];
    const createDoc = () => {
      const doc = new Y.Doc();
      doc.getMap('m').observe(() => {
        throw new Error('bug of the app');
      });
      return doc;
    };
    const { room } = browser.openTab({ url, createDoc, environment: { report: (error) => reported.push(error) } });
    await room.whenLoaded;
    expect(room.doc.getMap('m').get('k')).toBe(1);
    expect(room.device).toEqual({ kind: 'persistent' });
    expect(reported).toMatchObject([{ message: 'bug of the app' }]);
    await until(() => room.status.kind === 'offline');
    expect(room.status).toMatchObject({ waiting: 1, copy: 'kept' });
  });
});

describe('life of a link', () => {
  it('[L3] a lost link wakes when the machine is online again or the page is seen, otherwise not before its time', async () => {
    const { start, clock, sockets, see, online } = await setup();
    const drop = (socket: HandSocket) => (socket.onclose as ((event: { code: number }) => void) | null)?.({ code: 1006 });
    drop(await start());
    clock.advance(10);
    expect(sockets).toHaveLength(1);
    online();
    expect(sockets).toHaveLength(2);
    drop(await start());
    see(false);
    expect(sockets).toHaveLength(2);
    see(true);
    expect(sockets).toHaveLength(3);
  });

  it('[L6] a quiet link gets a question, a dead one is replaced', async () => {
    const { start, clock, sockets } = await setup();
    const socket = await start();
    const asked = (): number => socket.types().filter((type) => type === 'sync-step-1').length;
    clock.advance(19_000);
    expect(asked()).toBe(1);
    clock.advance(2_000);
    expect(asked()).toBe(2);
    clock.advance(25_000);
    expect(socket.isClosed).toBe(true);
    clock.advance(15_000);
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('[L6] K3: without a network a link that does not answer is given up after 5 s, one that answers stays', async () => {
    const { start, clock, room, offline } = await setup();
    const socket = await start();
    socket.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(new Y.Doc()) });
    offline();
    offline();
    expect(socket.types().filter((type) => type === 'sync-step-1')).toHaveLength(2);
    socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    clock.advance(10_000);
    expect(socket.isClosed).toBe(false);
    offline();
    clock.advance(4_999);
    expect(socket.isClosed).toBe(false);
    clock.advance(1);
    expect(socket.isClosed).toBe(true);
    expect(room.status.kind).toBe('offline');
  });

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('[L6] K8: a wall clock set %s by an hour neither keeps a silent link alive nor cuts one that talks', async (_title, byMs) => {
    const { start, clock } = await setup();
    const socket = await start();
    clock.setWallClock(byMs);
    for (let s = 0; s < 60; s += 15) {
      clock.advance(15_000);
      socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    }
    expect(socket.isClosed).toBe(false);
    clock.setWallClock(byMs);
    clock.advance(50_000);
    expect(socket.isClosed).toBe(true);
  });

  describe('while a large update is applied in slices', () => {
    /** The update of 2,000 strokes is on its way, and has had its first turn. */
    async function begin() {
      const turns: (() => void)[] = [];
      const s = await setup({ nextTask: () => new Promise((resolve) => turns.push(resolve)) });
      const socket = await s.start();
      const doc = new Y.Doc();
      for (let i = 0; i < 2_000; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(600));
      s.room.doc.on('afterTransaction', () => s.clock.advance(10)); // A slice takes a turn.
      socket.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) });
      await settle();
      const finish = async (): Promise<void> => {
        for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
          turn();
          await settle();
        }
      };
      return { ...s, socket, finish, size: () => s.room.doc.getMap('m').size };
    }

    it('[U3] P3: what the relay says after it is taken after it', async () => {
      const { room, socket, finish, size } = await begin();
      socket.say({ type: 'welcome', role: 'viewer', userId: 'u' });
      expect([size() < 1_000, room.isSynced, room.role]).toEqual([true, false, 'editor']);
      await finish();
      expect([size(), room.isSynced, room.role]).toEqual([2_000, true, 'viewer']);
    });

    it('[U3] a link that is lost meanwhile says nothing about the next one', async () => {
      const { room, socket, finish, size, clock, last, start } = await begin();
      (socket.onclose as ((event: { code: number }) => void) | null)?.({ code: 1006 });
      clock.advance(1_000);
      expect(last()).not.toBe(socket);
      await start();
      await finish();
      expect([size(), room.isSynced]).toEqual([2_000, false]);
    });
  });

  it('[O4] a page that is hidden hands its batch on at once', async () => {
    const { start, room, see } = await setup();
    const socket = await start();
    socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    room.doc.getMap('m').set('k', 1);
    expect(socket.types()).not.toContain('update');
    see(false);
    expect(socket.types()).toContain('update');
  });

  it('[L4] a relay that asks for a fresh token gets one on the same link', async () => {
    const { start, clock } = await setup({ token: 't' });
    const socket = await start();
    socket.say({ type: 'notice', code: 'UNAUTHENTICATED', retryAfterMs: 60_000, text: '' });
    clock.advance(14_000);
    await settle();
    expect(socket.types().filter((type) => type === 'authenticate')).toHaveLength(1);
    clock.advance(1_000);
    await settle();
    expect(socket.types().filter((type) => type === 'authenticate')).toHaveLength(2);
    expect(socket.isClosed).toBe(false);
  });
});

describe('[T3] what the relay says is wrong', () => {
  const notice = (code: ErrorName, retryAfterMs: number): Message => ({ type: 'notice', code, retryAfterMs, text: '' });
  const inSync = async (role: 'editor' | 'viewer' = 'editor') => {
    const world = await setup();
    const socket = await world.start(role);
    socket.say({ type: 'sync-step-1', stateVector: emptyVector });
    socket.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(new Y.Doc()) });
    if (role === 'editor') socket.say({ type: 'ack', count: 1 });
    const draw = (): void => {
      world.room.doc.getMap('m').set('k', world.clock.elapsed());
      world.clock.advance(0);
    };
    const close = (code: number, reason = ''): void => (socket.onclose as ((event: object) => void) | null)?.({ code, reason });
    return { ...world, socket, draw, close };
  };

  it('T1: over the message limit the status says so and until when, and the first ack after that time ends it', async () => {
    const { room, socket, clock, draw } = await inSync();
    draw();
    socket.say(notice('RATE_LIMITED', 12_000));
    expect(room.status).toMatchObject({
      kind: 'trouble',
      code: 'RATE_LIMITED',
      waiting: 1,
      isConnected: true,
      retryAtMs: clock.elapsed() + 12_000,
    });
    socket.say({ type: 'ack', count: 2 });
    draw();
    expect(room.status).toMatchObject({ kind: 'trouble', code: 'RATE_LIMITED', waiting: 1 }); // Read before the pause.
    clock.advance(12_000);
    expect(room.status).toMatchObject({ kind: 'trouble' });
    draw();
    socket.say({ type: 'ack', count: 3 });
    expect(room.status).toMatchObject({ kind: 'sending', waiting: 1 });
  });

  const sent = (Object.keys(errors) as ErrorName[]).filter((name) => errors[name].code < 4600); // The rest is raised on a device.
  it.each(sent)('T1: a notice of any code reaches the status, or is answered with a fresh token: %s', async (code) => {
    const { room, socket, draw } = await inSync();
    draw();
    socket.say(notice(code, 5_000));
    if (errors[code].retry === 'reauth') expect(room.status.kind).toBe('sending');
    else expect(room.status).toMatchObject({ kind: 'trouble', code, waiting: 1, isConnected: true });
  });

  it('T1: over the limit with nothing to send the status is saved, and a later edit is only being sent', async () => {
    const { room, socket, clock, draw } = await inSync();
    socket.say(notice('RATE_LIMITED', 12_000));
    expect(room.status.kind).toBe('saved');
    clock.advance(12_000);
    draw();
    expect(room.status.kind).toBe('sending');
  });

  it.each(['editor', 'viewer'] as const)(
    'K9: the status of an %s shows that the relay cannot save, until the relay says that it can again',
    async (role) => {
      const { room, socket } = await inSync(role);
      const before = room.status.kind;
      socket.say(notice('STORAGE_UNAVAILABLE', 5_000));
      expect(room.status).toMatchObject({ kind: 'trouble', code: 'STORAGE_UNAVAILABLE', waiting: 0, isConnected: true });
      socket.say(notice('RATE_LIMITED', 0));
      expect(room.status.kind).toBe('trouble');
      socket.say(notice('STORAGE_UNAVAILABLE', 0));
      expect(room.status.kind).toBe(before);
    },
  );

  it('K9: an acknowledgement shows that the relay can save', async () => {
    const { room, socket, draw } = await inSync();
    draw();
    socket.say(notice('STORAGE_UNAVAILABLE', 5_000));
    socket.say({ type: 'ack', count: 2 });
    expect(room.status.kind).toBe('saved');
  });

  it('T1: after a relay closed, the status says why and when, also during the next try; silence afterwards is offline', async () => {
    const { room, socket, clock, close, sockets } = await inSync();
    socket.say(notice('STORAGE_UNAVAILABLE', 5_000));
    close(errors.STORAGE_UNAVAILABLE.close);
    const said = { kind: 'trouble', code: 'STORAGE_UNAVAILABLE', isConnected: false };
    expect(room.status).toMatchObject({ ...said, isHinted: true, retryAtMs: clock.elapsed() + 5_000 });
    clock.advance(5_000);
    expect(sockets).toHaveLength(2);
    expect(room.status).toMatchObject({ ...said, retryAtMs: null });
    clock.advance(10_000);
    expect(room.status).toMatchObject({ kind: 'offline', waiting: 0 });
  });

  it.each(['ROOM_FULL', 'OVERLOADED', 'LOAD_FAILED', 'SHUTDOWN', 'SLOW_READER', 'UNAVAILABLE'] as const)(
    'T1: a connection closed with %s shows that code, not offline',
    async (code) => {
      const { room, close } = await inSync();
      close(errors[code].close);
      expect(room.status).toMatchObject({ kind: 'trouble', code });
    },
  );

  it('T1: the word of the close reason reaches the status of a suspended person', async () => {
    const { room, draw, close } = await inSync();
    draw();
    close(4403, 'suspended: You do not have access to this board.');
    expect(room.status).toMatchObject({ kind: 'error', code: 'FORBIDDEN', reason: 'suspended', waiting: 1 });
  });

  it('[L4] T1: a `getToken` that rejects says why and when, and is not called sooner', async () => {
    const refusal = Object.assign(new Error('no'), { code: 'RATE_LIMITED', reason: 'user_boards', retryAfterMs: 60_000 });
    const { last, room, clock, sockets, online } = await setup({ getToken: () => Promise.reject(refusal) });
    (last().onopen as (() => void) | null)?.();
    last().say(hello);
    await settle();
    expect(room.status).toMatchObject({ kind: 'trouble', code: 'RATE_LIMITED', reason: 'user_boards', isHinted: true });
    online();
    clock.advance(59_000);
    expect(sockets).toHaveLength(1);
    clock.advance(1_000);
    expect(sockets).toHaveLength(2);
  });
});

it('[A8] T2: when the link of a viewer is lost, nobody behind it is shown any more', async () => {
  const { start, room } = await setup();
  const socket = await start('viewer');
  socket.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(new Y.Doc()) });
  socket.say({ type: 'awareness', body: encodeAwareness([{ clientId: 9, clock: 1, state: '{"name":"Ben"}' }]) });
  expect(room.awareness.getStates().has(9)).toBe(true);
  (socket.onclose as ((event: object) => void) | null)?.({ code: 1006 });
  expect(room.awareness.getStates().has(9)).toBe(false);
});

it('[E4] bad options throw at once', () => {
  const createDoc = (): Y.Doc => new Y.Doc();
  expect(() => openRoom({ url: 'http://x', room: 'r', createDoc })).toThrow(RangeError);
  expect(() => openRoom({ url: 'nonsense', room: 'r', createDoc })).toThrow();
  expect(() => openRoom({ url: 'ws://x', room: 'r', createDoc, environment: { WebSocket: undefined } })).toThrow(/WebSocket/);
});
