/**
 * The rules that every Bus keeps, as tests. Run them against your own:
 *
 *   busContract('my bus', async () => ({ nodes: [await connect(), await connect(), await connect()], cleanup: async () => {} }));
 *
 * With `breakLink` and `healLink` the rules about a broken link are checked too, with `killNode` those about a dead
 * node. Titles cite the rules in SPEC.md. Needs vitest, an optional peer dependency.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus, BusListener, BusRoom, Departure } from '../bus/bus.ts';

export interface BusContractSetup {
  /** Three nodes on one bus, linked to each other. */
  nodes: readonly [Bus, Bus, Bus];
  /** Cuts node `i` off from the others; they may notice it some time later. */
  breakLink?(i: number): Promise<void> | void;
  healLink?(i: number): Promise<void> | void;
  /** Stops node `i` without a goodbye, its heartbeat included. Its `close` is not called afterwards. */
  killNode?(i: number): Promise<void> | void;
  /** Called after each test, when every node that was not killed is closed. */
  cleanup(): Promise<void>;
}

export interface BusContractOptions {
  /** Longest time for anything, including the detection of a dead node. */
  timeoutMs?: number;
  /** Time within which a message arrives; used to show that none came. */
  quietMs?: number;
}

interface Heard extends BusListener {
  received: { from: string; text: string }[];
  raw: Uint8Array[];
  restores: number;
  gones: string[];
  departures: Departure[];
  isInJoin: boolean;
}

/** Valid room names, including some that would collide under a careless key; relays use '' among themselves. */
const ROOM_NAMES = ['', 'a', 'a b', 'a/b', 'a:b', 'a{b}', 'a}', '*', '__proto__', '50%', 'ä', '☃😀', 'x'.repeat(512)];

export function busContract(name: string, setup: () => Promise<BusContractSetup>, options: BusContractOptions = {}): void {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const quietMs = options.quietMs ?? 100;

  describe(`bus contract: ${name}`, { timeout: 4 * timeoutMs }, () => {
    let made: BusContractSetup;
    let nodes: readonly [Bus, Bus, Bus];
    let killed: Set<number>;

    beforeEach(async () => {
      made = await setup();
      nodes = made.nodes;
      killed = new Set();
    });

    afterEach(async () => {
      for (const [i, node] of nodes.entries()) if (!killed.has(i)) await node.close();
      await made.cleanup();
    });

    const until = async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
      const deadline = Date.now() + timeoutMs;
      while (!(await condition())) {
        if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
        await pause(5);
      }
    };

    const enter = (node: Bus, room: string): { heard: Heard; room: BusRoom } => {
      const heard = listener();
      heard.isInJoin = true;
      const joined = node.join(room, heard);
      heard.isInJoin = false;
      return { heard, room: joined };
    };

    /** Names of the other nodes that `room` lists; null while the link is down. */
    const peersOf = (room: BusRoom): Promise<string[] | null> =>
      room.peers().then(
        (names) => names.sort(),
        () => null,
      );

    const seesExactly = (room: BusRoom, others: readonly Bus[]): Promise<void> => {
      const expected = others.map(({ node }) => node).sort();
      return until(async () => JSON.stringify(await peersOf(room)) === JSON.stringify(expected), `peers ${expected.join(', ')}`);
    };

    /** All of these nodes in one room, each listed for the others, so that they hear each other. */
    const together = async (members: readonly Bus[], room = 'r'): Promise<{ heard: Heard; room: BusRoom }[]> => {
      const entered = members.map((node) => enter(node, room));
      for (const [i, { room: joined }] of entered.entries())
        await seesExactly(
          joined,
          members.filter((_, j) => j !== i),
        );
      return entered;
    };

    const three = async (): Promise<[Entered, Entered, Entered]> => (await together(nodes)) as [Entered, Entered, Entered];

    describe('messages', () => {
      it('[BUS1] a published message reaches every other node of the room once, and never its sender', async () => {
        const [a, b, c] = await three();
        a.room.publish(bytesOf('hello'));
        await until(() => b.heard.received.length > 0 && c.heard.received.length > 0, 'the message');
        await pause(quietMs);
        const expected = [{ from: nodes[0].node, text: 'hello' }];
        expect(b.heard.received).toEqual(expected);
        expect(c.heard.received).toEqual(expected);
        expect(a.heard.received).toEqual([]);
      });

      it('[BUS2] messages of one sender arrive in order, published and sent ones together, in bursts and large ones', async () => {
        const [a, b, c] = await three();
        const large = 'x'.repeat(1024 * 1024);
        for (let i = 0; i < 1_000; i++) {
          if (i % 3 === 0) a.room.send(nodes[1].node, bytesOf(`${i}`));
          else a.room.publish(bytesOf(i === 500 ? `${i}${large}` : `${i}`));
          if (i % 5 === 0) c.room.publish(bytesOf(`c${i}`));
        }
        await until(() => b.heard.received.filter(({ from }) => from === nodes[0].node).length === 1_000, 'a thousand messages');
        const texts = b.heard.received.filter(({ from }) => from === nodes[0].node).map(({ text }) => text);
        expect(texts.map((text) => Number.parseInt(text, 10))).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
        expect(texts[500]?.length).toBe(3 + large.length);
        const fromC = b.heard.received.filter(({ from }) => from === nodes[2].node).map(({ text }) => text);
        expect(fromC).toEqual(Array.from({ length: 200 }, (_, i) => `c${5 * i}`));
      });

      it('[BUS3] a message sent to one node reaches that node only; to a node that is not there, no node', async () => {
        const [a, b, c] = await three();
        a.room.send(nodes[1].node, bytesOf('for b'));
        a.room.send('nobody', bytesOf('lost'));
        await until(() => b.heard.received.length > 0, 'the message');
        await pause(quietMs);
        expect(b.heard.received).toEqual([{ from: nodes[0].node, text: 'for b' }]);
        expect(c.heard.received).toEqual([]);
        b.room.leave();
        a.room.send(nodes[1].node, bytesOf('too late'));
        await pause(quietMs);
        expect(b.heard.received).toHaveLength(1);
      });

      it('[BUS4] rooms are separate, whatever their names', async () => {
        const heard = await Promise.all(
          ROOM_NAMES.map(async (room) => ({ room, entered: (await together([nodes[0], nodes[1]], room)) as [Entered, Entered] })),
        );
        for (const { room, entered } of heard) entered[0].room.publish(bytesOf(room));
        await until(() => heard.every(({ entered }) => entered[1].heard.received.length > 0), 'all messages');
        await pause(quietMs);
        for (const { room, entered } of heard) expect(entered[1].heard.received.map(({ text }) => text)).toEqual([room]);
      });

      it('[BUS5] a sender may reuse its bytes, and each receiver gets bytes of its own', async () => {
        const [a, b, c] = await three();
        const bytes = bytesOf('abc');
        a.room.publish(bytes);
        a.room.send(nodes[1].node, bytes);
        bytes.fill(0);
        await until(() => b.heard.raw.length === 2 && c.heard.raw.length === 1, 'messages');
        b.heard.raw[0]?.fill(1);
        expect(b.heard.raw[1]).toEqual(bytesOf('abc'));
        expect(c.heard.raw[0]).toEqual(bytesOf('abc'));
      });

      it('[BUS6] no listener is called during join, publish, send or leave; a room left is silent and can be joined again', async () => {
        const [a, b] = (await together([nodes[0], nodes[1]])) as [Entered, Entered];
        a.room.publish(bytesOf('one'));
        expect(b.heard.received).toEqual([]);
        await until(() => b.heard.received.length === 1, 'the first');
        b.room.leave();
        b.room.leave();
        expect(b.heard.gones).toEqual([]);
        a.room.publish(bytesOf('two'));
        await pause(quietMs);
        expect(b.heard.received).toHaveLength(1);
        const again = enter(nodes[1], 'r');
        await seesExactly(a.room, [nodes[1]]);
        await seesExactly(again.room, [nodes[0]]);
        a.room.publish(bytesOf('three'));
        again.room.publish(bytesOf('four'));
        await until(() => again.heard.received.length > 0 && a.heard.received.length > 0, 'messages after joining again');
        expect(again.heard.received.map(({ text }) => text)).toEqual(['three']);
        expect(b.heard.received).toHaveLength(1);
        b.room.publish(bytesOf('from a room that was left'));
        await pause(quietMs);
        expect(a.heard.received.map(({ text }) => text)).toEqual(['four']);
      });

      it('[BUS7] a node can be in a room once, and has a name of its own', async () => {
        enter(nodes[0], 'r');
        expect(() => nodes[0].join('r', listener())).toThrow(RangeError);
        expect(new Set(nodes.map(({ node }) => node)).size).toBe(3);
        for (const { node } of nodes) expect(node).toMatch(/^[A-Za-z0-9]{1,32}$/);
      });
    });

    describe('registry', () => {
      it('[BUS8] peers are the other nodes that have the room open; a node that leaves is removed, and its peers get gone', async () => {
        const [a, b, c] = await three();
        enter(nodes[1], 'another');
        b.room.leave();
        await seesExactly(a.room, [nodes[2]]);
        await seesExactly(c.room, [nodes[0]]);
        await until(() => a.heard.gones.length > 0 && c.heard.gones.length > 0, 'gone');
        expect([a.heard.gones, c.heard.gones, b.heard.gones]).toEqual([[nodes[1].node], [nodes[1].node], []]);
        expect([...a.heard.departures, ...c.heard.departures]).toEqual(['left', 'left']);
      });

      it('[BUS9] counts are the sums of what the nodes report, in the order asked for', async () => {
        const [a, b] = (await together([nodes[0], nodes[1]])) as [Entered, Entered];
        const other = enter(nodes[2], 'other');
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
        await until(async () => JSON.stringify(await nodes[2].counts(asked)) === JSON.stringify(expected), 'counts');
        b.room.leave();
        await until(async () => (await nodes[2].counts(['r']))[0]?.connections === 3, 'counts without the node that left');
        expect(await nodes[0].counts([])).toEqual([]);
      });

      it('[BUS10] close leaves every room, can be repeated, and sends nothing after it', async () => {
        const [a, b] = await three();
        enter(nodes[1], 'another');
        b.room.report({ people: 1, connections: 1 });
        await nodes[1].close();
        await nodes[1].close();
        expect(nodes[1].isUp).toBe(false);
        b.room.publish(bytesOf('too late'));
        b.room.send(nodes[0].node, bytesOf('too late'));
        b.room.report({ people: 9, connections: 9 });
        b.room.leave();
        await seesExactly(a.room, [nodes[2]]);
        await until(() => a.heard.gones.length > 0, 'gone');
        expect(a.heard.departures).toEqual(['left']);
        expect(await nodes[0].counts(['r', 'another'])).toEqual([
          { people: 0, connections: 0 },
          { people: 0, connections: 0 },
        ]);
        await expect(b.room.peers()).rejects.toThrow();
        await expect(nodes[1].counts(['r'])).rejects.toThrow();
        expect(a.heard.received).toEqual([]);
      });
    });

    describe('faults', () => {
      it('[BUS11] while the link is down messages are dropped, questions are refused and nothing throws; then all rooms get restored', async ({
        skip,
      }) => {
        const { breakLink, healLink } = made;
        if (breakLink === undefined || healLink === undefined) return skip('this setup cannot break a link');
        const [a, b] = await three();
        const second = enter(nodes[0], 'second');
        const [leaving, stays] = (await together([nodes[0], nodes[1]], 'leaving')) as [Entered, Entered];
        expect(nodes[0].isUp).toBe(true);
        await breakLink(0);
        await until(() => !nodes[0].isUp, 'the break to be noticed');
        a.room.publish(bytesOf('lost'));
        a.room.send(nodes[1].node, bytesOf('lost'));
        a.room.report({ people: 7, connections: 7 });
        await expect(a.room.peers()).rejects.toThrow();
        await expect(nodes[0].counts(['r'])).rejects.toThrow();
        const third = enter(nodes[0], 'third');
        leaving.room.leave();
        b.room.publish(bytesOf('missed'));
        await pause(quietMs);
        await healLink(0);
        await until(() => nodes[0].isUp && a.heard.restores > 0 && second.heard.restores > 0, 'restored');
        await seesExactly(a.room, [nodes[1], nodes[2]]);
        await seesExactly(b.room, [nodes[0], nodes[2]]);
        a.room.publish(bytesOf('here again'));
        b.room.publish(bytesOf('welcome'));
        await until(() => a.heard.received.length > 0 && b.heard.received.length > 0, 'messages after the break');
        expect(b.heard.received.map(({ text }) => text)).toEqual(['here again']);
        expect(a.heard.received.map(({ text }) => text)).toEqual(['welcome']);
        await until(async () => (await nodes[1].counts(['r']))[0]?.people === 7, 'the report made meanwhile');
        await until(() => stays.heard.departures.at(-1) === 'left', 'the goodbye of a room left meanwhile');
        const fourth = enter(nodes[1], 'third');
        await seesExactly(fourth.room, [nodes[0]]);
        fourth.room.publish(bytesOf('to a room joined meanwhile'));
        await until(() => third.heard.received.length === 1, 'a room joined while the link was down');
      });

      it('[BUS12] a node that dies is reported gone, is no longer a peer, and no longer counts', async ({ skip }) => {
        const { killNode } = made;
        if (killNode === undefined) return skip('this setup cannot kill a node');
        const [a, b, c] = await three();
        b.room.report({ people: 1, connections: 1 });
        await until(async () => (await nodes[0].counts(['r']))[0]?.people === 1, 'its report');
        killed.add(1);
        await killNode(1);
        await until(() => a.heard.gones.includes(nodes[1].node) && c.heard.gones.includes(nodes[1].node), 'gone');
        expect([...a.heard.departures, ...c.heard.departures]).toEqual(['lost', 'lost']);
        await seesExactly(a.room, [nodes[2]]);
        await until(async () => (await nodes[0].counts(['r']))[0]?.people === 0, 'its report to be forgotten');
        a.room.publish(bytesOf('still here'));
        await until(() => c.heard.received.length === 1, 'the others go on');
      });
    });
  });
}

type Entered = { heard: Heard; room: BusRoom };

function listener(): Heard {
  const heard: Heard = {
    received: [],
    raw: [],
    restores: 0,
    gones: [],
    departures: [],
    isInJoin: false,
    receive(from, bytes) {
      if (heard.isInJoin) throw new Error('called during join');
      heard.received.push({ from, text: new TextDecoder().decode(bytes) });
      heard.raw.push(bytes);
    },
    restored() {
      if (heard.isInJoin) throw new Error('called during join');
      heard.restores += 1;
    },
    gone(node, how) {
      if (heard.isInJoin) throw new Error('called during join');
      heard.gones.push(node);
      heard.departures.push(how);
    },
  };
  return heard;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
