/** The open panels, and the facts remembered about them. For this page only. */
import type { Look, Style } from '@wetink/board';
import type { NewsPace } from '../core/board-news.ts';
import type { WheelUse } from '@wetink/canvas';
import type { KeyValue } from '../core/key-value.ts';
import { Choices } from './choices.svelte.ts';

const WIDTH_KEY = 'wetink.drawer-width';
const WHEEL_KEY = 'wetink.wheel';
const SINGLE_KEYS_KEY = 'wetink.single-keys';
const NEWS_KEY = 'wetink.news-pace';
const HELLO_KEY = 'wetink.hello';
export const DRAWER_MIN_PX = 260;
export const DRAWER_MAX_PX = 560;
const DRAWER_PX = 320;

export class Panels {
  isChatOpen = $state(false);
  isPeopleOpen = $state(false);
  isShareOpen = $state(false);
  /** The list of deleted elements. */
  isTrashOpen = $state(false);
  /** The list of pages. */
  arePagesOpen = $state(false);
  isHelpOpen = $state(false);
  isPreferencesOpen = $state(false);
  /** The choice of the board's paper. */
  isPaperOpen = $state(false);
  /** All actions by name. */
  isPaletteOpen = $state(false);
  /** The list of everything on the board. */
  isOutlineOpen = $state(false);
  /** The search for words on the board. */
  isFindOpen = $state(false);
  /** How often it was asked for: its field takes the focus each time. */
  findAsked = $state(0);
  isClearOpen = $state(false);
  isDeleteOpen = $state(false);
  /** Leaves the board, and loses what is only in this tab; null while the person is not asked. */
  leave = $state.raw<(() => void) | null>(null);
  /** Height of the bars at the lower edge of a board, CSS pixels: 0 while they are hidden. */
  barsCssPx = $state(0);
  /** Width of the style panel, 0 while there is none. */
  sideCssPx = $state(0);
  /** The bars are hidden. */
  isFocused = $state(false);
  /** One frame after the other is shown, filling the page. */
  isPresenting = $state(false);
  /** The buttons that align and distribute are shown while something is selected. */
  isArrangeOpen = $state(false);
  /** The panel for editing pictures; it is shown while one is selected. */
  isPictureOpen = $state(false);
  /** The look that was copied, for other pictures. */
  copiedLook = $state.raw<Look | null>(null);
  /** The style that was copied, for other elements. */
  copiedStyle = $state.raw<Partial<Style> | null>(null);
  /** The first visit's card is due: it appears on one board, once, however it ends there. */
  isHelloDue = $state(false);
  /** How drags on the board snap and select, and what is shown beside it. */
  readonly choices: Choices;
  #facts: KeyValue;
  #drawerWidthPx = $state(DRAWER_PX);
  #hasSingleKeys = $state(true);
  #newsPace = $state<NewsPace>('slow');
  #wheel = $state<WheelUse>('pan');

  constructor(facts: KeyValue) {
    this.#facts = facts;
    this.choices = new Choices(facts);
    const width = facts.read(WIDTH_KEY);
    if (typeof width === 'number') this.#drawerWidthPx = clampWidth(width);
    const wheel = facts.read(WHEEL_KEY);
    if (wheel === 'zoom' || wheel === 'auto') this.#wheel = wheel;
    this.#hasSingleKeys = facts.read(SINGLE_KEYS_KEY) !== false;
    const pace = facts.read(NEWS_KEY);
    if (pace === 'off' || pace === 'quick' || pace === 'live') this.#newsPace = pace;
    this.isHelloDue = facts.read(HELLO_KEY) !== true;
  }
  /** The card was shown: from the next board on it is no longer due. */
  noteHello(): void {
    this.#facts.write(HELLO_KEY, true);
  }
  get drawerWidthPx(): number {
    return this.#drawerWidthPx;
  }
  set drawerWidthPx(width: number) {
    this.#drawerWidthPx = clampWidth(width);
    this.#facts.write(WIDTH_KEY, this.#drawerWidthPx);
  }
  /** Use of the wheel on the board. */
  get wheel(): WheelUse {
    return this.#wheel;
  }
  set wheel(use: WheelUse) {
    this.#wheel = use;
    this.#facts.write(WHEEL_KEY, use);
  }
  /** Shortcuts of one character, such as P for the pen. Some people's input devices press keys by accident. */
  get hasSingleKeys(): boolean {
    return this.#hasSingleKeys;
  }
  set hasSingleKeys(isOn: boolean) {
    this.#hasSingleKeys = isOn;
    this.#facts.write(SINGLE_KEYS_KEY, isOn);
  }
  /** How often a screen reader says what others do. */
  get newsPace(): NewsPace {
    return this.#newsPace;
  }
  set newsPace(pace: NewsPace) {
    this.#newsPace = pace;
    this.#facts.write(NEWS_KEY, pace);
  }
}

function clampWidth(width: number): number {
  return Math.round(Math.min(DRAWER_MAX_PX, Math.max(DRAWER_MIN_PX, Number.isFinite(width) ? width : DRAWER_PX)));
}
