/** Every language has every message, with the same placeholders and the plural forms that it needs, and none is left in English. */
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { languages, namesOf, placeholdersOf, readMessages, type Message } from '../../words.ts';
import { languageNames } from './language.ts';

const english = readMessages('en');
const others = languages.slice(1);
const all = (language: string): Map<string, Message> => {
  const messages = readMessages(language);
  return new Map(Object.entries(messages).flatMap(([file, own]) => Object.entries(own).map(([name, text]) => [`${file}.${name}`, text])));
};
/** Texts that are the same in some language: signs, names, keys, units, and words that it shares with English. */
const shared = new Set(
  'Actions Alt Apostrophe Backspace Board Chat Command Ctrl Del Delete Description Document Ellipse Emojis Enter Esc Escape Invitations Mentions Menu Message Messages Minus Noir Notifications Offline Online Option Pages PgDn PgUp Rectangle Return Sans Saturation Sepia Server Shift Style Tab Text Triangle Vignette Warm Webhooks Zoom ellipse orange rectangle triangle violet'.split(
    ' ',
  ),
);
/** Signs around placeholders, and units. */
const isSigns = (text: string): boolean =>
  !/\p{L}{4}/u.test(text.replaceAll(/\{.*?\}/g, '')) ||
  ['Link: {role}', 'Page {number:number}', 'page {number:number}', '{shown} · Wetink'].includes(text);

describe.each(others)('%s', (language) => {
  const texts = all(language);

  it('has the messages of English, and no others', () => {
    expect([...texts.keys()].sort()).toEqual(namesOf(english).sort());
  });
  it('has the same placeholders', () => {
    const inputs = (message: Message): string[] =>
      placeholdersOf(message).map(({ name, isNumber }) => `${name}${isNumber ? ':number' : ''}`);
    for (const [name, message] of all('en')) expect(inputs(texts.get(name) ?? '').sort(), name).toEqual(inputs(message).sort());
  });
  it('has every plural form that its numbers need, and no others', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [name, message] of texts) {
      expect(typeof message, name).toBe(typeof all('en').get(name));
      if (typeof message !== 'string') expect(Object.keys(message).sort(), name).toEqual(forms);
    }
  });
  it('is left in English nowhere, but for words that are the same', () => {
    const same = [...all('en')].flatMap(([name, message]) =>
      JSON.stringify(message) === JSON.stringify(texts.get(name)) ? [typeof message === 'string' ? message : (message.other ?? '')] : [],
    );
    expect(same.filter((text) => !shared.has(text) && !isSigns(text))).toEqual([]);
  });
});

describe('the language of the page', () => {
  const script = readFileSync(new URL('../../static/first-paint.js', import.meta.url), 'utf8');
  const paint = (wanted: readonly string[], kept: Record<string, string> = {}): { lang: string; dir: string } => {
    const root = { dataset: {}, lang: '', dir: '' };
    runInNewContext(script, {
      document: { documentElement: root },
      navigator: { languages: wanted },
      localStorage: { getItem: (key: string) => kept[key] ?? null },
    });
    return root;
  };

  it('is one of those that can be chosen, and each of them has messages', () => {
    expect(Object.keys(languageNames)).toEqual(languages);
    for (const language of languages) expect(paint([language]).lang).toBe(language);
  });
  it('is the first of the browser that there is, or English', () => {
    expect(paint(['fr-CA', 'en']).lang).toBe('fr');
    expect(paint(['xx', 'de-AT']).lang).toBe('de');
    expect(paint(['xx']).lang).toBe('en');
    expect(paint(['zh-CN']).lang).toBe('zh-Hans');
    // Traditional characters are another language.
    expect(paint(['zh-TW', 'es']).lang).toBe('es');
  });
  it('is the chosen one before that, if it is there', () => {
    expect(paint(['de'], { 'wetink.language': 'fr' }).lang).toBe('fr');
    expect(paint(['de'], { 'wetink.language': 'moon' }).lang).toBe('de');
  });
});
