/** Unfinished uploads of a folder, listed page by page. */

import { expect, it } from 'vitest';
import { createUploadPages } from './upload-pages.ts';

it('[ST35] a listing of uploads in pages reads the folder once, and a page is not short because some were dropped meanwhile', async () => {
  const names = Array.from({ length: 50 }, (_, i) => String(i).padStart(64, '0'));
  const uploads = new Set(names.toReversed());
  let readings = 0;
  const page = createUploadPages({
    async names() {
      readings += 1;
      return [...uploads, 'no upload'];
    },
    factsOf: async (upload) => (uploads.has(upload) ? { upload, bytes: 5, updatedAt: 1 } : null),
  });
  const listed: string[] = [];
  for (let after = ''; ;) {
    const found = await page(after, 10);
    if (found.length === 0) break;
    expect(found.length).toBe(10);
    listed.push(...found.map(({ upload }) => upload));
    after = listed.at(-1) ?? '';
    if (listed.length === 20) for (const upload of names.slice(20, 30)) uploads.delete(upload);
  }
  expect(listed).toEqual([...names.slice(0, 20), ...names.slice(30)]);
  // Once for all pages, and once behind the last.
  expect(readings).toBe(2);
  expect((await page('', 50)).length).toBe(40);
  expect((await page(names[30] ?? '', 5)).map(({ upload }) => upload)).toEqual(names.slice(31, 36));
});
