/** Names of pages as people read them. Pure. */
import type { Page, PageId } from '@wetink/board';

/** A page without a name is called by its place. @param index From 0. */
export function pageName({ name }: Pick<Page, 'name'>, index: number): string {
  return name.trim() === '' ? `Page ${index + 1}` : name;
}

/** The name of a page within a sentence, 'page 2' or '“Plan”', if it is another than the one in view. */
export function otherPage(pages: readonly Page[], inView: PageId, page: PageId): string | null {
  const index = pages.findIndex(({ id }) => id === page);
  const found = pages[index];
  if (found === undefined || page === inView) return null;
  return found.name.trim() === '' ? `page ${index + 1}` : `“${found.name}”`;
}

/** Where the person is: "Page 2 of 5", or "Plan, page 2 of 5". */
export function pagePlace(pages: readonly Page[], inView: PageId): string {
  const index = Math.max(
    0,
    pages.findIndex(({ id }) => id === inView),
  );
  const name = pages[index]?.name.trim() ?? '';
  return name === '' ? `Page ${index + 1} of ${pages.length}` : `${name}, page ${index + 1} of ${pages.length}`;
}
