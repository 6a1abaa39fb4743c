/** The open panels, and the facts remembered about them. For this page only. */
import type { KeyValue } from '../core/key-value.ts';

const WIDTH_KEY = 'wetink.drawer-width';
const SINGLE_KEYS_KEY = 'wetink.single-keys';
const HELLO_KEY = 'wetink.hello';
export const DRAWER_MIN_PX = 260;
export const DRAWER_MAX_PX = 560;
const DRAWER_PX = 320;

export class Panels {
  isChatOpen = $state(false);
  isPeopleOpen = $state(false);
  isShareOpen = $state(false);
  isHelpOpen = $state(false);
  isClearOpen = $state(false);
  isDeleteOpen = $state(false);
  /** The first visit's card is due: it appears on one board, once, however it ends there. */
  isHelloDue = $state(false);
  #facts: KeyValue;
  #drawerWidthPx = $state(DRAWER_PX);
  #hasSingleKeys = $state(true);

  constructor(facts: KeyValue) {
    this.#facts = facts;
    const width = facts.read(WIDTH_KEY);
    if (typeof width === 'number') this.#drawerWidthPx = clampWidth(width);
    this.#hasSingleKeys = facts.read(SINGLE_KEYS_KEY) !== false;
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
  /** Shortcuts of one character, such as P for the pen. Some people's input devices press keys by accident. */
  get hasSingleKeys(): boolean {
    return this.#hasSingleKeys;
  }
  set hasSingleKeys(isOn: boolean) {
    this.#hasSingleKeys = isOn;
    this.#facts.write(SINGLE_KEYS_KEY, isOn);
  }
}

function clampWidth(width: number): number {
  return Math.round(Math.min(DRAWER_MAX_PX, Math.max(DRAWER_MIN_PX, Number.isFinite(width) ? width : DRAWER_PX)));
}
