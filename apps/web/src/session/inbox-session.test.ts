import { inboxRoom, openInbox, postNotifications, type InboxEntry, type NewNotification } from '@wetink/board';
import type { openRoom, Room, RoomOptions } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import { InboxSession, REST_AFTER_MS, REST_PUSHED_AFTER_MS } from './inbox-session.ts';

const mention = (id: string): NewNotification => ({
  id,
  kind: 'mention',
  from: { id: 'ben', name: 'Ben' },
  room: 'abcdefgh',
  title: 'Plans',
  message: 's.1',
  text: 'Hello',
  link: '',
  at: 1_000,
});

/** Rooms without a network: documents are real, and the device's copy is read when the test says so. */
function setup({ staysOpen = false, isPushed = false } = {}) {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const rooms: ReturnType<typeof fakeRoom>[] = [];
  let due: (() => void) | null = null;
  let waitMs = 0;
  let number = 0;
  const arrived: string[][] = [];

  function fakeRoom(options: RoomOptions) {
    const [synced, replaced] = [new Set<() => void>(), new Set<Parameters<Room['onReplaced']>[0]>()];
    let load = (): void => undefined;
    let closes = 0;
    let discards = 0;
    const shown: unknown[] = [];
    const room = {
      doc: options.createDoc(),
      awareness: { setLocalState: (state: unknown) => void shown.push(state) },
      status: { kind: 'saved' },
      whenLoaded: new Promise<void>((resolve) => (load = resolve)),
      onStatus: () => () => undefined,
      onSynced: (listener: () => void) => (synced.add(listener), () => synced.delete(listener)),
      onReplaced: (listener: Parameters<Room['onReplaced']>[0]) => (replaced.add(listener), () => replaced.delete(listener)),
      close: () => Promise.resolve(void closes++),
    };
    return {
      room,
      options,
      shown,
      closes: () => closes,
      discards: () => discards,
      /** The device's copy, then the server's content. */
      async load(...ids: string[]) {
        postNotifications(room.doc, ids.map(mention), () => ({ writer: 'w', number: ++number }));
        load();
        await room.whenLoaded;
        await Promise.resolve();
      },
      sync: () => synced.forEach((listener) => listener()),
      post: (...ids: string[]) => postNotifications(room.doc, ids.map(mention), () => ({ writer: 'w', number: ++number })),
      refuse() {
        room.doc = options.createDoc();
        const kept = { discard: () => Promise.resolve(void discards++) };
        replaced.forEach((listener) => listener({ doc: room.doc, kept } as never));
      },
    };
  }
  const session = new InboxSession({
    userId: 'ana',
    relayUrl: 'ws://relay',
    getToken: () => Promise.resolve('token'),
    page: page as unknown as Document,
    staysOpen: () => staysOpen,
    isPushed: () => isPushed,
    schedule(run, delayMs) {
      [due, waitMs] = [run, delayMs];
      return () => (due = null);
    },
    open: ((options: RoomOptions) => {
      const made = fakeRoom(options);
      rooms.push(made);
      return made.room;
    }) as unknown as typeof openRoom,
  });
  session.onArrival((entries: readonly InboxEntry[]) => arrived.push(entries.map(({ id }) => id)));
  return {
    session,
    rooms,
    arrived,
    last: () => rooms.at(-1)!,
    ids: () => session.inbox?.list().map(({ id }) => id) ?? null,
    look(state: 'visible' | 'hidden') {
      page.visibilityState = state;
      page.dispatchEvent(new Event('visibilitychange'));
    },
    /** Time goes by. */
    pass(ms: number) {
      for (let left = ms; due !== null && waitMs <= left;) {
        const run = due;
        [due, left] = [null, left - waitMs];
        run();
      }
    },
  };
}

describe('the inbox of a page', () => {
  it('it is the room that only this person may open, and shows nobody in it', async () => {
    const { session, last, ids } = setup();
    expect(last().options).toMatchObject({ room: inboxRoom('ana'), url: 'ws://relay' });
    expect(last().shown).toEqual([null]);
    expect([session.inbox, session.status?.kind]).toEqual([null, 'saved']);
    await last().load('a');
    expect(ids()).toEqual(['a']);
  });

  it('what was there when the page opened does not arrive; what comes later does, unless it was read elsewhere', async () => {
    const { last, arrived } = setup();
    await last().load('a');
    last().post('b'); // What the server has from before.
    last().sync();
    expect(arrived).toEqual([]);
    last().post('c', 'd');
    expect(arrived).toEqual([['d', 'c']]);
    const { doc } = last().room;
    doc.transact(() => {
      last().post('e');
      openInbox(doc).markRead(['e']);
    });
    expect(arrived).toHaveLength(1);
  });

  it('a page that is hidden for long closes its room, keeps its list, and opens the room again when it is shown', async () => {
    const { session, rooms, last, ids, look, pass, arrived } = setup();
    await last().load('a');
    last().sync();
    look('hidden');
    pass(REST_AFTER_MS - 1);
    look('visible');
    pass(REST_AFTER_MS);
    expect(rooms[0]?.closes()).toBe(0);
    look('hidden');
    pass(REST_AFTER_MS);
    expect([rooms[0]?.closes(), session.status, ids()]).toEqual([1, null, ['a']]);
    look('visible');
    expect([rooms.length, ids()]).toEqual([2, ['a']]);
    await last().load('a', 'b');
    last().sync();
    expect(ids()).toEqual(['b', 'a']);
    // It came while nobody was shown anything, and is on the screen now.
    expect(arrived).toEqual([]);
    last().post('c');
    expect(arrived).toEqual([['c']]);
  });

  it('a mark made while the room is opened again is shown at once, and is in the document once that is there', async () => {
    const { session, last, look, pass } = setup();
    await last().load('a');
    look('hidden');
    pass(REST_AFTER_MS);
    look('visible');
    session.change((inbox) => inbox.markRead(['a']));
    expect(session.inbox?.unread()).toBe(0);
    await last().load('a', 'b');
    expect(session.inbox?.list().map(({ id, isRead }) => [id, isRead])).toEqual([
      ['b', false],
      ['a', true],
    ]);
    expect(openInbox(last().room.doc).unread()).toBe(1);
  });

  it('a hidden page that shows notifications of the system keeps its room', async () => {
    const { rooms, last, look, pass } = setup({ staysOpen: true });
    await last().load();
    look('hidden');
    pass(REST_AFTER_MS);
    expect(rooms[0]?.closes()).toBe(0);
  });

  it('where pushes come to this device, a hidden page rests soon: the relay pushes nothing while it is connected', async () => {
    const { rooms, last, look, pass } = setup({ isPushed: true });
    await last().load();
    look('hidden');
    pass(REST_PUSHED_AFTER_MS - 1);
    look('visible');
    look('hidden');
    expect(rooms[0]?.closes()).toBe(0);
    pass(REST_PUSHED_AFTER_MS);
    expect(rooms[0]?.closes()).toBe(1);
    look('visible');
    expect(rooms.length).toBe(2);
  });

  it('after a refusal it goes on with the list that the server has, keeps no copy, and nothing of that arrives', async () => {
    const { last, ids, arrived } = setup();
    await last().load('a');
    last().sync();
    last().refuse();
    expect([last().discards(), ids()]).toEqual([1, []]);
    last().post('a');
    last().sync();
    expect([ids(), arrived]).toEqual([['a'], []]);
    expect(last().shown).toEqual([null, null]);
  });

  it('closing it closes the room, also when the device’s copy comes later', async () => {
    const { session, rooms, last, look, ids } = setup();
    await session.close();
    await last().load('a');
    look('hidden');
    look('visible');
    expect([rooms.length, rooms[0]?.closes(), ids()]).toEqual([1, 1, null]);
  });
});
