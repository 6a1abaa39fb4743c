import { decodeAwareness } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createOutgoing } from '../framing/outgoing.ts';
import { FanOut } from './fan-out.ts';
import { defaultLimits, type RelayLimits } from '../limits/limits.ts';
import type { Member } from '../member/member.ts';
import { Seat } from '../member/seat.ts';
import { silentObserver } from '../ports/observer.ts';
import { Presence } from '../presence/presence.ts';
import { SyncAnswers } from './sync-answers.ts';
import { RoomDocument } from '../document/room-document.ts';
import { fakeMember, testFraming, type FakeMember } from '../testing/fake-member.ts';
import { virtualTime } from '../testing/virtual-time.ts';

function fanOutOf(count: number, limits: Partial<RelayLimits> = {}, options: { isExtension?: boolean } = {}) {
  const members = Array.from({ length: count }, (_, i) => fakeMember(i + 1, options));
  const time = virtualTime();
  const presence = new Presence(defaultLimits);
  const all = { ...defaultLimits, ...limits };
  const seats = new Map<Member, Seat>(members.map((member) => [member, new Seat(member, silentObserver)]));
  const fanOut = new FanOut({ seats, presence, framing: testFraming, environment: time, limits: all, onTick: () => undefined });
  const seatOf = (member: FakeMember): Seat => {
    const seat = seats.get(member);
    if (seat === undefined) throw new Error('no seat');
    return seat;
  };
  const move = (member: FakeMember, clock: number): void => {
    const { changed } = presence.receive(member, [{ clientId: member.id, clock, state: `{"c":${clock}}` }]);
    fanOut.presence(seatOf(member), changed);
  };
  return { members, seatOf, time, fanOut, presence, move };
}

function update(key: string, clientId = 1): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.getMap('m').set(key, 1);
  return Y.encodeStateAsUpdate(doc);
}

const first = <T>(items: readonly T[], at = 0): T => {
  const item = items[at];
  if (item === undefined) throw new Error(`no item ${at}`);
  return item;
};

describe('durable lane', () => {
  it('[RL20] changes of one turn are one frame, the same Buffer for every member but their author', async () => {
    const { members, seatOf, time, fanOut } = fanOutOf(5);
    fanOut.change(seatOf(first(members)), update('a'));
    fanOut.change(seatOf(first(members)), update('b'));
    await time.advance(0);
    const [author, ...others] = members;
    expect(author?.buffers).toEqual([]);
    for (const other of others) {
      expect(other.buffers).toHaveLength(1);
      expect(other.buffers[0]).toBe(others[0]?.buffers[0]);
      expect(other.messages().map((message) => message.type)).toEqual(['update', 'update']);
    }
  });

  it('[RL20] stock clients get one message per WebSocket frame, in one write', async () => {
    const { members, seatOf, time, fanOut } = fanOutOf(3, {}, { isExtension: false });
    fanOut.change(seatOf(first(members)), update('a'));
    fanOut.change(seatOf(first(members)), update('b'));
    await time.advance(0);
    expect([members[1]?.buffers.length, members[1]?.messages().length]).toEqual([1, 2]);
  });

  it('[RL20] two authors in one tick get only the changes of the other; three authors get all changes', async () => {
    const three = fanOutOf(3);
    const authors = three.members.slice(0, 2);
    for (const member of authors) three.fanOut.change(three.seatOf(member), update(`k${member.id}`, member.id));
    await three.time.advance(0);
    expect(three.members.map((member) => member.messages().length)).toEqual([1, 1, 2]);
    const [one, other] = authors.map((member) => member.messages()[0]);
    expect(one).not.toEqual(other);
    const four = fanOutOf(4);
    for (const member of four.members.slice(0, 3)) four.fanOut.change(four.seatOf(member), update(`k${member.id}`, member.id));
    await four.time.advance(0);
    expect(new Set(four.members.map((member) => member.buffers[0])).size).toBe(1);
    expect(four.members[0]?.messages()).toHaveLength(3);
  });

  it('[RL25] changes of a long turn are cut into batches that fit the budget, so that a full socket is noticed between them', async () => {
    const { members, seatOf, time, fanOut } = fanOutOf(2, { softSendBytes: 20_000 });
    const reader = first(members, 1);
    const sendSync = reader.sendSync.bind(reader);
    reader.sendSync = (outgoing, how) => {
      sendSync(outgoing, how);
      reader.isStuck = reader.buffers.length >= 3;
    };
    const doc = new Y.Doc();
    doc.clientID = 9;
    doc.on('update', (bytes: Uint8Array) => fanOut.change(seatOf(first(members)), bytes));
    for (let i = 0; i < 20; i++) doc.getMap('m').set(`k${i}`, new Uint8Array(4_000));
    await time.advance(0);
    expect([reader.buffers.length, seatOf(reader).missed]).toEqual([3, new Map([[9, 6]])]);
  });

  it('[RL26] for each client, the first clock that a full socket misses is remembered', async () => {
    const { members, seatOf, time, fanOut } = fanOutOf(2);
    const [author, slow] = [first(members), first(members, 1)];
    slow.isStuck = true;
    const doc = new Y.Doc();
    doc.clientID = 9;
    doc.on('update', (bytes: Uint8Array) => fanOut.change(seatOf(author), bytes));
    doc.getText('t').insert(0, 'abc');
    await time.advance(0);
    doc.getText('t').insert(3, 'def');
    await time.advance(0);
    expect([slow.buffers, seatOf(slow).missed]).toEqual([[], new Map([[9, 0]])]);
  });
});

describe('ephemeral lane', () => {
  it('[RL37] a hundred cursor moves within a tick are one entry, the latest', async () => {
    const { members, time, move } = fanOutOf(2);
    move(first(members), 1);
    await time.advance(0);
    for (let clock = 2; clock <= 101; clock++) move(first(members), clock);
    await time.advance(100);
    const frames = first(members, 1).messages();
    expect(frames).toHaveLength(2);
    const last = frames[1];
    expect(last?.type === 'awareness' && decodeAwareness(last.body)).toEqual([{ clientId: 1, clock: 101, state: '{"c":101}' }]);
  });

  it('[RL37] a large room makes one Buffer per tick, so frames grow with the number of members, not with its square', async () => {
    const { members, time, move } = fanOutOf(100);
    for (const member of members) move(member, 1);
    await time.advance(100);
    const buffers = new Set(members.flatMap((member) => member.buffers));
    expect(buffers.size).toBe(1);
    expect(members.every((member) => member.buffers.length === 1)).toBe(true);
  });

  it('[RL37] an author does not get its own cursor back', async () => {
    const { members, time, move } = fanOutOf(3);
    move(first(members), 1);
    move(first(members, 1), 1);
    await time.advance(100);
    const idsOf = (member: FakeMember): number[] =>
      member
        .messages()
        .flatMap((message) => (message.type === 'awareness' ? decodeAwareness(message.body).map((entry) => entry.clientId) : []));
    expect(members.map(idsOf)).toEqual([[2], [1], [1, 2]]);
  });

  it('[RL37] a room sends between 60 and 20 frames a second, depending on its size', async () => {
    const framesIn = async (people: number): Promise<number> => {
      const { members, time, move } = fanOutOf(people);
      for (let clock = 1; clock <= 1_000; clock++) {
        move(first(members), clock);
        await time.advance(1);
      }
      return first(members, 1).buffers.length;
    };
    const small = await framesIn(2);
    expect(small).toBeGreaterThan(55);
    expect(small).toBeLessThanOrEqual(62);
    const large = await framesIn(150);
    expect(large).toBeGreaterThan(18);
    expect(large).toBeLessThanOrEqual(21);
  });

  it('[RL25] a full socket gets no cursors, and wet ink beyond the bound of a tick is dropped', async () => {
    const { members, seatOf, time, fanOut, move } = fanOutOf(3, { maxWetBytesPerTick: 1_000 });
    first(members, 1).isStuck = true;
    move(first(members), 1);
    for (let i = 0; i < 10; i++) {
      fanOut.wet(seatOf(first(members)), { type: 'wet', clientId: 1, gesture: 'g', index: i, isEnd: false, payload: new Uint8Array(300) });
    }
    await time.advance(100);
    expect(first(members, 1).buffers).toEqual([]);
    expect(
      first(members, 2)
        .messages()
        .filter((message) => message.type === 'wet'),
    ).toHaveLength(3);
  });
});

describe('both lanes', () => {
  it('[RL92] changes and cursors of one tick are one socket write for each member', async () => {
    const { members, seatOf, time, fanOut, move } = fanOutOf(3);
    move(first(members), 1);
    await time.advance(0);
    for (let clock = 2; clock <= 4; clock++) {
      await time.advance(13);
      move(first(members), clock);
      fanOut.wet(seatOf(first(members)), {
        type: 'wet',
        clientId: 1,
        gesture: 'g',
        index: clock,
        isEnd: false,
        payload: new Uint8Array(9),
      });
      fanOut.change(seatOf(first(members)), update(`k${clock}`));
      fanOut.flush();
    }
    for (const reader of members.slice(1)) {
      expect(reader.writes.map((frames) => frames.length)).toEqual([1, 2, 2, 2]);
      expect(reader.messages().map(({ type }) => type)).toEqual(['awareness', ...Array(3).fill(['update', 'awareness', 'wet']).flat()]);
    }
  });

  it('[RL92] an ack is in the write of the changes; a member without changes gets it alone', async () => {
    const { members, seatOf, fanOut } = fanOutOf(3);
    const [author, other] = [first(members), first(members, 1)];
    fanOut.change(seatOf(author), update('k'));
    fanOut.flush(({ member }) => (member === first(members, 2) ? null : createOutgoing([{ type: 'ack', count: 1 }], testFraming)));
    expect(members.map(({ writes }) => writes.map((frames) => frames.length))).toEqual([[1], [2], [1]]);
    expect([author, other].map((member) => member.messages().map(({ type }) => type))).toEqual([['ack'], ['update', 'ack']]);
  });

  it('[RL37] a change does not bring cursors before three quarters of their pause are over', async () => {
    const { members, seatOf, time, fanOut, move } = fanOutOf(2);
    move(first(members), 1);
    await time.advance(0);
    const typesAt = async (ms: number): Promise<string[]> => {
      await time.advance(ms);
      move(first(members), ms);
      fanOut.change(seatOf(first(members)), update(`k${ms}`));
      fanOut.flush();
      return first(members, 1)
        .messages()
        .splice(0)
        .map(({ type }) => type);
    };
    expect(await typesAt(11)).toEqual(['awareness', 'update']);
    expect(await typesAt(2)).toEqual(['awareness', 'update', 'update', 'awareness']);
  });
});

describe('first sync', () => {
  const whole = new Uint8Array([0]);

  it('[RL29] members that join at one version share its Buffers; a new version is encoded anew', () => {
    const document = new RoomDocument();
    document.apply(update('a'));
    const answers = new SyncAnswers(testFraming, defaultLimits);
    const [ana, ben, late] = [fakeMember(1), fakeMember(2), fakeMember(3)];
    answers.answer(ana, document, whole);
    answers.answer(ben, document, whole);
    expect(ana.buffers[0]).toBe(ben.buffers[0]);
    document.apply(update('b', 2));
    answers.answer(late, document, whole);
    expect(late.buffers[0]).not.toBe(ana.buffers[0]);
  });

  it('[RL29] members at the same state share the difference; another state, or a change, gets its own', () => {
    const document = new RoomDocument();
    document.apply(update('a'));
    const answers = new SyncAnswers(testFraming, defaultLimits);
    const old = document.stateVector();
    document.apply(update('b', 2));
    const [ana, ben, other, late] = [fakeMember(1), fakeMember(2), fakeMember(3), fakeMember(4)];
    answers.answer(ana, document, old);
    answers.answer(ben, document, Uint8Array.from(old));
    answers.answer(other, document, document.stateVector());
    expect(ana.buffers[0]).toBe(ben.buffers[0]);
    document.apply(update('c', 3));
    answers.answer(late, document, old);
    const keysFor = (member: FakeMember): string[] => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, update('a'));
      for (const message of member.messages()) if (message.type === 'sync-step-2') Y.applyUpdate(doc, message.update);
      return [...doc.getMap('m').keys()].sort();
    };
    expect([ana, ben, other, late].map(keysFor)).toEqual([['a', 'b'], ['a', 'b'], ['a'], ['a', 'b', 'c']]);
  });

  it('[RL29] members that join while a large document is edited share an older copy and get the difference, together everything', () => {
    const big = new Y.Doc();
    big.getMap('m').set('big', new Uint8Array(300_000));
    const document = new RoomDocument();
    document.apply(Y.encodeStateAsUpdate(big));
    const answers = new SyncAnswers({ ...testFraming, fragmentBytes: 10_000_000 }, defaultLimits);
    const ana = fakeMember(1, { isExtension: false });
    answers.answer(ana, document, whole);
    document.apply(update('tail', 2));
    const [ben, cleo] = [fakeMember(2, { isExtension: false }), fakeMember(3, { isExtension: false })];
    answers.answer(ben, document, whole);
    answers.answer(cleo, document, whole);
    expect(cleo.buffers[0]).toBe(ben.buffers[0]);
    expect(ben.messages().map((message) => message.type)).toEqual(['update', 'sync-step-2']);
    const seen = new Y.Doc();
    for (const message of ben.messages()) if ('update' in message) Y.applyUpdate(seen, message.update);
    expect([...seen.getMap('m').keys()].sort()).toEqual(['big', 'tail']);
  });
});
