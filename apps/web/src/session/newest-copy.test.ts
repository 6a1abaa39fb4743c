import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dropOldCopies, forgetCopies, keepCopy, readCopy } from './newest-copy.ts';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(async () => {
  await forgetCopies();
  vi.unstubAllGlobals();
});

const blobOf = (text: string) => () => Promise.resolve(new Blob([text]));
const textOf = async (id: string): Promise<string | undefined> => (await readCopy(id, 'ana'))?.text();

it('only the newest copy is kept, and none once it is forgotten', async () => {
  await keepCopy('first', 'ana', blobOf('1'));
  expect(await textOf('first')).toBe('1');
  await keepCopy('second', 'ana', blobOf('2'));
  expect([await textOf('first'), await textOf('second')]).toEqual([undefined, '2']);
  await forgetCopies();
  expect(await textOf('second')).toBe(undefined);
});

it('another page of the browser reads it', async () => {
  await keepCopy('mine', 'ana', blobOf('3'));
  vi.resetModules();
  const other = await import('./newest-copy.ts');
  expect(await (await other.readCopy('mine', 'ana'))?.text()).toBe('3');
});

it('where nothing can be stored, the page has it', async () => {
  vi.stubGlobal('indexedDB', undefined);
  await keepCopy('here', 'ana', blobOf('4'));
  expect(await textOf('here')).toBe('4');
  await forgetCopies();
  expect(await textOf('here')).toBe(undefined);
});

it('a copy that takes longer than a newer one, or than forgetting, is not kept', async () => {
  let finish = (_: Blob): void => undefined;
  const slow = keepCopy('slow', 'ana', () => new Promise((resolve) => (finish = resolve)));
  await keepCopy('newer', 'ana', blobOf('6'));
  finish(new Blob(['5']));
  await slow;
  expect([await textOf('slow'), await textOf('newer')]).toEqual([undefined, '6']);
  const late = keepCopy('late', 'ana', () => new Promise((resolve) => (finish = resolve)));
  await forgetCopies();
  finish(new Blob(['7']));
  await late;
  expect([await textOf('late'), await textOf('newer')]).toEqual([undefined, undefined]);
});

it('after a day it is not there any more', async () => {
  await keepCopy('old', 'ana', blobOf('8'));
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 60 * 60_000);
  try {
    expect(await textOf('old')).toBe(undefined);
  } finally {
    vi.restoreAllMocks();
  }
});

it('another user of the browser does not get it, and it goes when they open a board', async () => {
  await keepCopy('anas', 'ana', blobOf('9'));
  vi.resetModules();
  const later = await import('./newest-copy.ts');
  expect(await later.readCopy('anas', 'ben')).toBe(null);
  await dropOldCopies('ana');
  expect(await textOf('anas')).toBe('9');
  await later.dropOldCopies('ben');
  expect(await later.readCopy('anas', 'ana')).toBe(null);
});
