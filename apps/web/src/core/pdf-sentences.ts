/** Sentences about PDFs that are opened as pages, and which pages a person may ask for. Pure. */
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
      return `${file} is protected by a password, so its pages can’t be shown. Save a copy without a password and add that.`;
    case 'damaged':
      return `${file} is damaged, or is not a PDF, so its pages can’t be shown.`;
    case 'too-slow':
      return `${file} takes too long to read, so its pages can’t be shown.`;
    case 'unsupported':
      return `This browser can’t show the pages of ${file}. Download it instead.`;
    case 'not-loaded':
      return `The part of the page that reads PDFs could not be loaded. Check the connection and try again.`;
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
  const cannot =
    undrawn.length === 0 ? '' : undrawn.length === 1 ? ` Page ${undrawn[0]} can’t be drawn.` : ` ${undrawn.length} pages can’t be drawn.`;
  const missing = cannot + (rest === null ? '' : ` ${restWords(rest)} left out: the document takes too long or needs too much memory.`);
  if (opened === 0) return rest === null ? `None of these pages can be drawn.` : `None of the pages is on the board.${missing}`;
  const [pages, they] = opened === 1 ? ['1 page is', 'It is'] : [`${opened} pages are`, 'They are'];
  return `${pages} on the board.${missing} ${they} locked in place, so that you can write on ${opened === 1 ? 'it' : 'them'}.`;
}

function restWords({ first, last }: PageRange): string {
  return first === last ? `Page ${first} is` : `Pages ${first} to ${last} are`;
}

/** The name of a page's picture: one that is downloaded keeps its number, whatever is put in the place of `.pdf`. */
export function pageName(name: string, number: number): string {
  return `${name.replace(/\.pdf$/i, '') || 'Document'} ${number}.pdf`;
}

export function pagesNotPutSentence(why: 'left' | 'read-only' | 'refused'): string {
  const reasons = {
    left: 'you left while they were being drawn',
    'read-only': 'it can no longer be changed here',
    refused: 'it can’t hold them',
  } as const;
  return `The pages were not put on the board: ${reasons[why]}.`;
}

/** Why a range can’t be opened; null when it can. */
export function rangeProblem({ first, last }: PageRange, pages: number): string | null {
  if (!Number.isInteger(first) || !Number.isInteger(last) || first < 1 || last > pages) return `Enter page numbers from 1 to ${pages}.`;
  if (last < first) return 'The first page must come before the last.';
  if (last - first >= MAX_PAGES) return `At most ${MAX_PAGES} pages can be opened at once.`;
  return null;
}
