import { expect, it } from 'vitest';
import { leaveSentence } from './leave-sentence.ts';

it('the question before a board is left names the worst loss: bytes of this tab, then pages, then what is being read', () => {
  const none = { pictures: false, files: false, pages: false };
  const lost = (of: Partial<typeof none>): string => leaveSentence({ ...none, ...of });
  expect(lost({ pictures: true, pages: true })).toMatch(/^Some pictures of yours are only in this tab/);
  expect(lost({ files: true })).toMatch(/^Some files of yours are only in this tab/);
  expect(lost({ files: true, pictures: true })).toMatch(/^Some pictures and files of yours are only in this tab/);
  expect(lost({ pages: true })).toMatch(/^The pages of a document are still being drawn\./);
  expect(lost({})).toMatch(/^Some pictures or files are still being prepared\./);
});
