import type { RoomStatus, Work } from '@wetink/sync';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import { noneLacking, nothingLacking, type LackingCounts } from '../core/lacking.ts';
import { StatusAnnouncement } from './status-announcement.svelte.ts';

const work: Work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false };
const saved: RoomStatus = { kind: 'saved', ...work };
const offline: RoomStatus = { kind: 'offline', retryAtMs: null, ...work };
const sending: RoomStatus = { kind: 'sending', ...work, waiting: 2 };

function setup(pictures: LackingCounts = noneLacking) {
  const listeners = new Set<(status: RoomStatus) => void>();
  const source = {
    status: saved as RoomStatus,
    onStatus(listener: (status: RoomStatus) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const announcement = new StatusAnnouncement(
    source,
    { person: { role: 'editor', wasShut: false, isTooNew: false } },
    { counts: { ...nothingLacking, pictures } },
  );
  const heard: string[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      heard.push(announcement.text);
    });
  });
  flushSync();
  const become = (...statuses: RoomStatus[]): void => {
    for (const status of statuses) {
      source.status = status;
      listeners.forEach((listener) => listener(status));
    }
    flushSync();
  };
  return { become, heard, stop, listenerCount: () => listeners.size };
}

it('going offline and coming back is announced, a count is not', () => {
  const { become, heard, stop } = setup();
  expect(heard).toEqual(['']);
  become(sending);
  expect(heard.at(-1)).toBe('');
  become(offline);
  const gone = heard.at(-1);
  expect(gone).not.toBe('');
  become(saved);
  expect(heard.at(-1)).not.toBe(gone);
  stop();
});

it('“Saved” is announced when changes made offline are sent on the way, and not after every stroke', () => {
  const { become, heard, stop } = setup();
  become(sending);
  become(saved);
  expect(heard.at(-1)).toBe('');
  become(offline);
  become({ kind: 'connecting', ...work, waiting: 2 });
  become(sending);
  expect(heard.at(-1)).toBe('Offline');
  become(saved);
  expect(heard.at(-1)).toBe('Saved');
  stop();
});

it('of two changes between two paints each is compared with the one before', () => {
  const { become, heard, stop } = setup();
  become(offline);
  const gone = heard.at(-1);
  become(saved, sending);
  expect(heard.at(-1)).toMatch(/^Saved/);
  expect(heard.at(-1)).not.toBe(gone);
  stop();
});

it('nothing listens to the status after the component is gone', async () => {
  const { stop, listenerCount } = setup();
  expect(listenerCount()).toBe(1);
  stop();
  await Promise.resolve(); // Svelte waits that long for another reader.
  expect(listenerCount()).toBe(0);
});

it('“Saved” is not announced while the server lacks a picture', () => {
  const { become, heard, stop } = setup({ ...noneLacking, waiting: 1 });
  become(offline);
  become(saved);
  expect(heard.at(-1)).toBe('Saving 1 picture');
  stop();
});
