import { expect, it } from 'vitest';
import { fileNameFor } from './file-name.ts';

it.each([
  ['Harbour plan', 'Harbour plan.png'],
  ['', 'Wetink board.png'],
  ['../../etc/passwd', 'etc passwd.png'],
  ['a:b*c?"<>|', 'a b c.png'],
  ['Zürich ✏️', 'Zürich ✏️.png'],
  ['...', 'Wetink board.png'],
  ['x'.repeat(300), `${'x'.repeat(80)}.png`],
])('%j makes %j', (title, name) => expect(fileNameFor(title, 'png')).toBe(name));
