/** Adding, naming, moving, duplicating and deleting pages. Fetched late, with the list of pages or the first of these actions. */
import * as m from '$words/page-work';
import { BoardError, duplicatePageInSteps, MAX_PAGE_NAME_LENGTH, type ElementId, type Page, type PageId } from '@wetink/board';
import { inSlices } from '../browser/in-slices.ts';
import { pageName } from '../core/page-name.ts';
import { isolated } from '../core/sentences.ts';
import type { Action } from '../core/shortcuts.ts';
import type { BoardSession } from '../session/board-session.ts';
import { offerUndo } from '../session/undo-offer.ts';
import type { AppContext } from './context.ts';

export interface PageWorkPorts {
  readonly session: Pick<BoardSession, 'board' | 'onChange' | 'showPage'>;
  readonly toasts: AppContext['toasts'];
  readonly act: (action: Action) => boolean;
}

/** Adds a page behind the one in view, and shows it. */
export function addPage(ports: PageWorkPorts): void {
  new PageWork(ports).add();
}

export class PageWork {
  readonly #ports: PageWorkPorts;

  constructor(ports: PageWorkPorts) {
    this.#ports = ports;
  }
  /** Adds a page behind the one in view, and shows it. */
  add(): void {
    const { session } = this.#ports;
    const { page, whole } = session.board;
    this.#try(() => session.showPage(whole.run((edit) => edit.addPage({ after: page }))));
  }
  rename(page: PageId, name: string): void {
    const { whole } = this.#ports.session.board;
    this.#try(() => whole.run((edit) => edit.renamePage(page, name.trim().slice(0, MAX_PAGE_NAME_LENGTH))));
  }
  /** Puts a page at a place in the list. @param to Index in the list without the page itself. */
  move(page: PageId, to: number): void {
    const { whole } = this.#ports.session.board;
    const others = whole.pages().filter(({ id }) => id !== page);
    this.#try(() => whole.run((edit) => edit.movePage(page, others[to]?.id ?? null)));
  }
  async duplicate(page: PageId): Promise<void> {
    const { session } = this.#ports;
    const { whole } = session.board;
    const { name = '' } = whole.pages().find(({ id }) => id === page) ?? {};
    const copyName = name === '' ? '' : m.copyOf({ name }).slice(0, MAX_PAGE_NAME_LENGTH);
    await this.#trySlowly(async () => {
      const steps = duplicatePageInSteps(whole, page, copyName);
      const made = steps.next().value;
      session.showPage(made);
      await inSlices(
        (function* () {
          while (steps.next().done !== true) yield;
        })(),
      );
    });
  }
  /** Deletes a page and offers to undo that. The last page is cleared instead. */
  remove(page: PageId): void {
    const { session, toasts, act } = this.#ports;
    const { whole } = session.board;
    const pages = whole.pages();
    const index = pages.findIndex(({ id }) => id === page);
    if (pages.length < 2 || index < 0) return;
    const name = pageName(pages[index] as Page, index);
    if (page === session.board.page) session.showPage((pages[index + 1] ?? (pages[index - 1] as Page)).id);
    this.#try(() => whole.run((edit) => edit.removePage(page)));
    const said = toasts.say(m.isDeleted({ name: isolated(name) }), { label: m.undo(), run: () => act('undo') });
    offerUndo(session, () => toasts.dismiss(said));
  }
  /** Moves elements to a page, which is then shown. */
  moveTo(page: PageId, ids: readonly ElementId[]): void {
    const { session } = this.#ports;
    this.#try(() => session.board.run((edit) => edit.setPage(ids, page)));
    session.showPage(page);
  }

  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#say(error);
    }
  }
  async #trySlowly(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#say(error);
    }
  }
  #say(error: unknown): void {
    if (!(error instanceof BoardError)) throw error;
    this.#ports.toasts.fail(error.code === 'TOO_LARGE' ? m.thisBoardHasAsMany() : error.message);
  }
}
