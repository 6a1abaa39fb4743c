/**
 * A Vite plugin that makes the app's messages (`messages/<language>.json`) importable, compiled by paraglide.
 *
 *     import * as words from '$words/chat-sentence'     words.typing({ count: 2 })
 *
 *     $words/<file>              its messages in English, each preferring the chosen language's: read `src/words/chosen.ts`
 *     $words/language/<language> all messages of one other language, in the order of en.json: a file of its own
 *     $words/worker              messages of all other languages that the service worker shows, which can fetch no modules
 *
 * So English is wherever its code is, and always there; a module never waits for words. Paraglide's compiler is fed one message
 * at a time: its own way to read files needs a database of half a gigabyte, and fetches plugins from the network.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
// Its entry would load that database.
import { compileMessage } from './node_modules/@inlang/paraglide-js/dist/compiler/compile-message.js';

/** The first is the base: it has every message, and its names are those of the others. */
export const languages: readonly string[] = ['en', 'de', 'es', 'fr', 'ja', 'zh-Hans', 'ar'];

/** A text with `{placeholders}`, or one for each plural form of `count`. `{name:number}` and a counted `{count}` are formatted. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
/** Messages by the file that shows them, and by name. */
export type Messages = Readonly<Record<string, Readonly<Record<string, Message>>>>;

const folder = fileURLToPath(new URL('messages/', import.meta.url));
const module = (name: string): string => fileURLToPath(new URL(`src/words/${name}.ts`, import.meta.url));

export function readMessages(language: string): Messages {
  return JSON.parse(readFileSync(`${folder}${language}.json`, 'utf8')) as Messages;
}

export function words(): Plugin {
  let indices = new Map<string, number>();
  let english: Messages = {};
  const read = (): void => {
    english = readMessages('en');
    indices = new Map(namesOf(english).map((name, index) => [name, index]));
  };
  const codeOf = (name: string): string => {
    if (name === 'worker') return workerModule(english, indices);
    if (name.startsWith('language/')) return languageModule(name.slice('language/'.length), english);
    return englishModule(name, english[name] ?? {}, indices);
  };
  return {
    name: 'words',
    buildStart: read,
    resolveId: { order: 'pre', handler: (id) => (id.startsWith('$words/') ? `\0${id}` : undefined) },
    load(id) {
      if (!id.startsWith('\0$words/')) return;
      if (indices.size === 0) read();
      const name = id.slice('\0$words/'.length);
      return { code: codeOf(name), moduleSideEffects: false };
    },
    configureServer(server) {
      server.watcher.add(folder);
      server.watcher.on('change', (file) => {
        if (!file.startsWith(folder)) return;
        read();
        server.moduleGraph.invalidateAll();
        server.ws.send({ type: 'full-reload' });
      });
    },
  };
}

/** 'chat-sentence.typing', in the order of the file. */
export function namesOf(messages: Messages): string[] {
  return Object.entries(messages).flatMap(([file, own]) => Object.keys(own).map((name) => `${file}.${name}`));
}

function englishModule(file: string, own: Readonly<Record<string, Message>>, indices: ReadonlyMap<string, number>): string {
  const lines = Object.entries(own).map(([name, message]) => {
    const index = indices.get(`${file}.${name}`) ?? 0;
    const text = compiled('en', message);
    return text.startsWith('`')
      ? `export const ${name} = () => own(${index}) ?? ${text};`
      : `const ${name}_ = ${text};\nexport const ${name} = (i) => own(${index}, i) ?? ${name}_(i);`;
  });
  return `import { own } from ${JSON.stringify(module('chosen'))};\n${registryImport}\n${lines.join('\n')}`;
}

function languageModule(language: string, english: Messages): string {
  const messages = readMessages(language);
  const texts = Object.entries(english).flatMap(([file, own]) =>
    Object.keys(own).map((name) => {
      const message = messages[file]?.[name];
      return message === undefined ? 'undefined' : compiled(language, message);
    }),
  );
  return `${registryImport}\nexport default [\n${texts.join(',\n')}\n];`;
}

/** The files with messages that the service worker shows. */
const ofWorker = ['notification-sentence', 'pushed-notification', 'sentences'];

function workerModule(english: Messages, indices: ReadonlyMap<string, number>): string {
  const tables = languages.slice(1).map((language) => {
    const messages = readMessages(language);
    const texts = ofWorker.flatMap((file) =>
      Object.keys(english[file] ?? {}).flatMap((name) => {
        const message = messages[file]?.[name];
        return message === undefined ? [] : `${indices.get(`${file}.${name}`) ?? 0}: ${compiled(language, message)}`;
      }),
    );
    return `${JSON.stringify(language)}: Object.assign([], {\n${texts.join(',\n')}\n})`;
  });
  return `${registryImport}\nexport default {\n${tables.join(',\n')}\n};`;
}

const registryImport = `import * as registry from ${JSON.stringify(module('registry'))};`;

/** A string literal for a message without placeholders, otherwise a function. */
function compiled(language: string, message: Message): string {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  const inputs = placeholdersOf(message);
  const isCounted = typeof message !== 'string';
  const input = (name: string) => ({ type: 'input-variable' as const, name });
  const local = (name: string, of: string, how: string) => ({
    type: 'local-variable' as const,
    name,
    value: {
      type: 'expression' as const,
      arg: { type: 'variable-reference' as const, name: of },
      annotation: { type: 'function-reference' as const, name: how, options: [] },
    },
  });
  const declarations = [
    ...inputs.map(({ name }) => input(name)),
    ...inputs.filter(({ isNumber }) => isNumber).map(({ name }) => local(`${name}Number`, name, 'number')),
    ...(isCounted ? [local('form', 'count', 'plural')] : []),
  ];
  const pattern = (text: string) =>
    text.split(/\{(\w+)(?::number)?\}/).map((part, n) =>
      n % 2 === 0
        ? { type: 'text' as const, value: part }
        : {
            type: 'expression' as const,
            arg: {
              type: 'variable-reference' as const,
              name: inputs.some(({ name, isNumber }) => name === part && isNumber) ? `${part}Number` : part,
            },
          },
    );
  const variants = isCounted
    ? Object.entries(message).map(([form, text]) => ({
        id: form,
        messageId: '',
        matches:
          form === 'other'
            ? [{ type: 'catchall-match' as const, key: 'form' }]
            : [{ type: 'literal-match' as const, key: 'form', value: form }],
        pattern: pattern(text),
      }))
    : [{ id: '', messageId: '', matches: [], pattern: pattern(texts[0] ?? '') }];
  const { code } = compileMessage(
    declarations,
    { id: '', bundleId: '', locale: language, selectors: isCounted ? [{ type: 'variable-reference', name: 'form' }] : [] },
    variants,
  );
  return plain(code, { isText: inputs.length === 0 && !isCounted });
}

/** Without the types in comments, and without questions for inputs that are always there. */
function plain(code: string, { isText }: { isText: boolean }): string {
  const bare = code
    .replaceAll(/\/\*\*.*?\*\/ ?/g, '')
    .replaceAll('i?.', 'i.')
    .replaceAll(', {})', ')')
    .replace(/;\s*$/, '');
  if (!isText) return bare;
  const start = bare.indexOf('(`') + 1;
  return bare.slice(start, bare.lastIndexOf('`') + 1);
}

export interface Placeholder {
  readonly name: string;
  /** Formatted as people of the language write numbers. */
  readonly isNumber: boolean;
}

/** In the order of their first appearance; `count` of a counted message first, though no form may show it. */
export function placeholdersOf(message: Message): Placeholder[] {
  const isCounted = typeof message !== 'string';
  const found = new Map<string, boolean>(isCounted ? [['count', true]] : []);
  for (const text of isCounted ? Object.values(message) : [message]) {
    for (const [, name = '', kind] of text.matchAll(/\{(\w+)(:number)?\}/g))
      found.set(name, (found.get(name) ?? false) || kind !== undefined);
  }
  return [...found].map(([name, isNumber]) => ({ name, isNumber }));
}

/** The types of all messages, for `src/words.d.ts`. */
export function declarationsOf(english: Messages): string {
  const files = Object.entries(english).map(([file, own]) => {
    const lines = Object.entries(own).map(([name, message]) => {
      const inputs = placeholdersOf(message).map((one) => `${one.name}: ${one.isNumber ? 'number' : 'string | number'}`);
      return `  export const ${name}: (${inputs.length === 0 ? '' : `i: { ${inputs.join('; ')} }`}) => string;`;
    });
    return `declare module '$words/${file}' {\n${lines.join('\n')}\n}\n`;
  });
  const worker = `declare module '$words/worker' {\n  const tables: Readonly<Record<string, readonly import('./words/chosen.ts').Word[] | undefined>>;\n  export default tables;\n}\n`;
  const language = `declare module '$words/language/*' {\n  const words: readonly import('./words/chosen.ts').Word[];\n  export default words;\n}\n`;
  return `/* Made from messages/en.json: \`npx vitest run --project unit apps/web/src/words/types -u\`. */\n/* eslint-disable */\n${[...files, worker, language].join('')}`;
}
