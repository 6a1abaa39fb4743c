/** Facts about the screen that change the layout in ways that CSS alone can't. The same limits as in the style sheets. */
import { MediaQuery } from 'svelte/reactivity';

/** A narrow page, such as a phone held upright. */
export const isPhone = new MediaQuery('(max-width: 640px)', false);
/** Narrow or low, such as a phone on its side: one row of tools, one row of style. */
export const isCompact = new MediaQuery('(max-width: 640px), (max-height: 520px)', false);
/** A tablet held upright: its fingers need large buttons, and one row has no room for two more of them. */
export const isTight = new MediaQuery('(max-width: 820px) and (pointer: coarse)', false);
/** The chat has no room beside the board and covers it. */
export const isSheet = new MediaQuery('(max-width: 640px), (max-height: 520px) and (max-width: 900px)', false);
/** The main pointer is a finger: a phone, a tablet. */
export const hasFingers = new MediaQuery('(pointer: coarse)', false);
/** There is a touch screen, perhaps beside a mouse. */
export const hasTouch = new MediaQuery('(any-pointer: coarse)', false);
