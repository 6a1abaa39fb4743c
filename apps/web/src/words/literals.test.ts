/** No text for people is written into the code: another language would lack it. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { literalTexts } from './literal-texts.ts';

const source = fileURLToPath(new URL('..', import.meta.url));
/** Not read by people of the app: keys, what is hashed, a name for files, and what others must read as it is written. */
const technical: Readonly<Record<string, RegExp>> = {
  'core/excalidraw.ts': /^`(group|frame) /,
  'core/few-at-once.ts': /^nobody waits/,
  'core/file-name.ts': /^Wetink board$/,
  'core/identity.ts': /^`wetink guest/,
  'core/tldraw.ts': /^`(words|shape) /,
  'session/attachments.ts': /^`files /,
  'session/board-picture.ts': /: Copyright 20/,
  'state/signs.svelte.ts': /^`(float|said) /,
};

it('every text is a message', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !/(\.test|\.d)\.ts$|^words\/|fixtures\//.test(file))
    .sort();
  const found = files.flatMap((file) =>
    literalTexts(file, readFileSync(`${source}/${file}`, 'utf8'))
      .filter(({ text }) => technical[file]?.test(text) !== true)
      .map(({ line, text }) => `${file}:${line}: ${text}`),
  );
  expect(found).toEqual([]);
});
