/**
 * Signs that people give each other for a moment: reactions, words beside the cursor, and the notices of people who join
 * and leave. Fetched with the company.
 */
import * as m from '$words/signs';
import { newestMessage } from '@wetink/board';
import type { Stage } from '@wetink/canvas';
import { Comings, comingSentence, withComings, type Coming, type ComingLine } from '../core/comings.ts';
import { cleanLine } from '../core/identity.ts';
import { parsePresence, participantsOf } from '../core/participants.ts';
import { SAID_MAX, type Reaction } from '../core/presence-parts.ts';
import { FLOAT_MS, ReactionFeed, WITHDRAW_MS, withFloating, withReaction, type NewReaction } from '../core/reactions.ts';
import { joinNames, nameInSentence } from '../core/sentences.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { BoardSession } from '../session/board-session.ts';

/** Words stay this long after Enter, ms. */
export const SAID_STAY_MS = 5_000;
/** A field that nobody types in closes, and withdraws its words. */
export const SAID_IDLE_MS = 12_000;
/** News of this long are one notice, and a notice is shown this long, ms. */
const GATHER_MS = 1_500;
const NOTICE_MS = 4_000;
/** In a larger company people come and go all the time: the chat has the lines, and no notice is shown. */
const NOTICED_MAX = 20;
/** Words that did not change for this long are read out. */
const SETTLED_MS = 1_500;

export interface Floating extends NewReaction {
  readonly key: number;
}

export interface SignPorts {
  readonly session: BoardSession;
  readonly stage: Stage;
}

export class Signs {
  /** Reactions on the screen now. */
  floating = $state.raw<readonly Floating[]>([]);
  /** Lines of the chat about people who came and went while this page was open. */
  lines = $state.raw<readonly ComingLine[]>([]);
  /** A quiet notice, or ''. */
  notice = $state('');
  /** For screen readers: reactions and words of others, or ''. */
  heard = $state('');
  /** Where the field for my words is, CSS pixels from the board's top left; null while it is closed. */
  field = $state.raw<{ x: number; y: number } | null>(null);
  readonly #ports: SignPorts;
  readonly #feed = new ReactionFeed();
  readonly #comings = new Comings();
  readonly #timers = new Map<string, () => void>();
  readonly #stops: readonly (() => void)[];
  #mine: readonly Reaction[] = [];
  #nextKey = 0;
  #news: Coming[] = [];
  #said = new Map<number, string>();
  #unheard = new Map<string, string>();
  /** The field was opened without a pointer on the board, so I show one for as long as I speak. */
  #isCursorLent = false;

  constructor(ports: SignPorts) {
    const { session } = ports;
    this.#ports = ports;
    const states = (): ReadonlyMap<number, unknown> => session.room.awareness.getStates();
    this.#feed.take([...states().keys()], states());
    this.#stops = [
      session.onPresence((changed) => {
        this.#float(this.#feed.take(changed, states()).filter(({ clientId }) => clientId !== session.room.awareness.clientID));
        this.#listen(changed);
        this.#soon('comings', 200, () => this.#count());
      }),
      session.room.onStatus(() => this.#count()),
    ];
    this.#count();
  }

  react(emoji: string): void {
    const { session } = this.#ports;
    this.#mine = withReaction(this.#mine, emoji);
    session.announce({ reactions: this.#mine });
    const clientId = session.room.awareness.clientID;
    this.#show([{ clientId, userId: session.me.id, name: session.me.name, emoji, n: this.#mine.at(-1)?.n ?? 0 }]);
    this.#later('withdraw', WITHDRAW_MS, () => session.announce({ reactions: undefined }));
  }

  /** Opens the field beside my pointer, or in the middle. */
  openField(): void {
    const { session, stage } = this.#ports;
    const { width, height } = stage.size;
    const { awareness } = session.room;
    const cursor = parsePresence(awareness.getLocalState(), awareness.clientID)?.cursor ?? null;
    this.#isCursorLent = cursor === null;
    const at = cursor === null ? { x: width / 2, y: height / 2 } : stage.toView(cursor);
    if (cursor === null) session.announce({ cursor: stage.toBoard(at) });
    this.field = { x: Math.max(8, Math.min(at.x, width - 260)), y: Math.max(72, Math.min(at.y, height - 180)) };
    this.#later('idle', SAID_IDLE_MS, () => this.closeField({ isKept: false }));
  }
  say(text: string): void {
    const said = cleanLine(text, SAID_MAX);
    this.#ports.session.announce({ said: said === '' ? undefined : said });
    this.#later('idle', SAID_IDLE_MS, () => this.closeField({ isKept: false }));
  }
  /** @param how.isKept The words stay a moment, for others to read them to the end. */
  closeField({ isKept }: { isKept: boolean }): void {
    this.field = null;
    this.#cancel('idle');
    if (isKept) this.#later('said', SAID_STAY_MS, () => this.#fallSilent());
    else this.#fallSilent();
  }
  close(): void {
    for (const stop of this.#stops) stop();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #fallSilent(): void {
    this.#cancel('said');
    if (this.field !== null) return;
    this.#ports.session.announce({ said: undefined, ...(this.#isCursorLent ? { cursor: null } : {}) });
    this.#isCursorLent = false;
  }
  #float(reactions: readonly NewReaction[]): void {
    if (reactions.length === 0) return;
    this.#show(reactions);
    const emojis = [...new Set(reactions.map(({ emoji }) => emoji))].join(' ');
    this.#unheard.set('reactions', m.reacted({ names: joinNames(reactions.map(({ name }) => nameInSentence(name))), emojis }));
    this.#soon('heard', SETTLED_MS, () => this.#readOut());
  }
  #show(reactions: readonly NewReaction[]): void {
    const more = reactions.map((reaction): Floating => ({ ...reaction, key: ++this.#nextKey }));
    this.floating = withFloating(this.floating, more);
    const keys = new Set(more.map(({ key }) => key));
    this.#later(`float ${this.#nextKey}`, FLOAT_MS, () => (this.floating = this.floating.filter(({ key }) => !keys.has(key))));
  }
  #listen(changed: readonly number[]): void {
    const { awareness } = this.#ports.session.room;
    for (const clientId of changed) {
      const presence = clientId === awareness.clientID ? null : parsePresence(awareness.getStates().get(clientId), clientId);
      const said = presence?.said ?? '';
      if (said === (this.#said.get(clientId) ?? '')) continue;
      if (said === '') this.#said.delete(clientId);
      else this.#said.set(clientId, said);
      if (presence === null || said === '') continue;
      this.#unheard.set(`said ${clientId}`, m.says({ name: nameInSentence(presence.user.name), words: said }));
      this.#later('heard', SETTLED_MS, () => this.#readOut());
    }
  }
  #readOut(): void {
    this.heard = [...this.#unheard.values()].slice(-3).join('. ');
    this.#unheard.clear();
  }

  #count(): void {
    const { session } = this.#ports;
    const now = performance.now();
    const others = participantsOf(session.room.awareness.getStates(), session.me).filter(({ isMe }) => !isMe);
    const news = this.#comings.look(others, now, { isOpen: session.room.link === 'open' });
    const nextMs = this.#comings.nextMs(now);
    if (nextMs !== null) this.#later('leaving', nextMs + 50, () => this.#count());
    if (news.length === 0) return;
    const afterId = newestMessage(session.board.doc)?.id ?? null;
    this.lines = withComings(this.lines, news, { at: Date.now(), afterId });
    if (others.length > NOTICED_MAX) return;
    this.#news.push(...news);
    this.#soon('gather', GATHER_MS, () => this.#notice());
  }
  #notice(): void {
    const sentences = (['joined', 'left'] as const).flatMap((kind) => {
      const names = new Map(this.#news.filter((coming) => coming.kind === kind).map(({ userId, name }) => [userId, name]));
      return names.size === 0 ? [] : [comingSentence({ kind, names: names.values() })];
    });
    this.#news = [];
    this.notice = sentences.join('. ');
    this.#later('notice', NOTICE_MS, () => (this.notice = ''));
  }

  /** Runs once after the time; a second call before that changes nothing. */
  #soon(name: string, delayMs: number, run: () => void): void {
    if (!this.#timers.has(name)) this.#later(name, delayMs, run);
  }
  #later(name: string, delayMs: number, run: () => void): void {
    this.#cancel(name);
    this.#timers.set(
      name,
      scheduleTimeout(() => {
        this.#timers.delete(name);
        run();
      }, delayMs),
    );
  }
  #cancel(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }
}
