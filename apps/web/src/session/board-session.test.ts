import { chatMessages, openChat, createBoard, exportBoard, type NewElement } from '@wetink/board';
import { RemoteOrigin, type openRoom, type Room, type RoomOptions, type RoomStatus, type Work } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { BoardId } from '../core/board-id.ts';
import { openSession } from './board-session.ts';

const nothing: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };

const rectangle: NewElement = {
  kind: 'rectangle',
  geometry: { x: 0, y: 0, w: 10, h: 10, rotation: 0 },
  style: { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 24, font: 'sans' },
};

type Listener<Value> = (value: Value) => void;

/** Presence of one document, as far as a session uses it. */
function fakeAwareness(clientID: number) {
  const states = new Map<number, unknown>();
  const listeners = new Set<Listener<{ added: number[]; updated: number[]; removed: number[] }>>();
  return {
    clientID,
    getStates: () => states,
    setLocalState(state: unknown) {
      states.set(clientID, state);
      listeners.forEach((listener) => listener({ added: [], updated: [clientID], removed: [] }));
    },
    on: (_: string, listener: Listener<{ added: number[]; updated: number[]; removed: number[] }>) => listeners.add(listener),
    off: (_: string, listener: Listener<{ added: number[]; updated: number[]; removed: number[] }>) => listeners.delete(listener),
    listenerCount: () => listeners.size,
  };
}

/** A room without a network: documents and presence are real, nothing is sent. */
function setup() {
  const replaced = new Set<Parameters<Room['onReplaced']>[0]>();
  let doc = new Y.Doc();
  let awareness = fakeAwareness(doc.clientID);
  let closes = 0;
  let refreshes = 0;
  const synced = new Set<() => void>();
  const statusListeners = new Set<Listener<RoomStatus>>();
  let wakes = 0;
  let load = (): void => undefined;
  const room = {
    onStatus(listener: Listener<RoomStatus>) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    get doc() {
      return doc;
    },
    get awareness() {
      return awareness;
    },
    status: { kind: 'saved', ...nothing } satisfies RoomStatus,
    whenLoaded: new Promise<void>((resolve) => (load = resolve)),
    role: 'editor' as Room['role'],
    onReplaced(listener: Parameters<Room['onReplaced']>[0]) {
      replaced.add(listener);
      return () => replaced.delete(listener);
    },
    onSynced(listener: () => void) {
      synced.add(listener);
      return () => synced.delete(listener);
    },
    refreshToken: () => void refreshes++,
    close: () => Promise.resolve(void closes++),
  };
  const open = ((options: RoomOptions) => {
    options.environment?.onOnline?.(() => wakes++);
    return room;
  }) as unknown as typeof openRoom;
  const session = openSession({ boardId: 'abcdefgh' as BoardId, relayUrl: 'ws://x', me: { id: 'u-me', name: 'Me' }, open });
  const refuse = () => {
    const old = doc;
    doc = new Y.Doc();
    awareness = fakeAwareness(doc.clientID);
    const bytes = Y.encodeStateAsUpdate(old);
    const kept = {
      id: 'k',
      at: 0,
      changes: 1,
      code: 'FORBIDDEN',
      onDevice: true,
      load: () => Promise.resolve(bytes),
      discard: () => Promise.resolve(),
    } as const;
    replaced.forEach((listener) => listener({ doc, kept }));
    return kept;
  };
  const stateOfMe = () => awareness.getStates().get(awareness.clientID);
  const say = (status: RoomStatus) => statusListeners.forEach((listener) => listener(status));
  const sync = () => synced.forEach((listener) => listener());
  return { session, refuse, sync, stateOfMe, room, say, load: () => load(), wakes: () => wakes, closes: () => closes };
}

describe('an open board', () => {
  it('a session announces me, then changes only the fields that changed', () => {
    const { session, stateOfMe } = setup();
    expect(stateOfMe()).toMatchObject({ session: session.board.session, user: { id: 'u-me', name: 'Me' }, cursor: null, isTyping: false });
    session.announce({ cursor: { x: 1, y: 2 } });
    session.announce({ isTyping: true });
    expect(stateOfMe()).toMatchObject({ cursor: { x: 1, y: 2 }, isTyping: true });
  });

  it('the bytes of a picture leave with the next move of the pointer, and go out from a hidden page too', () => {
    const { session, stateOfMe } = setup();
    session.announce({ face: 'abcdefghijklmnop', cursor: { x: 1, y: 2 } });
    session.announce({ faceBytes: 'UklGRg==' });
    expect(stateOfMe()).toMatchObject({ face: 'abcdefghijklmnop', faceBytes: 'UklGRg==' });
    session.announce({ tool: 'pen' });
    expect(stateOfMe()).toHaveProperty('faceBytes');
    session.announce({ cursor: { x: 2, y: 2 } });
    expect(stateOfMe()).toMatchObject({ face: 'abcdefghijklmnop', cursor: { x: 2, y: 2 } });
    expect(stateOfMe()).not.toHaveProperty('faceBytes');
    session.announce({ rest: 'away', wants: ['ABCDEFGHIJKLMNOP'] });
    expect(stateOfMe()).toMatchObject({ rest: 'away', face: 'abcdefghijklmnop' });
    expect(stateOfMe()).not.toHaveProperty('wants');
    session.announce({ faceBytes: 'UklGRg==' });
    expect(stateOfMe()).toMatchObject({ rest: 'away', faceBytes: 'UklGRg==' });
  });

  it('a hidden page announces that once, with its hand up as before, and its later changes when it is seen again', () => {
    const { session, stateOfMe } = setup();
    let announcements = 0;
    session.onPresence(() => announcements++);
    session.announce({ cursor: { x: 1, y: 2 }, hand: 4, said: 'Look', writes: 'e1' });
    expect(stateOfMe()).toMatchObject({ writes: 'e1' });
    session.announce({ rest: 'away' });
    expect(stateOfMe()).toMatchObject({ rest: 'away', hand: 4, cursor: null, isTyping: false });
    expect(stateOfMe()).not.toHaveProperty('said');
    expect(stateOfMe()).not.toHaveProperty('writes');
    announcements = 0;
    session.announce({ cursor: { x: 3, y: 4 } });
    session.announce({ isTyping: true });
    expect(announcements).toBe(0);
    session.announce({ rest: undefined });
    expect(announcements).toBe(1);
    expect(stateOfMe()).toMatchObject({ hand: 4, cursor: { x: 3, y: 4 }, isTyping: true });
    expect(stateOfMe()).not.toHaveProperty('rest');
  });

  it('looking at a board writes nothing; my first stroke writes my name too, as one change', () => {
    const { session } = setup();
    let updates = 0;
    session.board.doc.on('update', () => updates++);
    expect(Y.encodeStateVector(session.board.doc)).toEqual(Y.encodeStateVector(new Y.Doc()));
    expect(session.isUntouched).toBe(true);
    session.board.run((edit) => edit.create(rectangle));
    expect(session.board.nameOf('u-me')).toBe('Me');
    expect(session.isUntouched).toBe(false);
    expect(updates).toBe(1);
    session.board.undo();
    expect([session.board.count, session.board.canUndo, session.board.nameOf('u-me')]).toEqual([0, false, 'Me']);
  });

  it('the session knows of edits that no server has confirmed', () => {
    const { session, say } = setup();
    const other = createBoard({ doc: new Y.Doc(), userId: 'u-ben' });
    other.run((edit) => edit.create(rectangle));
    Y.applyUpdate(session.board.doc, Y.encodeStateAsUpdate(other.doc), new RemoteOrigin('relay'));
    expect(session.hasUnsavedEdits).toBe(false);
    session.board.run((edit) => edit.create(rectangle));
    expect(session.hasUnsavedEdits).toBe(true);
    say({ kind: 'sending', ...nothing, waiting: 1 });
    say({ kind: 'error', code: 'ROOM_NOT_FOUND', reason: '', refused: null, ...nothing, waiting: 1 });
    expect(session.hasUnsavedEdits).toBe(true);
    say({ kind: 'saved', ...nothing });
    expect(session.hasUnsavedEdits).toBe(false);
  });

  it('P3: a session reports the content kept on this device once, when all is read, and strokes drawn meanwhile at once', async () => {
    const { session, load } = setup();
    const other = createBoard({ doc: new Y.Doc(), userId: 'u-ben' });
    let told = 0;
    session.onChange(() => told++);
    for (let i = 0; i < 3; i++) {
      other.run((edit) => edit.create(rectangle));
      Y.applyUpdate(session.board.doc, Y.encodeStateAsUpdate(other.doc), new RemoteOrigin('device'));
    }
    expect([session.board.count, told, session.isLoaded]).toEqual([3, 0, false]);
    session.board.run((edit) => edit.create(rectangle));
    expect(told).toBeGreaterThan(0);
    const before = told;
    load();
    await session.room.whenLoaded;
    expect([told, session.isLoaded]).toEqual([before + 1, true]);
    other.run((edit) => edit.create(rectangle));
    Y.applyUpdate(session.board.doc, Y.encodeStateAsUpdate(other.doc), new RemoteOrigin('device')); // A slow disk.
    expect(told).toBe(before + 2);
  });

  it.each([
    ['editor', 'relay', true],
    ['viewer', 'relay', false],
    [null, 'relay', false],
    ['editor', 'device', false],
  ] as const)(
    'L7: my change that another person’s concurrent undo removed comes back only while I may write: %s, %s',
    (role, source, comesBack) => {
      const { session, room } = setup();
      const { doc } = session.board;
      const id = session.board.run((edit) => edit.create(rectangle));
      // When two write at once, the larger client id wins.
      const theirDoc = new Y.Doc();
      theirDoc.clientID = 2 ** 32 - 1;
      const theirs = createBoard({ doc: theirDoc, userId: 'u-ben' });
      Y.applyUpdate(theirDoc, Y.encodeStateAsUpdate(doc));
      session.board.run((edit) => edit.setStyle(id, 'color', 'red'));
      theirs.run((edit) => edit.setStyle(id, 'color', 'blue'));
      theirs.undo();
      room.role = role;
      let written = 0;
      doc.on('update', (_: Uint8Array, origin: unknown) => (written += origin instanceof RemoteOrigin ? 0 : 1));
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirDoc), new RemoteOrigin(source));
      expect([written, session.board.get(id)?.style.color]).toEqual(comesBack ? [1, 'red'] : [0, 'ink']);
    },
  );

  it('a session tries the server now when asked', () => {
    const { session, wakes } = setup();
    session.tryNow();
    session.tryNow();
    expect(wakes()).toBe(2);
  });

  it("another person's stroke does not write my name", () => {
    const { session } = setup();
    const other = createBoard({ doc: new Y.Doc(), userId: 'u-ben' });
    other.run((edit) => edit.create(rectangle));
    session.board.doc.transact(() => Y.applyUpdate(session.board.doc, Y.encodeStateAsUpdate(other.doc)), new RemoteOrigin('tabs'));
    expect(session.board.count).toBe(1);
    expect(session.board.nameOf('u-me')).toBeNull();
  });

  it('a new name reaches others, and the document once it has my name', () => {
    const { session, stateOfMe } = setup();
    session.rename('Ana');
    expect(stateOfMe()).toMatchObject({ user: { name: 'Ana' } });
    expect(session.board.nameOf('u-me')).toBeNull();
    openChat(session.board).send('Hello', session.me.name);
    expect(chatMessages(session.board.doc)[0]).toMatchObject({ name: 'Ana', text: 'Hello' });
    session.rename('Anna');
    expect(session.board.nameOf('u-me')).toBe('Anna');
  });

  it('T5: after a refusal an empty board says nothing about the board until the relay has sent it', async () => {
    const { session, refuse, sync, load } = setup();
    expect(session.isWhole).toBe(false);
    load();
    await session.room.whenLoaded;
    expect(session.isWhole).toBe(true);
    refuse();
    expect(session.isWhole).toBe(false);
    sync();
    expect(session.isWhole).toBe(true);
  });

  it('after a refusal the session goes on with a new board, notifies listeners, and keeps the old board to look at', async () => {
    const { session, refuse, stateOfMe } = setup();
    session.board.run((edit) => edit.create(rectangle));
    const before = session.board;
    let [replacements, changes] = [0, 0];
    session.onReplaced(() => replacements++);
    session.onChange(() => changes++);
    const kept = refuse();
    expect(session.board).not.toBe(before);
    expect(session.board.count).toBe(0);
    expect([replacements, changes > 0]).toEqual([1, true]);
    expect(stateOfMe()).toMatchObject({ session: session.board.session, user: { id: 'u-me' } });
    session.board.run((edit) => edit.create(rectangle));
    expect(changes).toBeGreaterThan(1);
    const copy = await session.openKept(kept);
    expect(copy.board.count).toBe(1);
    expect(exportBoard(copy.board).length).toBeGreaterThan(0);
    copy.close();
  });

  it('T4: my cursor and typing go on in the new document, since the stage and the keys do not announce them again', () => {
    const { session, refuse, stateOfMe } = setup();
    session.announce({ tool: 'pen' });
    session.announce({ isTyping: true });
    session.announce({ cursor: { x: 3, y: 4 } });
    session.rename('Ana');
    refuse();
    expect(stateOfMe()).toMatchObject({ tool: 'pen', isTyping: true, cursor: { x: 3, y: 4 }, user: { name: 'Ana' } });
    session.announce({ isTyping: false });
    expect(stateOfMe()).toMatchObject({ tool: 'pen', isTyping: false });
  });

  it('a session closes once, and is silent afterwards', async () => {
    const { session, room, closes } = setup();
    await session.close();
    await session.close();
    expect(closes()).toBe(1);
    expect(room.awareness.listenerCount()).toBe(0);
    session.announce({ isTyping: true });
    session.rename('Late');
    expect(room.awareness.getStates().get(room.awareness.clientID)).toMatchObject({ isTyping: false, user: { name: 'Me' } });
  });
});
