/**
 * Attacks below the protocol: frames, fragments, pings, clients that do not read, paths, and bytes that are not
 * WebSocket.
 */

import * as Y from 'yjs';
import { Attacker, comesTrue, person, RawSocket, reaches, sendEach } from './clients.ts';
import { fromHex, noise, settingKey, step1Frame, updateFrame } from './crafted.ts';
import { MIB, mib, type Row } from './row.ts';

const FRAGMENTS = 30_000;
const PINGS = 150_000;
const PING_BYTES = 120;
const CHANGES = 1_000;
const CHANGE_BYTES = 20_000;
const ASKS = 200;

/** Rows that kill a relay without guards come last. */
export const socketRows: readonly Row[] = [
  {
    id: 'B1',
    title: 'a frame above the limit is refused with a code after which a stock client does not retry',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const mallory = await sendEach(target, room, [updateFrame(settingKey('big', new Uint8Array(16 * MIB)))]);
      if (mallory.closed === 1009) return 'closed with 1009, after which a stock client retries forever';
      const ben = await person(target, room, 'ben');
      if (!(await reaches(ana, ben))) return 'changes no longer reach anyone';
      return ben.has('big') ? 'a frame of 16 MB was accepted and sent to everyone' : null;
    },
  },
  {
    id: 'B2',
    title: `a message of ${FRAGMENTS.toLocaleString('en')} fragments is not buffered`,
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const mallory = await new Attacker(target, room).entered();
      const byte = new Uint8Array([99]);
      for (let i = 0; i < FRAGMENTS && mallory.ws.readyState === mallory.ws.OPEN; i++) mallory.ws.send(byte, { binary: true, fin: false });
      await mallory.done();
      return mallory.closed === null ? `${FRAGMENTS} fragments of one message are buffered, without a limit` : null;
    },
  },
  {
    id: 'B3',
    title: 'pongs for a client that reads nothing do not pile up in memory',
    async attack(target) {
      const room = target.room();
      await person(target, room, 'ana');
      const mallory = await new Attacker(target, room).entered();
      mallory.ws.pause();
      const payload = Buffer.alloc(PING_BYTES);
      for (let i = 0; i < PINGS; i++) mallory.ws.ping(payload);
      await comesTrue(() => mallory.ws.bufferedAmount === 0 || mallory.ws.readyState !== mallory.ws.OPEN);
      let heldBytes = 0;
      for (let look = 0; look < 20 && heldBytes < 4 * MIB; look++) heldBytes = (await target.facts()).heldBytes;
      return heldBytes > 4 * MIB ? `${mib(heldBytes)} of pongs are held` : null;
    },
  },
  {
    id: 'B4',
    title: 'a client that reads nothing costs at most 1 MB and does not slow others, and gets everything when it reads again',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const ben = await person(target, room, 'ben');
      const slow = await person(target, room, 'slow');
      slow.ws.pause();
      const value = 'x'.repeat(CHANGE_BYTES);
      for (let i = 0; i < CHANGES; i++) {
        ana.set('k', `${i}${value}`);
        if (i % 20 === 0) await comesTrue(() => ana.ws.bufferedAmount < MIB);
      }
      if (!(await reaches(ana, ben))) return 'the others do not get the changes';
      const { heldBytes } = await target.facts();
      if (heldBytes > 2 * MIB) return `${mib(heldBytes)} are held for a client that does not read`;
      slow.ws.resume();
      const last = ana.doc.getMap('m').get('k');
      return (await comesTrue(() => slow.doc.getMap('m').get('k') === last)) ? null : 'a client that reads again does not get everything';
    },
  },
  {
    id: 'B18',
    title: `${ASKS} requests at once for a large document do not send it ${ASKS} times`,
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const ben = await person(target, room, 'ben');
      ana.set('drawing', 'x'.repeat(300_000));
      if (!(await reaches(ana, ben))) return 'changes reach no one';
      const documentBytes = Y.encodeStateAsUpdate(ben.doc).length;
      const mallory = await new Attacker(target, room).entered();
      mallory.send(...Array.from({ length: ASKS }, () => step1Frame(fromHex('00'))));
      await mallory.done();
      let seenBytes = -1;
      while (mallory.receivedBytes !== seenBytes) {
        seenBytes = mallory.receivedBytes;
        await comesTrue(() => mallory.receivedBytes !== seenBytes, 300);
      }
      const times = Math.round(seenBytes / documentBytes);
      return times > ASKS / 4 ? `600 bytes brought ${mib(seenBytes)}: ${times} documents` : null;
    },
  },
  {
    id: 'B7',
    title: 'bytes that are not WebSocket frames end one socket, not the process',
    async attack(target) {
      const room = target.room();
      const ana = await person(target, room, 'ana');
      const ben = await person(target, room, 'ben');
      for (const bytes of [...brokenFrames, ...Array.from({ length: 30 }, (_, i) => noise(i + 1, 1 + i * 3))]) {
        const raw = new RawSocket(target, `/${room}`);
        await raw.answered();
        raw.socket.end(bytes);
        await comesTrue(() => raw.isClosed || !target.isAlive, 2_000);
        raw.close();
        if (!target.isAlive) return `the process died of ${Buffer.from(bytes).toString('hex').slice(0, 24)}`;
      }
      return (await reaches(ana, ben)) ? null : 'changes no longer reach anyone';
    },
  },
  {
    id: 'B11',
    title: 'no room name has a special meaning',
    async attack(target) {
      const letIn: string[] = [];
      for (const name of ['%00', '%2e%2e', '..', '%', '%ff', 'x'.repeat(4_000)]) {
        const raw = new RawSocket(target, `/${name}`);
        if ((await raw.answered()) === true) letIn.push(name.slice(0, 8));
        raw.close();
        if (!target.isAlive) return `the process died of the name ${name.slice(0, 20)}`;
      }
      for (const name of ['__proto__', 'constructor', 'toString', '%7B%22$gt%22%3A%22%22%7D']) {
        const ana = await person(target, name, 'ana');
        if (ana.closed !== null && (await comesTrue(() => !target.isAlive))) return `the process died of the name ${name}`;
        const ben = await person(target, name, 'ben');
        if (!(await reaches(ana, ben))) return `the room ${name} does not work`;
        const other = await person(target, target.room(), 'cem');
        if (other.doc.getMap('m').size > 0) return `the room ${name} is seen from another`;
      }
      return letIn.length > 0 ? `rooms named ${letIn.join(' ')}` : null;
    },
  },
];

/** Bytes sent after the upgrade; each breaks RFC 6455 in its own way. */
const brokenFrames: readonly Uint8Array[] = [
  'f1 80 00000000', // reserved bits
  '83 80 00000000', // an opcode that does not exist
  '82 01 00', // not masked
  '80 80 00000000', // a continuation without a start
  '09 80 00000000', // half a ping
  '89 fe 0100 00000000', // a ping that is too long
  '88 81 00000000 03', // a close frame with half a code
  '88 82 00000000 03ed', // a reserved close code
  '81 82 00000000 c328', // text that is not UTF-8
  '82 ff ffffffffffffffff 00000000', // 2^64 - 1 bytes
  '82 ff 0020000000000000 00000000', // 2^53 bytes
].map(fromHex);
