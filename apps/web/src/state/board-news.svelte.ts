/** Says to a screen reader what others do on the board, at the pace that the person has chosen on this device. */
import { scheduleTimeout } from '../browser/timers.ts';
import { wholeBoard, type Board } from '@wetink/board';
import { BoardNews, paceMs, type NewsPace } from '../core/board-news.ts';
import type { BoardSession } from '../session/board-session.ts';
import { getBoardContext } from './board-context.ts';
import { getSession } from './open-session.ts';

/** For a component of the board page, while it is being made. */
export function createNews(): NewsTeller {
  const { panels } = getBoardContext();
  const news = new NewsTeller(getSession(), { pace: () => panels.newsPace });
  $effect(() => () => news.close());
  return news;
}

type Source = Pick<BoardSession, 'me' | 'onReplaced'> & {
  readonly board: Board;
  readonly room: Pick<BoardSession['room'], 'onSynced' | 'whenSynced'>;
};

export class NewsTeller {
  #session: Source;
  #options: { readonly pace: () => NewsPace; readonly schedule?: typeof scheduleTimeout };
  #news = new BoardNews();
  #text = $state('');
  #stopBoard: (() => void) | null = null;
  #stops: (() => void)[];
  #cancel: (() => void) | null = null;
  #isClosed = false;

  constructor(session: Source, options: { readonly pace: () => NewsPace; readonly schedule?: typeof scheduleTimeout }) {
    this.#session = session;
    this.#options = options;
    // Changes from before this page was there are no news.
    void session.room.whenSynced.then(() => this.#listen());
    this.#stops = [session.room.onSynced(() => this.#listen()), session.onReplaced(() => this.#stopListening())];
  }
  /** The last sentence; '' before there is any. */
  get text(): string {
    return this.#text;
  }
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#stops.forEach((stop) => stop());
  }

  #listen(): void {
    if (this.#isClosed || this.#stopBoard !== null) return;
    const { me } = this.#session;
    // News of all pages: the session has another board for each page.
    const board = wholeBoard(this.#session.board);
    this.#stopBoard = board.onChange((change) => {
      const pace = this.#options.pace();
      if (pace === 'off') return;
      this.#news.take(change, (id) => board.lastAuthorOf(id), me.id);
      if (!this.#news.isEmpty) this.#cancel ??= (this.#options.schedule ?? scheduleTimeout)(() => this.#say(), paceMs[pace]);
    });
  }
  /** A document that replaces another is filled anew: nobody did that. */
  #stopListening(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#stopBoard?.();
    this.#stopBoard = null;
    this.#news = new BoardNews();
  }
  #say(): void {
    this.#cancel = null;
    const sentence = this.#news.say((userId) => this.#session.board.nameOf(userId));
    if (this.#options.pace() !== 'off' && sentence !== '') this.#text = sentence;
  }
}
