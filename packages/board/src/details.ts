/**
 * Details of a board: title, background, people's names, and the format a reader needs.
 * Changing one is not a step: undo is for drawing.
 */
import type * as Y from 'yjs';
import { type Core, introduce, requiresNewer } from './core.ts';
import { Emitter } from './emitter.ts';
import { BoardError } from './errors.ts';
import { MAX_NAME_LENGTH, MAX_TITLE_LENGTH } from './limits.ts';
import { isColor } from './color/palette.ts';
import { shownLine } from './text/shown-line.ts';
import { clipText, wellFormed } from './text/surrogates.ts';
import type { Color, UserId } from './types.ts';

/** The paper's own color: `white` follows the theme. */
const DEFAULT_BACKGROUND: Color = 'white';

export class Details {
  readonly #core: Core;
  readonly #emitter = new Emitter<[]>();
  readonly #observer = (): void => this.#emitter.emit();

  constructor(core: Core) {
    this.#core = core;
    core.roots.meta.observe(this.#observer as (event: Y.YMapEvent<unknown>) => void);
    core.roots.people.observe(this.#observer as (event: Y.YMapEvent<unknown>) => void);
  }

  isTooNew(): boolean {
    return requiresNewer(this.#core.roots);
  }

  title(): string {
    const title = this.#core.roots.meta.get('title');
    return typeof title === 'string' ? shownLine(clipText(title, MAX_TITLE_LENGTH)) : '';
  }

  background(): Color {
    const background = this.#core.roots.meta.get('background');
    return isColor(background) ? background : DEFAULT_BACKGROUND;
  }

  nameOf(userId: UserId): string | null {
    const name = this.#core.roots.people.get(userId);
    return (typeof name === 'string' && shownLine(clipText(name, MAX_NAME_LENGTH))) || null;
  }

  setTitle(title: string): void {
    this.#set(this.#core.roots.meta, 'title', wellFormed(clipText(title.trim(), MAX_TITLE_LENGTH)), this.title());
  }

  setBackground(color: Color): void {
    if (!isColor(color)) throw new BoardError('BAD_COLOR', String(color));
    this.#set(this.#core.roots.meta, 'background', color, this.background());
  }

  setName(name: string): void {
    const { people } = this.#core.roots;
    this.#set(people, this.#core.userId, wellFormed(clipText(name.trim(), MAX_NAME_LENGTH)), this.nameOf(this.#core.userId) ?? '');
  }

  /** The paper of the board, which is in steps, has changed. */
  tell(): void {
    this.#emitter.emit();
  }

  onChange(callback: () => void): () => void {
    return this.#emitter.on(callback);
  }

  close(): void {
    this.#core.roots.meta.unobserve(this.#observer);
    this.#core.roots.people.unobserve(this.#observer);
    this.#emitter.clear();
  }

  /** Writes nothing when the value is already stored: opening a board must not make an update. */
  #set(root: Y.Map<unknown>, key: string, value: string, before: string): void {
    if (value === before) return;
    this.#core.doc.transact(() => {
      introduce(this.#core);
      root.set(key, value);
    }, this.#core.origin);
  }
}
