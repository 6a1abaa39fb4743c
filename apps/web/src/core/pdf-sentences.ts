/** Sentences about PDFs that are opened as pages, and which pages a person may ask for. Pure. */
import * as m from '$words/pdf-sentences';
import { quotedName } from './dropped-file.ts';

/** Pages that are put on a board at once: 100 pictures of some hundred kilobytes. */
export const MAX_PAGES = 100;

/** From `first` to `last`, both included, counted from 1. */
export interface PageRange {
  readonly first: number;
  readonly last: number;
}

export type PagesProblem = 'locked' | 'damaged' | 'too-slow' | 'unsupported' | 'not-loaded';

export function pdfProblemSentence(name: string, problem: PagesProblem): string {
  const file = quotedName(name);
  switch (problem) {
    case 'locked':
      return m.isProtectedByAPassword({ file });
    case 'damaged':
      return m.isDamagedOrIsNot({ file });
    case 'too-slow':
      return m.takesTooLongToRead({ file });
    case 'unsupported':
      return m.thisBrowserCantShowThe({ file });
    case 'not-loaded':
      return m.thePartOfThePage();
  }
}

/** Pages that are not among those on the board. */
export interface PagesLeftOut {
  /** The numbers of pages that can't be drawn. */
  readonly undrawn: readonly number[];
  /** The page at which the document was given up, and the last one that was asked for. */
  readonly rest: PageRange | null;
}

export function openedPagesSentence(opened: number, { undrawn, rest }: PagesLeftOut): string {
  const [page = 0] = undrawn;
  const cannot =
    undrawn.length === 1 ? [m.pageCantBeDrawn({ page })] : undrawn.length > 1 ? [m.cantBeDrawn({ count: undrawn.length })] : [];
  const left =
    rest === null
      ? []
      : [rest.first === rest.last ? m.pageLeft({ first: rest.first }) : m.pagesLeft({ first: rest.first, last: rest.last })];
  if (opened === 0) return rest === null ? m.noneOfThesePagesCan() : [m.noneOpened(), ...cannot, ...left].join(' ');
  return m.opened({ count: opened, missing: [...cannot, ...left].map((sentence) => ` ${sentence}`).join('') });
}

/** The name of a page's picture: one that is downloaded keeps its number, whatever is put in the place of `.pdf`. */
export function pageName(name: string, number: number): string {
  return `${name.replace(/\.pdf$/i, '') || m.document()} ${number}.pdf`;
}

export function pagesNotPutSentence(why: 'left' | 'read-only' | 'refused'): string {
  return { left: m.notPutLeft, 'read-only': m.notPutReadOnly, refused: m.notPutRefused }[why]();
}

/** Why a range can’t be opened; null when it can. */
export function rangeProblem({ first, last }: PageRange, pages: number): string | null {
  if (!Number.isInteger(first) || !Number.isInteger(last) || first < 1 || last > pages) return m.enterPageNumbersFrom1({ pages });
  if (last < first) return m.theFirstPageMustCome();
  if (last - first >= MAX_PAGES) return m.atMost({ count: MAX_PAGES });
  return null;
}
