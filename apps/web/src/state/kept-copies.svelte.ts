/**
 * Changes that the server refused: kept here, apart from the board, until the person has decided about them.
 *
 * There is a notice about one copy at a time. The person may look at it, copy it onto the board, save it as a file, or
 * discard it.
 */
import * as m from '$words/kept-copies';
import { createSubscriber } from 'svelte/reactivity';
import { chatMessages, BoardError, type Board } from '@wetink/board';
import { downloadFile } from '../browser/download.ts';
import { fileNameFor } from '../core/file-name.ts';
import { gapSentences, imagesAmong } from '../core/board-pictures.ts';
import { notCopiedNow, chatText, copiedSentence, keptSentence } from '../core/kept-sentence.ts';
import { refusedOf } from '../core/status-facts.ts';
import { boardToFile } from '../session/board-file.ts';
import { boardSvg } from '../session/board-picture.ts';
import type { BoardSession, KeptCopy } from '../session/board-session.ts';
import { copyOnto, sendAgain, unsentIn } from '../session/kept-copy.ts';
import { messagesIn, sentAmong, type AskHistory, type SentMessages } from '../session/unsent-messages.ts';
import { askHistory } from './ask-history.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';
import type { BoardImagesState } from './board-images.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { StageView } from './stage.svelte.ts';
import type { Theme } from './theme.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import { locale } from '../words/language.ts';

/** All of a copy, to be looked at. */
export interface KeptLook {
  /** SVG; null when nothing is drawn. */
  readonly picture: Blob | null;
  readonly chat: { readonly text: string; readonly all: number; readonly unsent: number };
}

export interface KeptCopiesPorts {
  session: Pick<BoardSession, 'board' | 'room' | 'me' | 'onReplaced' | 'openKept'>;
  room: Pick<RoomState, 'status' | 'isSynced' | 'isReadOnly'>;
  view: Pick<StageView, 'stage'>;
  images: Pick<BoardImagesState, 'find' | 'forPicture'>;
  theme: Pick<Theme, 'shown'>;
  toasts: Pick<Toasts, 'say' | 'fail'>;
  /** Asks the history of the board's chat. */
  history: AskHistory;
  /** For dates and times. */
  language: string;
  /** For tests; the real thing by default. */
  download?: typeof downloadFile;
}

/** For a component of the board page, while it is being made. */
export function createKeptCopies(): KeptCopies {
  const { room, view, images } = getBoardContext();
  const app = getApp();
  const { theme, toasts } = app;
  const session = getSession();
  const history = askHistory(app, session.boardId);
  return new KeptCopies({ session, room, view, images, theme, toasts, history, language: locale() });
}

export class KeptCopies {
  readonly #ports: KeptCopiesPorts;
  /** The room's answer, which it gives only when asked. */
  #copies = $state.raw<readonly KeptCopy[]>([]);
  #look = $state.raw<KeptLook | null>(null);
  #copiedId = $state('');
  /** A copy without refused changes needs no notice. */
  #lost = $derived(this.#copies.filter(({ changes }) => changes > 0));
  #copy = $derived(this.#lost[0]);
  #subscribe: () => void;

  constructor(ports: KeptCopiesPorts) {
    this.#ports = ports;
    const { session } = ports;
    this.#subscribe = createSubscriber(() => {
      void session.room.whenLoaded.then(() => this.#read());
      return session.onReplaced(() => void this.#read());
    });
  }
  /** The notice; '' without a copy. */
  get sentence(): string {
    this.#subscribe();
    const copy = this.#copy;
    if (copy === undefined) return '';
    // The status says when a copy is stored on the device. A stored copy counts as kept, wherever other copies are.
    const where = copy.onDevice ? 'kept' : (refusedOf(this.#ports.room.status)?.where ?? 'none');
    return keptSentence(copy.changes, where, this.#lost.length - 1);
  }
  /** It was copied onto the board. */
  get isCopied(): boolean {
    return this.#copy?.id === this.#copiedId;
  }
  /** The board must be synced first, or all of the copy would count as missing. */
  get canCopy(): boolean {
    const { room } = this.#ports;
    return room.isSynced && !room.isReadOnly;
  }
  /** While the person looks at the copy. */
  get shown(): KeptLook | null {
    return this.#look;
  }

  async look(): Promise<void> {
    const { images, theme, language } = this.#ports;
    await this.#withKept(async (kept) => {
      const elements = kept.elements();
      const messages = chatMessages(kept.doc);
      const unsent = unsentIn(kept, await this.#sentAmong(kept));
      const svg = elements.length === 0 ? null : (await boardSvg(elements, theme.shown, await images.forPicture(elements))).svg;
      this.#look = {
        picture: svg === null ? null : new Blob([svg], { type: 'image/svg+xml' }),
        chat: { text: chatText(messages, unsent, language), all: messages.length, unsent: unsent.length },
      };
    });
  }
  endLook(): void {
    this.#look = null;
  }
  async save(): Promise<void> {
    const { session, images, toasts, download = downloadFile } = this.#ports;
    await this.#withKept(async (kept) => {
      const { found, missing } = await images.find(imagesAmong(kept.elements()));
      const { file, leftOut } = await boardToFile(kept, found);
      const name = fileNameFor(m.fileName({ title: session.board.title || m.wetinkBoard() }), 'wetink');
      download(name, file);
      for (const sentence of gapSentences({ missing, leftOut })) toasts.fail(sentence);
      if (unsentIn(kept, await this.#sentAmong(kept)).length > 0) toasts.say(m.theFileHasWhatIs());
    });
  }
  /** Adds to the board what it lacks of the copy, as one step. */
  async copyOntoBoard(): Promise<void> {
    const { session, view, toasts, history } = this.#ports;
    const copy = this.#copy;
    if (copy === undefined || !this.canCopy) return;
    try {
      await this.#withKept(async (kept) => {
        const sent = await sentAmong(session.board.doc, kept.doc, history);
        if (sent === null) return toasts.fail(notCopiedNow());
        if (this.isCopied) return; // By a second press.
        const ids = copyOnto(session.board, kept);
        const count = sendAgain(session.board, kept, { me: session.me, sent });
        this.#copiedId = copy.id;
        this.#look = null;
        view.stage?.select(ids);
        if (ids.length > 0) view.stage?.zoomToFit();
        toasts.say(copiedSentence(ids.length, count));
      });
    } catch (error) {
      if (!(error instanceof BoardError)) throw error;
      toasts.fail(m.itCouldNotBeCopied({ message: error.message }));
    }
  }
  async discard(): Promise<void> {
    await this.#copy?.discard();
    await this.#read();
    this.#look = null;
    this.#ports.toasts.say(m.discarded());
  }

  async #read(): Promise<void> {
    this.#copies = await this.#ports.session.room.keptCopies();
  }
  /** Without an answer of the history, what is not on the board counts as unsent: these are shown and saved, not sent. */
  async #sentAmong(kept: Board): Promise<SentMessages> {
    const { session, history } = this.#ports;
    return (await sentAmong(session.board.doc, kept.doc, history)) ?? messagesIn(session.board.doc);
  }
  /** Opens the copy for as long as it is used. */
  async #withKept(use: (kept: Board) => void | Promise<void>): Promise<void> {
    const copy = this.#copy;
    if (copy === undefined) return;
    const kept = await this.#ports.session.openKept(copy);
    try {
      await use(kept.board);
    } finally {
      kept.close();
    }
  }
}
