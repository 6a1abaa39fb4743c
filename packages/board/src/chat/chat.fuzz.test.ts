/**
 * Devices of several people write, change, delete, react and read, apart from each other and together: at the end all show
 * the same, and nobody's act on something of their own is lost.
 */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { editKey } from '../document/message-record.ts';
import { chatMessages } from '../posts.ts';
import { type Device, device, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { UserId } from '../types.ts';

const users: readonly UserId[] = ['ana', 'ana', 'ben', 'ben', 'cy'];
const emojis = ['👍', '🎉', '❤️'] as const;

const who = fc.nat(users.length - 1);
/** Which of the messages that exist, as a share of them. */
const which = fc.double({ min: 0, max: 0.999, noNaN: true });
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('send' as const), who, text: fc.string({ minLength: 1, maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('edit' as const), who, which, text: fc.string({ minLength: 1, maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('remove' as const), who, which }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('react' as const), who, which, emoji: fc.constantFrom(...emojis) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('read' as const), who }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('sync' as const), who, other: who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('reload' as const), who }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('pass' as const), ms: fc.nat(100_000) }) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

class World {
  readonly wall = new Wall();
  readonly devices = users.map((user, n) => device(user, this.wall, { skewMs: n * 1_000, seed: n + 1 }));
  /** Messages that their author asked to delete, on any device. */
  readonly removed = new Set<string>();
  #seed = 100;

  run(step: Act): void {
    if (step.act === 'pass') return this.wall.pass(step.ms);
    const at = this.devices[step.who] as Device;
    const { chat } = at;
    const all = chat.messages();
    const own = all.filter(({ userId }) => userId === at.user);
    if (step.act === 'send' && step.text.trim() !== '' && chat.waitMs() === 0) chat.send(step.text, at.user);
    if (step.act === 'edit' && own.length > 0 && step.text.trim() !== '') chat.edit(one(own, step.which).id, step.text);
    if (step.act === 'remove' && own.length > 0) this.#remove(at, one(own, step.which).id);
    if (step.act === 'react' && all.length > 0) chat.toggleReaction(one(all, step.which).id, step.emoji);
    if (step.act === 'read') this.#read(at);
    if (step.act === 'sync') syncPair(at, this.devices[step.other] as Device);
    if (step.act === 'reload') this.devices[step.who] = device(at.user, this.wall, { state: at.state(), seed: this.#seed++ });
  }

  #remove(at: Device, id: string): void {
    at.chat.remove(id);
    this.removed.add(id);
    expect(at.chat.find(id)?.isDeleted).toBe(true);
    expect(at.chat.reactions(id)).toEqual([]);
  }

  #read(at: Device): void {
    const before = at.chat.readMarks().get(at.user)?.at ?? -1;
    at.chat.markRead();
    expect(at.chat.readMarks().get(at.user)?.at ?? -1).toBeGreaterThanOrEqual(before);
  }
}

function one<Item>(items: readonly Item[], share: number): Item {
  return items[Math.floor(share * items.length)] as Item;
}

/** What a person sees, without read marks, which an open chat never moves back while one just opened knows only the last. */
function shown({ chat }: Device): unknown {
  return chat.messages().map((message) => [message, message.isDeleted ? [] : chat.reactions(message.id)]);
}

it('[C1] [C8] [C9] [C10] [C11] any acts of five devices of three people: all end the same, also after a reload', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const world = new World();
      for (const step of acts) world.run(step);
      syncAll(...world.devices);
      const [first, ...others] = world.devices as [Device, ...Device[]];
      for (const other of others) expect(shown(other)).toEqual(shown(first));
      const fresh = device('dee', world.wall, { state: first.state() });
      expect(shown(fresh)).toEqual(shown(first));
      expect(chatMessages(first.doc)).toEqual(first.chat.messages());
      for (const { id, isDeleted, text } of first.chat.messages())
        expect([isDeleted, text === '']).toEqual(Array(2).fill(world.removed.has(id)));
      for (const [user, { at }] of fresh.chat.readMarks())
        for (const { chat } of world.devices) expect(chat.readMarks().get(user)?.at).toBeGreaterThanOrEqual(at);
      // One more write of each author, and no text of a deleted message is left.
      world.wall.pass(100_000);
      for (const at of world.devices) at.chat.send('last', at.user);
      syncAll(...world.devices);
      for (const { id, userId } of first.chat.messages().filter((message) => message.isDeleted))
        expect(first.doc.getMap('edits').get(editKey(id, userId))).toMatchObject({ x: 1 });
    }),
  );
});

it('[C10] reactions merge by key: what each person did last to an emoji is what all see', () => {
  const toggles = fc.array(fc.record({ who: fc.nat(2), emoji: fc.constantFrom(...emojis), sync: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(toggles, (steps) => {
      const wall = new Wall();
      const devices = ['ana', 'ben', 'cy'].map((user) => device(user, wall));
      const id = (devices[0] as Device).chat.send('hello', 'Ana');
      syncAll(...devices);
      const given = new Map<string, Set<UserId>>(emojis.map((emoji) => [emoji, new Set()]));
      for (const { who: n, emoji, sync } of steps) {
        const at = devices[n] as Device;
        at.chat.toggleReaction(id, emoji);
        const people = given.get(emoji) as Set<UserId>;
        if (!people.delete(at.user)) people.add(at.user);
        if (sync) syncPair(at, devices[(n + 1) % 3] as Device);
      }
      syncAll(...devices);
      for (const { chat } of devices) {
        const seen = new Map(chat.reactions(id).map(({ emoji, userIds }) => [emoji, new Set(userIds)]));
        for (const [emoji, people] of given) expect(seen.get(emoji) ?? new Set()).toEqual(people);
      }
    }),
  );
});
