/**
 * The rules that every Bus keeps, as tests. Run them against your own:
 *
 *   busContract('my bus', async () => ({ nodes: [await connect(), await connect(), await connect()], cleanup: async () => {} }));
 *
 * With `breakLink` and `healLink` the rules about a broken link are checked too, with `killNode` those about a dead
 * node. Titles cite the rules in SPEC.md. Needs vitest, an optional peer dependency.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BusContractOptions, type BusContractSetup, BusTrial, listener, pause, type Entered } from './bus-trial.ts';

/** Valid room names, including some that would collide under a careless key; relays use '' among themselves. */
const ROOM_NAMES = ['', 'a', 'a b', 'a/b', 'a:b', 'a{b}', 'a}', '*', '__proto__', '50%', 'ä', '☃😀', 'x'.repeat(512)];

export function busContract(name: string, setup: () => Promise<BusContractSetup>, options: BusContractOptions = {}): void {
  const trial = new BusTrial(setup, options);

  describe(`bus contract: ${name}`, { timeout: 4 * trial.timeoutMs }, () => {
    beforeEach(() => trial.begin());
    afterEach(() => trial.end());
    messageRules(trial);
    registryRules(trial);
    faultRules(trial);
  });
}

function messageRules(trial: BusTrial): void {
  describe('messages', () => {
    it('[BUS1] a published message reaches every other node of the room once, and never its sender', async () => {
      const [a, b, c] = await trial.three();
      a.room.publish(bytesOf('hello'));
      await trial.until(() => b.heard.received.length > 0 && c.heard.received.length > 0, 'the message');
      await pause(trial.quietMs);
      const expected = [{ from: trial.nodes[0].node, text: 'hello' }];
      expect(b.heard.received).toEqual(expected);
      expect(c.heard.received).toEqual(expected);
      expect(a.heard.received).toEqual([]);
    });

    it('[BUS2] messages of one sender arrive in order, published and sent ones together, in bursts and large ones', async () => {
      const [a, b, c] = await trial.three();
      const large = 'x'.repeat(1024 * 1024);
      for (let i = 0; i < 1_000; i++) {
        if (i % 3 === 0) a.room.send(trial.nodes[1].node, bytesOf(`${i}`));
        else a.room.publish(bytesOf(i === 500 ? `${i}${large}` : `${i}`));
        if (i % 5 === 0) c.room.publish(bytesOf(`c${i}`));
      }
      await trial.until(() => b.heard.received.filter(({ from }) => from === trial.nodes[0].node).length === 1_000, 'a thousand messages');
      const texts = b.heard.received.filter(({ from }) => from === trial.nodes[0].node).map(({ text }) => text);
      expect(texts.map((text) => Number.parseInt(text, 10))).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
      expect(texts[500]?.length).toBe(3 + large.length);
      const fromC = b.heard.received.filter(({ from }) => from === trial.nodes[2].node).map(({ text }) => text);
      expect(fromC).toEqual(Array.from({ length: 200 }, (_, i) => `c${5 * i}`));
    });

    it('[BUS3] a message sent to one node reaches that node only; to a node that is not there, no node', async () => {
      const [a, b, c] = await trial.three();
      a.room.send(trial.nodes[1].node, bytesOf('for b'));
      a.room.send('nobody', bytesOf('lost'));
      await trial.until(() => b.heard.received.length > 0, 'the message');
      await pause(trial.quietMs);
      expect(b.heard.received).toEqual([{ from: trial.nodes[0].node, text: 'for b' }]);
      expect(c.heard.received).toEqual([]);
      b.room.leave();
      a.room.send(trial.nodes[1].node, bytesOf('too late'));
      await pause(trial.quietMs);
      expect(b.heard.received).toHaveLength(1);
    });

    it('[BUS4] rooms are separate, whatever their names', async () => {
      const heard = await Promise.all(
        ROOM_NAMES.map(async (room) => ({
          room,
          entered: (await trial.together([trial.nodes[0], trial.nodes[1]], room)) as [Entered, Entered],
        })),
      );
      for (const { room, entered } of heard) entered[0].room.publish(bytesOf(room));
      await trial.until(() => heard.every(({ entered }) => entered[1].heard.received.length > 0), 'all messages');
      await pause(trial.quietMs);
      for (const { room, entered } of heard) expect(entered[1].heard.received.map(({ text }) => text)).toEqual([room]);
    });

    it('[BUS5] a sender may reuse its bytes, and each receiver gets bytes of its own', async () => {
      const [a, b, c] = await trial.three();
      const bytes = bytesOf('abc');
      a.room.publish(bytes);
      a.room.send(trial.nodes[1].node, bytes);
      bytes.fill(0);
      await trial.until(() => b.heard.raw.length === 2 && c.heard.raw.length === 1, 'messages');
      b.heard.raw[0]?.fill(1);
      expect(b.heard.raw[1]).toEqual(bytesOf('abc'));
      expect(c.heard.raw[0]).toEqual(bytesOf('abc'));
    });

    it('[BUS6] no listener is called during join, publish, send or leave; a room left is silent and can be joined again', async () => {
      const [a, b] = (await trial.together([trial.nodes[0], trial.nodes[1]])) as [Entered, Entered];
      a.room.publish(bytesOf('one'));
      expect(b.heard.received).toEqual([]);
      await trial.until(() => b.heard.received.length === 1, 'the first');
      b.room.leave();
      b.room.leave();
      expect(b.heard.gones).toEqual([]);
      a.room.publish(bytesOf('two'));
      await pause(trial.quietMs);
      expect(b.heard.received).toHaveLength(1);
      const again = trial.enter(trial.nodes[1], 'r');
      await trial.seesExactly(a.room, [trial.nodes[1]]);
      await trial.seesExactly(again.room, [trial.nodes[0]]);
      a.room.publish(bytesOf('three'));
      again.room.publish(bytesOf('four'));
      await trial.until(() => again.heard.received.length > 0 && a.heard.received.length > 0, 'messages after joining again');
      expect(again.heard.received.map(({ text }) => text)).toEqual(['three']);
      expect(b.heard.received).toHaveLength(1);
      b.room.publish(bytesOf('from a room that was left'));
      await pause(trial.quietMs);
      expect(a.heard.received.map(({ text }) => text)).toEqual(['four']);
    });

    it('[BUS7] a node can be in a room once, and has a name of its own', async () => {
      trial.enter(trial.nodes[0], 'r');
      expect(() => trial.nodes[0].join('r', listener())).toThrow(RangeError);
      expect(new Set(trial.nodes.map(({ node }) => node)).size).toBe(3);
      for (const { node } of trial.nodes) expect(node).toMatch(/^[A-Za-z0-9]{1,32}$/);
    });
  });
}

function registryRules(trial: BusTrial): void {
  describe('registry', () => {
    it('[BUS8] peers are the other nodes that have the room open; a node that leaves is removed, and its peers get gone', async () => {
      const [a, b, c] = await trial.three();
      trial.enter(trial.nodes[1], 'another');
      b.room.leave();
      await trial.seesExactly(a.room, [trial.nodes[2]]);
      await trial.seesExactly(c.room, [trial.nodes[0]]);
      await trial.until(() => a.heard.gones.length > 0 && c.heard.gones.length > 0, 'gone');
      expect([a.heard.gones, c.heard.gones, b.heard.gones]).toEqual([[trial.nodes[1].node], [trial.nodes[1].node], []]);
      expect([...a.heard.departures, ...c.heard.departures]).toEqual(['left', 'left']);
    });

    it('[BUS9] counts are the sums of what the nodes report, in the order asked for', async () => {
      const [a, b] = (await trial.together([trial.nodes[0], trial.nodes[1]])) as [Entered, Entered];
      const other = trial.enter(trial.nodes[2], 'other');
      a.room.report({ people: 2, connections: 3 });
      b.room.report({ people: 1, connections: 1 });
      b.room.report({ people: 4, connections: 5 });
      other.room.report({ people: 1, connections: 1 });
      const expected = [
        { people: 1, connections: 1 },
        { people: 0, connections: 0 },
        { people: 6, connections: 8 },
      ];
      const asked = ['other', 'nobody is here', 'r'];
      await trial.until(async () => JSON.stringify(await trial.nodes[2].counts(asked)) === JSON.stringify(expected), 'counts');
      b.room.leave();
      await trial.until(async () => (await trial.nodes[2].counts(['r']))[0]?.connections === 3, 'counts without the node that left');
      expect(await trial.nodes[0].counts([])).toEqual([]);
    });

    it('[BUS10] close leaves every room, can be repeated, and sends nothing after it', async () => {
      const [a, b] = await trial.three();
      trial.enter(trial.nodes[1], 'another');
      b.room.report({ people: 1, connections: 1 });
      await trial.nodes[1].close();
      await trial.nodes[1].close();
      expect(trial.nodes[1].isUp).toBe(false);
      b.room.publish(bytesOf('too late'));
      b.room.send(trial.nodes[0].node, bytesOf('too late'));
      b.room.report({ people: 9, connections: 9 });
      b.room.leave();
      await trial.seesExactly(a.room, [trial.nodes[2]]);
      await trial.until(() => a.heard.gones.length > 0, 'gone');
      expect(a.heard.departures).toEqual(['left']);
      expect(await trial.nodes[0].counts(['r', 'another'])).toEqual([
        { people: 0, connections: 0 },
        { people: 0, connections: 0 },
      ]);
      await expect(b.room.peers()).rejects.toThrow();
      await expect(trial.nodes[1].counts(['r'])).rejects.toThrow();
      expect(a.heard.received).toEqual([]);
    });
  });
}

function faultRules(trial: BusTrial): void {
  describe('faults', () => {
    it('[BUS11] while the link is down messages are dropped, questions are refused and nothing throws; then all rooms get restored', async ({
      skip,
    }) => {
      const { breakLink, healLink } = trial.made;
      if (breakLink === undefined || healLink === undefined) return skip('this setup cannot break a link');
      const [a, b] = await trial.three();
      const second = trial.enter(trial.nodes[0], 'second');
      const [leaving, stays] = (await trial.together([trial.nodes[0], trial.nodes[1]], 'leaving')) as [Entered, Entered];
      expect(trial.nodes[0].isUp).toBe(true);
      await breakLink(0);
      await trial.until(() => !trial.nodes[0].isUp, 'the break to be noticed');
      a.room.publish(bytesOf('lost'));
      a.room.send(trial.nodes[1].node, bytesOf('lost'));
      a.room.report({ people: 7, connections: 7 });
      await expect(a.room.peers()).rejects.toThrow();
      await expect(trial.nodes[0].counts(['r'])).rejects.toThrow();
      const third = trial.enter(trial.nodes[0], 'third');
      leaving.room.leave();
      b.room.publish(bytesOf('missed'));
      await pause(trial.quietMs);
      await healLink(0);
      await trial.until(() => trial.nodes[0].isUp && a.heard.restores > 0 && second.heard.restores > 0, 'restored');
      await trial.seesExactly(a.room, [trial.nodes[1], trial.nodes[2]]);
      await trial.seesExactly(b.room, [trial.nodes[0], trial.nodes[2]]);
      a.room.publish(bytesOf('here again'));
      b.room.publish(bytesOf('welcome'));
      await trial.until(() => a.heard.received.length > 0 && b.heard.received.length > 0, 'messages after the break');
      expect(b.heard.received.map(({ text }) => text)).toEqual(['here again']);
      expect(a.heard.received.map(({ text }) => text)).toEqual(['welcome']);
      await trial.until(async () => (await trial.nodes[1].counts(['r']))[0]?.people === 7, 'the report made meanwhile');
      await trial.until(() => stays.heard.departures.at(-1) === 'left', 'the goodbye of a room left meanwhile');
      const fourth = trial.enter(trial.nodes[1], 'third');
      await trial.seesExactly(fourth.room, [trial.nodes[0]]);
      fourth.room.publish(bytesOf('to a room joined meanwhile'));
      await trial.until(() => third.heard.received.length === 1, 'a room joined while the link was down');
    });

    it('[BUS12] a node that dies is reported gone, is no longer a peer, and no longer counts', async ({ skip }) => {
      const { killNode } = trial.made;
      if (killNode === undefined) return skip('this setup cannot kill a node');
      const [a, b, c] = await trial.three();
      b.room.report({ people: 1, connections: 1 });
      await trial.until(async () => (await trial.nodes[0].counts(['r']))[0]?.people === 1, 'its report');
      trial.killed.add(1);
      await killNode(1);
      await trial.until(() => a.heard.gones.includes(trial.nodes[1].node) && c.heard.gones.includes(trial.nodes[1].node), 'gone');
      expect([...a.heard.departures, ...c.heard.departures]).toEqual(['lost', 'lost']);
      await trial.seesExactly(a.room, [trial.nodes[2]]);
      await trial.until(async () => (await trial.nodes[0].counts(['r']))[0]?.people === 0, 'its report to be forgotten');
      a.room.publish(bytesOf('still here'));
      await trial.until(() => c.heard.received.length === 1, 'the others go on');
    });
  });
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
