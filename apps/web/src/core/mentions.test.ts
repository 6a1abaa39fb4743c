import { MAX_MENTIONS } from '@wetink/board';
import { expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { completeMention, mentionedIn, mentionQuery, offered } from './mentions.ts';

const people = [
  { id: 'a', name: 'Ana' },
  { id: 'b', name: 'Ben' },
  { id: 'm', name: 'Ana Maria' },
  { id: 'z', name: 'Zoë Ana' },
  { id: 'b2', name: 'Ben' },
];

it.each([
  ['@', ''],
  ['hello @an', 'an'],
  ['(@Ana M', 'Ana M'],
  ['mail ana@an', null],
  ['@Ana was here now', null],
  ['no sign', null],
])('before the caret of %j the query is %j', (text, query) => {
  expect(mentionQuery(text, text.length)).toBe(query);
});

it('offers people by the beginning of a name or of a word in it, and puts the name where the caret is', () => {
  expect(offered('an', people).map(({ id }) => id)).toEqual(['a', 'm', 'z']);
  expect(offered('', people)).toHaveLength(5);
  expect(completeMention('hi @an there', 6, 'an', 'Ana Maria')).toEqual({ text: 'hi @Ana Maria there', caret: 14 });
});

it('finds the people whom a text mentions: the one who was picked, or all of that name', () => {
  expect(mentionedIn('@Ana, @Zoë', people, [])).toEqual(['a']);
  expect(mentionedIn('@Ben!', people, [])).toEqual(['b', 'b2']);
  expect(mentionedIn('@Ben!', people, ['b2'])).toEqual(['b2']);
  expect(mentionedIn('@Bennet ana@Ana', people, ['b'])).toEqual([]);
  const many = Array.from({ length: 1_000 }, (_, n) => ({ id: `u${n}`, name: `N${n}` }));
  expect(mentionedIn(many.map(({ name }) => `@${name}`).join(' '), many, [])).toHaveLength(MAX_MENTIONS);
});

it.each([
  ['@Ana Maria', ['m']],
  ['@Zoë Ana and @Ana Maria', ['m', 'z']],
  ['@Ana Maria, @Ana', ['a', 'm']],
  ['@Ana Mariana', ['a']],
  ['@Ana Maria@Ben', ['m']],
])('a name that begins with another name mentions one person: %j', (text, ids) => {
  expect(mentionedIn(text, people, [])).toEqual(ids);
  // The message shows the same people as mentioned.
  const shown = parseMarkdown(
    text,
    people.map(({ name }) => ({ name, isMe: false })),
  ).flatMap((block) => (block.kind === 'text' ? block.parts.flatMap((part) => (part.kind === 'mention' ? [part.text.slice(1)] : [])) : []));
  expect(new Set(shown)).toEqual(new Set(people.filter(({ id }) => ids.includes(id)).map(({ name }) => name)));
});
