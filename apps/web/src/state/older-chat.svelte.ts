/**
 * Messages before those of the document, loaded page by page when the person asks for them. A message that moves to the
 * history while the page is open stays here, so that nothing vanishes under the reader's eyes and no gap opens. Of each the
 * newest version stays that was here: an edit leaves the document once the history has it.
 *
 * A document that was given up takes its messages with it: `forget`.
 */
import type { ChatMessage } from '@wetink/board';
import type { OlderAnswer } from '../account/history-api.ts';
import type { OlderFailure } from '../core/chat-sentence.ts';

export interface OlderChatPorts {
  load(before: string | null): Promise<OlderAnswer>;
  /** Puts what their authors made of them since into messages that left the document. */
  edited(messages: readonly ChatMessage[]): readonly ChatMessage[];
  /** Messages that left the document. */
  movedCount(): number;
}

/**
 * Pages that a search for one message loads. A message that never was would otherwise cost everything that was ever said:
 * thousands of calls, counted for the address that others share.
 */
export const MAX_SEEK_PAGES = 40;
/** Messages that stay here after they moved; a page that is open for weeks forgets the oldest. */
const MAX_MOVED = 5_000;

export class OlderChat {
  readonly #ports: OlderChatPorts;
  #loaded = $state.raw<readonly ChatMessage[]>([]);
  /** Undefined: not asked yet. Null: there are no older ones. */
  #next = $state.raw<string | null | undefined>(undefined);
  /** The page that is on its way. */
  #loading = $state.raw<Promise<void> | null>(null);
  #failure = $state.raw<OlderFailure | null>(null);
  /** In the document until a moment ago, in its order. Follows `with`. */
  #moved: readonly ChatMessage[] = [];
  #last: readonly ChatMessage[] = [];
  /** Newest versions by id, of messages that are here in an older one. Follows `with`. */
  #newest = new Map<string, ChatMessage>();
  /** Documents that were given up while this was open: what was asked for one is not for the next. */
  #given = 0;

  constructor(ports: OlderChatPorts) {
    this.#ports = ports;
  }

  get isLoading(): boolean {
    return this.#loading !== null;
  }
  /** Why the last page could not be loaded; null when it could. */
  get failure(): OlderFailure | null {
    return this.#failure;
  }
  /** There may be messages before those that `with` gave. */
  hasMore(): boolean {
    return this.#next !== null && this.#ports.movedCount() > this.#moved.length;
  }

  /** The whole list, oldest first, each message once. @param messages Those of the document. */
  with(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    const here = new Set(messages.map(({ id }) => id));
    if (messages !== this.#last) {
      this.#moved = [...this.#moved.filter(({ id }) => !here.has(id)), ...this.#last.filter(({ id }) => !here.has(id))].slice(-MAX_MOVED);
      this.#last = messages;
    }
    if (this.#loaded.length + this.#moved.length === 0) return messages;
    for (const { id } of this.#moved) here.add(id);
    const older = this.#loaded.filter(({ id }) => !here.has(id));
    return [...this.#newestOf([...older, ...this.#moved]), ...messages];
  }

  /** The document was given up, and its messages with it. */
  forget(): void {
    this.#given += 1;
    this.#loaded = [];
    this.#next = undefined;
    this.#moved = this.#last = [];
    this.#newest.clear();
    this.#loading = this.#failure = null;
  }

  /**
   * Loads the page before the oldest message that is shown; null when none is.
   *
   * @param show Called when it has come, to put it among the messages by the given function.
   */
  async load(oldestId: string | null, show: (add: () => void) => void = (add) => add()): Promise<void> {
    if (this.#next === null) return;
    this.#loading ??= this.#load(oldestId, show);
    await this.#loading;
  }

  /**
   * Loads page after page until the message with this id is among them; at most `MAX_SEEK_PAGES`.
   *
   * @param how.isWanted Asked after each page: false ends the search, as `gone`.
   */
  async seek(
    id: string,
    how: { oldestId(): string | null; show(add: () => void): void; isWanted(): boolean },
  ): Promise<'found' | 'gone' | 'failed' | 'far'> {
    const isHere = (): boolean => this.#loaded.some((message) => message.id === id) || this.#moved.some((message) => message.id === id);
    for (let pages = 0; !isHere(); pages += 1) {
      if (!this.hasMore() || !how.isWanted()) return 'gone';
      if (pages === MAX_SEEK_PAGES) return 'far';
      const before = this.#next;
      await this.load(how.oldestId(), (add) => how.show(add));
      if (this.#failure !== null) return 'failed';
      // A server that leads back to where it was would be asked for ever.
      if (this.#next === before) return 'gone';
    }
    return 'found';
  }

  async #load(oldestId: string | null, show: (add: () => void) => void): Promise<void> {
    const given = this.#given;
    this.#failure = null;
    let answer: OlderAnswer;
    try {
      answer = await this.#ports.load(this.#next ?? oldestId);
      // The oldest message may not have reached the relay yet: then the newest page, of which those shown are left out.
      if (answer.kind === 'unknown' && given === this.#given) answer = await this.#ports.load(null);
    } finally {
      if (given === this.#given) this.#loading = null;
    }
    if (given !== this.#given) return;
    if (answer.kind !== 'page') {
      this.#failure = answer.kind === 'unknown' ? { kind: 'absent' } : answer;
      return;
    }
    const { messages, next } = answer;
    show(() => {
      if (given !== this.#given) return;
      const known = new Set(this.#loaded.map(({ id }) => id));
      this.#loaded = [...messages.filter(({ id }) => !known.has(id)), ...this.#loaded];
      this.#next = next;
    });
  }

  #newestOf(messages: readonly ChatMessage[]): ChatMessage[] {
    const edited = this.#ports.edited(messages);
    const kept = new Map<string, ChatMessage>();
    const newest = messages.map((message, at) => {
      const known = newerOf(message, this.#newest.get(message.id));
      const shown = newerOf(known, edited[at]);
      if (shown !== message) kept.set(message.id, shown);
      return shown;
    });
    this.#newest = kept;
    return newest;
  }
}

/** `later` unless `message` was changed after it; a deleted message stays deleted. */
function newerOf(message: ChatMessage, later: ChatMessage | undefined): ChatMessage {
  if (later === undefined || message.isDeleted) return message;
  return later.isDeleted || (later.editedAt ?? -1) >= (message.editedAt ?? -1) ? later : message;
}
