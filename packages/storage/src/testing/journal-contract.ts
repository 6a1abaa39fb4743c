/** Rules about the journal, checkpoints and loading, as tests. A part of `storageContract`; titles cite the rules in SPEC.md. */

import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { storageLimits } from '../limits.ts';
import type { Position } from '../port.ts';
import { isCovered, joinPositions, START } from '../position.ts';
import { bytes, type StoreOfTest } from './store-of-test.ts';

export function journalRules({ open, again }: StoreOfTest): void {
  describe('journal', () => {
    it('[ST1] load returns updates in the order they were appended', async () => {
      const first = await open().append('r', [bytes(1), bytes(2)]);
      const second = await open().append('r', [bytes(3)]);
      expect(isCovered(first, second)).toBe(true);
      expect(isCovered(second, first)).toBe(false);
      const loaded = await (await again()).load('r');
      expect(loaded.updates.map(([value]) => value)).toEqual([1, 2, 3]);
      expect(loaded).toMatchObject({ checkpoint: null, epoch: 0, isErased: false, quarantined: 0, bytes: 3 });
      expect(loaded.position).toEqual(second);
    });

    it('[ST1] many concurrent appends are all kept, each batch together and in order', async () => {
      const batches = Array.from({ length: 100 }, (_, i) => [bytes(i, 0), bytes(i, 1), bytes(i, 2)]);
      const positions = await Promise.all(batches.map((batch) => open().append('r', batch)));
      expect(new Set(positions.map((position) => JSON.stringify(position))).size).toBe(100);
      const { updates } = await (await again()).load('r');
      expect(updates).toHaveLength(300);
      for (const batch of batches) {
        const [number] = batch[0] ?? [];
        const from = updates.findIndex(([value]) => value === number);
        expect(updates.slice(from, from + 3)).toEqual(batch);
      }
    });

    it('[ST2] an acknowledged append is there when the data is opened again', async () => {
      await open().append('r', [bytes(7)]);
      expect((await (await again()).load('r')).updates).toEqual([bytes(7)]);
    });

    it('[ST3] a room never written is empty, at the start, and reading it does not create it', async () => {
      expect(await open().load('nobody')).toEqual({
        checkpoint: null,
        updates: [],
        position: {},
        epoch: 0,
        isErased: false,
        quarantined: 0,
        bytes: 0,
      });
      expect(await open().append('nobody', [])).toEqual({});
      expect(await open().list({ limit: 10 })).toEqual([]);
    });

    it('[ST4] the store copies what is appended, and what load returns belongs to the caller', async () => {
      const update = bytes(1, 2, 3);
      const appended = open().append('r', [update]);
      update.fill(9);
      await appended;
      (await open().load('r')).updates[0]?.fill(8);
      expect((await open().load('r')).updates).toEqual([bytes(1, 2, 3)]);
    });

    it('[ST5] an update of the largest size is accepted, and one byte more is refused with the whole batch', async () => {
      const largest = new Uint8Array(storageLimits.maxUpdateBytes).fill(5);
      await open().append('r', [largest]);
      await expect(open().append('r', [bytes(1), new Uint8Array(storageLimits.maxUpdateBytes + 1)])).rejects.toMatchObject({
        code: 'TOO_LARGE',
      });
      const loaded = await (await again()).load('r');
      expect(loaded.updates).toHaveLength(1);
      expect(Buffer.compare(loaded.updates[0] ?? bytes(), largest)).toBe(0);
    });

    it('[ST5] an empty update is kept', async () => {
      await open().append('r', [bytes(), bytes(1)]);
      expect((await (await again()).load('r')).updates).toEqual([bytes(), bytes(1)]);
    });

    it('[ST6] rooms are separate, whatever their names', async () => {
      const names = [
        'a',
        'a/b',
        '../a',
        'A',
        'a\u0000',
        'a\u0000b',
        'é',
        'e\u0301',
        '😀',
        '\uffff',
        ' ',
        '%2e',
        '__proto__',
        'x'.repeat(512),
        '😀'.repeat(128),
      ];
      for (const [i, name_] of names.entries()) await open().append(name_, [bytes(i)]);
      await again();
      for (const [i, name_] of names.entries()) expect((await open().load(name_)).updates).toEqual([bytes(i)]);
      expect(new Set((await open().list({ limit: 100 })).map(({ room }) => room))).toEqual(new Set(names));
    });

    it('[ST6] a name is 1 to 512 bytes of UTF-8', async () => {
      await expect(open().append('x'.repeat(513), [bytes(1)])).rejects.toMatchObject({ code: 'TOO_LARGE' });
      await expect(open().load('é'.repeat(257))).rejects.toMatchObject({ code: 'TOO_LARGE' });
      await expect(open().append('', [bytes(1)])).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().remove('a\ud800')).rejects.toMatchObject({ code: 'INVALID' });
      expect(await open().list({ limit: 10 })).toEqual([]);
    });
  });
}

export function checkpointRules({ open, again }: StoreOfTest): void {
  describe('checkpoint', () => {
    it('[ST7] a checkpoint replaces the rows it covers, and no other', async () => {
      const two = await open().append('r', [bytes(1), bytes(2)]);
      const three = await open().append('r', [bytes(3)]);
      expect(await open().checkpoint('r', bytes(1, 2), two)).toBe('written');
      const loaded = await (await again()).load('r');
      expect(loaded).toMatchObject({ checkpoint: bytes(1, 2), updates: [bytes(3)], position: three, quarantined: 0, bytes: 3 });
      const four = await open().append('r', [bytes(4)]);
      const all = joinPositions(loaded.position, four);
      expect(await open().checkpoint('r', bytes(1, 2, 3, 4), all)).toBe('written');
      expect(await (await again()).load('r')).toMatchObject({
        checkpoint: bytes(1, 2, 3, 4),
        updates: [],
        position: all,
        quarantined: 0,
      });
    });

    it('[ST7] rows appended while a checkpoint is written stay', async () => {
      const one = await open().append('r', [bytes(1)]);
      const checkpoint = open().checkpoint('r', new Uint8Array(6_000_000).fill(1), one);
      const appends = Array.from({ length: 50 }, (_, i) => open().append('r', [bytes(i)]));
      await Promise.all([checkpoint, ...appends]);
      const loaded = await (await again()).load('r');
      expect(loaded.checkpoint).toHaveLength(6_000_000);
      expect(loaded.updates).toHaveLength(50);
      expect(loaded.quarantined).toBe(0);
    });

    it('[ST8] a checkpoint that covers less than the present one changes nothing', async () => {
      const one = await open().append('r', [bytes(1)]);
      const two = await open().append('r', [bytes(2)]);
      await open().checkpoint('r', bytes(1, 2), two);
      expect(await open().checkpoint('r', bytes(1), one)).toBe('covered');
      expect(await (await again()).load('r')).toMatchObject({ checkpoint: bytes(1, 2), updates: [] });
    });

    it('[ST8] two checkpoints at once do no harm, and one of the same position replaces', async () => {
      const one = await open().append('r', [bytes(1)]);
      const two = await open().append('r', [bytes(2)]);
      const three = await open().append('r', [bytes(3)]);
      await Promise.all([
        open().checkpoint('r', bytes(1, 2), two),
        open().checkpoint('r', bytes(1, 2, 3), three),
        open().checkpoint('r', bytes(1), one),
      ]);
      expect(await open().load('r')).toMatchObject({ checkpoint: bytes(1, 2, 3), updates: [], quarantined: 0 });
      await open().checkpoint('r', bytes(9), three);
      expect(await (await again()).load('r')).toMatchObject({ checkpoint: bytes(9), updates: [], quarantined: 0 });
    });

    it('[ST9] a position that the journal has not reached is refused', async () => {
      const one = await open().append('r', [bytes(1)]);
      const by = (number: (row: number) => number): Position =>
        Object.fromEntries(Object.entries(one).map(([writer, row]) => [writer, number(row)]));
      await expect(
        open().checkpoint(
          'r',
          bytes(1),
          by((row) => row + 1),
        ),
      ).rejects.toMatchObject({ code: 'INVALID' });
      await expect(
        open().checkpoint(
          'r',
          bytes(1),
          by(() => -1),
        ),
      ).rejects.toMatchObject({ code: 'INVALID' });
      await expect(
        open().checkpoint(
          'r',
          bytes(1),
          by(() => 0.5),
        ),
      ).rejects.toMatchObject({ code: 'INVALID' });
      await expect(open().checkpoint('r', bytes(1), { ['not a writer']: 1 })).rejects.toMatchObject({ code: 'INVALID' });
      expect(await (await again()).load('r')).toMatchObject({ checkpoint: null, updates: [bytes(1)] });
    });

    it('[ST9] a document over the limit is refused and the rows stay', async () => {
      const one = await open().append('r', [bytes(1)]);
      await expect(open().checkpoint('r', new Uint8Array(storageLimits.maxDocumentBytes + 1), one)).rejects.toMatchObject({
        code: 'TOO_LARGE',
      });
      expect(await open().load('r')).toMatchObject({ checkpoint: null, updates: [bytes(1)] });
    });

    it('[ST10] a document comes back the same from a checkpoint and the rows after it', async () => {
      const doc = new Y.Doc();
      const updates: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array) => {
        updates.push(update);
      });
      let position = START;
      for (let i = 0; i < 60; i++) {
        doc.getMap('m').set(`k${i % 7}`, i);
        doc.getArray('a').push([i]);
        position = joinPositions(position, await open().append('r', updates.splice(0)));
        if (i % 20 === 19) await open().checkpoint('r', Y.encodeStateAsUpdate(doc), position);
      }
      doc.getMap('m').set('last', true);
      await open().append('r', updates.splice(0));
      const loaded = await (await again()).load('r');
      const found = new Y.Doc();
      for (const part of [loaded.checkpoint, ...loaded.updates]) if (part !== null) Y.applyUpdate(found, part);
      expect(found.getMap('m').toJSON()).toEqual(doc.getMap('m').toJSON());
      expect(found.getArray('a').toJSON()).toEqual(doc.getArray('a').toJSON());
      expect(found.store.pendingStructs).toBeNull();
    });
  });
}

export function loadSinceRules({ open, again }: StoreOfTest): void {
  describe('load since', () => {
    it('[ST18] load with a position returns only what the caller lacks', async () => {
      const one = await open().append('r', [bytes(1)]);
      const two = await open().append('r', [bytes(2)]);
      expect(await open().load('r', one)).toMatchObject({ checkpoint: null, updates: [bytes(2)], position: two, quarantined: 0 });
      await open().checkpoint('r', bytes(1, 2), two);
      const three = await open().append('r', [bytes(3)]);
      await again();
      expect(await open().load('r', two)).toMatchObject({ checkpoint: null, updates: [bytes(3)], position: three, quarantined: 0 });
      expect(await open().load('r', three)).toMatchObject({ checkpoint: null, updates: [], position: three, quarantined: 0 });
      expect(await open().load('r', one)).toMatchObject({ checkpoint: bytes(1, 2), updates: [bytes(3)], position: three });
      await expect(open().load('r', { ['not a writer']: 1 })).rejects.toMatchObject({ code: 'INVALID' });
    });

    it('[ST18] load with a position says that the room was erased meanwhile', async () => {
      const one = await open().append('r', [bytes(1)]);
      await open().remove('r');
      expect(await open().load('r', one)).toMatchObject({ checkpoint: null, updates: [], isErased: true, epoch: 1 });
    });
  });
}
