/** Names of pages as people read them. Pure. */
import * as m from '$words/page-name';
import type { Page, PageId } from '@wetink/board';

/** A page without a name is called by its place. @param index From 0. */
export function pageName({ name }: Pick<Page, 'name'>, index: number): string {
  return name.trim() === '' ? m.page({ number: index + 1 }) : name;
}

/** The name of a page within a sentence, 'page 2' or '“Plan”', if it is another than the one in view. */
export function otherPage(pages: readonly Page[], inView: PageId, page: PageId): string | null {
  const index = pages.findIndex(({ id }) => id === page);
  const found = pages[index];
  if (found === undefined || page === inView) return null;
  return found.name.trim() === '' ? m.otherPage({ number: index + 1 }) : m.quoted({ name: found.name });
}

/** Where the person is: "Page 2 of 5", or "Plan" and ", page 2 of 5", of which only the name may be cut off. */
export function pagePlace(pages: readonly Page[], inView: PageId): { readonly name: string; readonly number: string } {
  const index = Math.max(
    0,
    pages.findIndex(({ id }) => id === inView),
  );
  const name = pages[index]?.name.trim() ?? '';
  const place = { number: index + 1, count: pages.length };
  return { name, number: name === '' ? m.place(place) : m.behindName(place) };
}
