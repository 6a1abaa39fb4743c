/**
 * The person's words in a conversation that the server refused. The document that they are in was given up and is a kept
 * copy; they stay in view until the person sends them again, or discards them.
 *
 * A copy in which nobody wrote anything that the server lacks, such as one of read marks, is discarded. A copy with words of
 * another person of this browser is left for that person, and shows nothing.
 */
import type { ChatMessage } from '@wetink/board';
import * as Y from 'yjs';
import { refusedSentence, unreadableCopies, undiscardedCopy } from '../core/refused-sentence.ts';
import type { ConversationPlace } from '../session/conversation-place.ts';
import { messagesIn, sentAmong, unsentWords, type AskHistory, type SentMessages } from '../session/unsent-messages.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { ChatState } from './chat.svelte.ts';

type Copy = Awaited<ReturnType<ConversationPlace['keptCopies']>>[number];
type Place = Pick<ConversationPlace, 'doc' | 'keptCopies' | 'refusedCount' | 'isSynced' | 'onStatus' | 'onSynced' | 'onReplaced'>;

export interface RefusedWordsOptions {
  place: Place;
  chat: Pick<ChatState, 'me' | 'messages' | 'sendAgain'>;
  history: AskHistory;
  schedule?: (run: () => void, delayMs: number) => () => void;
}

interface KeptDocument {
  readonly copy: Copy;
  readonly doc: Y.Doc;
  /** Messages that the server had when it was asked; null before. Without them, all of the copy would count as refused. */
  readonly sent: SentMessages | null;
}

/** After a history that did not answer, or a device that could not be read. Milliseconds. */
const AGAIN_AFTER_MS = 30_000;

export class RefusedWords {
  readonly #place: Place;
  readonly #chat: RefusedWordsOptions['chat'];
  readonly #history: AskHistory;
  readonly #schedule: NonNullable<RefusedWordsOptions['schedule']>;
  readonly #stops: readonly (() => void)[];
  /** The oldest copy that is not settled. */
  #kept = $state.raw<KeptDocument | null>(null);
  #isUnreadable = $state(false);
  /** The current document has what the server has. */
  #isFilled: boolean;
  #refusedCount = 0;
  #reading: Promise<void> = Promise.resolve();
  #cancelAgain: (() => void) | null = null;
  #isClosed = false;

  constructor({ place, chat, history, schedule = scheduleTimeout }: RefusedWordsOptions) {
    this.#place = place;
    this.#chat = chat;
    this.#history = history;
    this.#schedule = schedule;
    this.#isFilled = place.isSynced();
    this.#stops = [
      place.onStatus(() => this.#look()),
      place.onReplaced(() => {
        this.#isFilled = false;
        if (this.#kept !== null) this.#kept = { ...this.#kept, sent: null };
      }),
      place.onSynced(() => {
        this.#isFilled = true;
        this.#readSoon();
      }),
    ];
    this.#look();
  }
  /** Why words are not in the conversation; '' when none were refused. */
  get sentence(): string {
    const kept = this.#kept;
    if (kept === null) return this.#isUnreadable ? unreadableCopies() : '';
    if (kept.sent !== null && this.words.length === 0) return '';
    const { code, onDevice } = kept.copy;
    return refusedSentence(kept.sent === null ? null : this.words.length, code, { onDevice });
  }
  /** Refused messages, as the person left them; none before it is known what the server has. */
  get words(): readonly ChatMessage[] {
    void this.#chat.messages; // Read again when they change.
    return this.#kept === null ? [] : this.#mine(this.#wordsIn(this.#kept));
  }
  /** @returns A sentence when they could not be sent, else null. */
  async sendAgain(): Promise<string | null> {
    const { words } = this;
    if (words.length === 0) return null;
    return this.#chat.sendAgain(words) ?? (await this.discard());
  }
  /** @returns A sentence when they could not be discarded, else null. */
  async discard(): Promise<string | null> {
    const kept = this.#kept;
    try {
      await kept?.copy.discard();
    } catch {
      return undiscardedCopy();
    }
    if (this.#kept === kept) this.#show(null);
    this.#readSoon();
    await this.#reading;
    return null;
  }
  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    this.#cancelAgain?.();
    this.#show(null);
  }

  /** A copy was made, or settled, here or in another tab. */
  #look(): void {
    const count = this.#place.refusedCount();
    if (count === this.#refusedCount) return;
    this.#refusedCount = count;
    this.#readSoon();
  }
  #readSoon(): void {
    this.#reading = this.#reading.then(async () => {
      try {
        await this.#read();
        this.#isUnreadable = false;
      } catch {
        this.#isUnreadable = true;
        this.#again();
      }
    });
  }
  async #read(): Promise<void> {
    for (const copy of await this.#place.keptCopies()) {
      if (copy.changes === 0) continue;
      const kept = await this.#open(copy);
      if (this.#isClosed) return;
      if (kept === null) continue;
      if (kept.sent === null) {
        this.#show(kept);
        if (this.#isFilled) this.#again();
        return;
      }
      const words = this.#wordsIn(kept);
      if (this.#mine(words).length > 0) {
        this.#show(kept);
        return;
      }
      if (this.#kept?.copy.id === copy.id) this.#show(null);
      kept.doc.destroy();
      if (words.length === 0) await copy.discard();
    }
    this.#show(null);
  }
  /** @returns Null for a copy that another tab has discarded. */
  async #open(copy: Copy): Promise<KeptDocument | null> {
    if (this.#kept?.copy.id === copy.id && this.#kept.sent !== null) return this.#kept;
    const update = await copy.load().catch(() => null);
    if (update === null) return null;
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    const current = this.#place.doc();
    const sent = this.#isFilled ? await sentAmong(current, doc, this.#history) : null;
    // Another refusal meanwhile: what is there now has yet to arrive.
    return { copy, doc, sent: current === this.#place.doc() ? sent : null };
  }
  #wordsIn({ doc, sent }: KeptDocument): ChatMessage[] {
    return sent === null ? [] : unsentWords(new Map([...sent, ...messagesIn(this.#place.doc())]), doc);
  }
  #mine(words: readonly ChatMessage[]): ChatMessage[] {
    return words.filter(({ userId }) => userId === this.#chat.me.id);
  }
  #again(): void {
    this.#cancelAgain?.();
    if (this.#isClosed) return;
    this.#cancelAgain = this.#schedule(() => this.#readSoon(), AGAIN_AFTER_MS);
  }
  #show(kept: KeptDocument | null): void {
    if (this.#kept?.doc !== kept?.doc) this.#kept?.doc.destroy();
    this.#kept = this.#isClosed ? null : kept;
  }
}
