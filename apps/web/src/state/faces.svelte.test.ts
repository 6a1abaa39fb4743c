import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import { createKeyValue } from '../core/key-value.ts';
import { Faces } from './faces.svelte.ts';
import { Me, PICTURE_KEY } from './me.svelte.ts';

const mine = 'data:image/webp;base64,UklGRg==';
const theirs = 'data:image/webp;base64,AAAA';
const nobody = { isMe: false, picture: null, face: null };

/** A browser whose storage all its pages share. */
function browser() {
  const entries = new Map<string, string>();
  const store = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  };
  return { entries, page: () => new Me(createKeyValue(() => store)) };
}

it('a picture that I chose is kept on the device, agreed between tabs, and gone when it is removed', () => {
  const { page, entries } = browser();
  const [tab, other] = [page(), page()];
  expect([tab.picture, tab.isPictureGiven]).toEqual([null, false]);
  tab.choosePicture(mine);
  other.reread();
  expect([tab.picture, other.picture, page().picture]).toEqual([mine, mine, mine]);
  tab.choosePicture(null);
  other.reread();
  expect([tab.picture, other.picture, page().picture, entries.has(PICTURE_KEY)]).toEqual([null, null, null, false]);
});

it.each<[string, unknown]>([
  ['an address', 'https://evil.example/pixel.png'],
  ['an SVG', 'data:image/svg+xml;base64,PHN2Zy8+'],
  ['more than the bound', `data:image/png;base64,${'A'.repeat(4_100)}`],
  ['a quote that would leave an attribute', 'data:image/png;base64,AAAA" onerror="'],
  ['a number', 7],
  ['nothing', null],
])('a stored picture that this app did not write is none: %s', (_, stored) => {
  const { page, entries } = browser();
  entries.set(PICTURE_KEY, JSON.stringify({ owner: page().id, url: stored }));
  expect(page().picture).toBeNull();
});

it('the picture of the operator’s token comes before the one that I chose', () => {
  const me = browser().page();
  me.become({ id: 'ana', name: 'Ana', picture: null });
  me.choosePicture(mine);
  me.become({ id: 'ana', name: 'Ana', picture: 'https://pictures.example/ana.png' });
  expect([me.picture, me.isPictureGiven]).toEqual(['https://pictures.example/ana.png', true]);
  me.become({ id: 'ana', name: 'Ana', picture: null });
  expect([me.picture, me.isPictureGiven]).toEqual([mine, false]);
});

it('the picture that one person chose is never the face of the next person of the browser', () => {
  const { page, entries } = browser();
  const me = page();
  me.choosePicture(mine);
  me.become({ id: 'ana', name: 'Ana', picture: null });
  expect([me.picture, me.chosenPicture]).toEqual([null, null]);
  me.choosePicture(theirs);
  me.become({ id: 'ben', name: 'Ben', picture: null });
  expect([me.picture, me.chosenPicture]).toEqual([null, null]);
  me.become({ id: 'ana', name: 'Ana', picture: null });
  expect([me.picture, me.chosenPicture]).toEqual([theirs, theirs]);
  // One without an owner may be anybody's.
  entries.set(PICTURE_KEY, JSON.stringify(mine));
  expect(page().picture).toBeNull();
});

function shown() {
  const me = browser().page();
  const account = { imageOrigins: ['https://pictures.example'] };
  const faces = new Faces(me, account as never);
  const onScreen = new Map<string, () => void>();
  const here = new Map<string, string>();
  const exchange = {
    show(id: string, onCame: () => void) {
      onScreen.set(id, onCame);
      return () => void onScreen.delete(id);
    },
    urlOf: (id: string) => here.get(id) ?? null,
  };
  return { me, faces, onScreen, here, exchange };
}

it('an address is shown only from an origin of the operator’s, also where a peer wrote it', () => {
  const { faces, me } = shown();
  const of = (picture: string): string | null => faces.of({ ...nobody, picture });
  expect(of('https://pictures.example/ben.png')).toBe('https://pictures.example/ben.png');
  for (const address of [
    'https://evil.example/ben.png',
    'https://pictures.example.evil.example/',
    'https://pictures.example:444/ben.png',
    'http://pictures.example/ben.png',
    'data:image/svg+xml,<svg/>',
    'javascript:alert(1)',
    'ben.png',
    '',
  ])
    expect(of(address), address).toBeNull();
  me.choosePicture(mine);
  expect(faces.of({ isMe: true, picture: 'https://pictures.example/ben.png', face: 'x' })).toBe(mine);
});

it('a chosen picture is asked for while it is on the screen, appears when it comes, and not after the board is left', async () => {
  const { faces, onScreen, here, exchange } = shown();
  let seen: string | null = 'nothing yet';
  const stop = $effect.root(() => {
    $effect(() => void (seen = faces.of({ ...nobody, face: 'abcdefghijklmnop' })));
  });
  flushSync();
  expect([seen, onScreen.size]).toEqual([null, 0]);
  const end = faces.begin(exchange as never, { find: () => undefined });
  flushSync();
  expect([seen, [...onScreen.keys()]]).toEqual([null, ['abcdefghijklmnop']]);
  here.set('abcdefghijklmnop', theirs);
  onScreen.get('abcdefghijklmnop')?.();
  flushSync();
  expect(seen).toBe(theirs);
  end();
  flushSync();
  expect(seen).toBeNull();
  stop();
  await Promise.resolve();
  expect(onScreen.size).toBe(0);
});

it('a person who may be elsewhere: my picture, then that of their token, then how they are shown on the board', () => {
  const { me, faces, here, exchange } = shown();
  const [ben, cleo] = ['https://pictures.example/ben.png', 'https://pictures.example/cleo.png'];
  me.choosePicture(mine);
  expect(faces.ofPerson({ id: me.id })).toBe(mine);
  expect(faces.ofPerson({ id: 'ben' })).toBeNull();
  expect(faces.ofPerson({ id: 'ben', picture: ben })).toBe(ben);
  expect(faces.ofPerson({ id: 'ben', picture: 'https://evil.example/ben.png' })).toBeNull();
  const people = new Map([
    ['ben', { ...nobody, face: 'abcdefghijklmnop' }],
    ['cleo', { ...nobody, picture: cleo }],
    ['dan', { ...nobody, picture: 'https://evil.example/dan.png' }],
  ]);
  here.set('abcdefghijklmnop', theirs);
  const end = faces.begin(exchange as never, { find: (id) => people.get(id) });
  const stop = $effect.root(() => {
    $effect(() => {
      expect(['ben', 'cleo', 'dan', 'eve'].map((id) => faces.ofPerson({ id }))).toEqual([theirs, cleo, null, null]);
      expect(faces.ofPerson({ id: 'ben', picture: ben })).toBe(ben);
    });
  });
  flushSync();
  stop();
  end();
  expect(faces.ofPerson({ id: 'cleo' })).toBeNull();
});
