/**
 * The part of the stage that changes what is on the board already: every tool but the pen, the search for elements under a
 * pointer, the actions of toolbars and keys on a selection, wet ink to and from others, and the overlay with selections and
 * other people's cursors. Its code is fetched late: showing a board, moving the view
 * and drawing need none of it. See editor/editing-queue.ts for presses that are made before it is there.
 */
export { copyGroups, elementsIn, groupAround, groupingOf, unitOf } from '../grouping.ts';
export { pickAt, toolContext } from '../editor/reach.ts';
export { recognise } from '../tools/recognise.ts';
export { createToolBox } from '../tools/tool-box.ts';
export { gripAt } from '../transform.ts';
export { createActions, placeFor } from './actions.ts';
export { MovedPictures } from './moved-pictures.ts';
export { paintOverlay } from './paint-overlay.ts';
export { WetInk } from '../wet/wet-ink.ts';
export { WetSender } from '../wet/wet-sender.ts';
