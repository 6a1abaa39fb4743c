/** Facts about the screen that change the layout in ways that CSS alone can't. */
import { MediaQuery } from 'svelte/reactivity';

/** The same limit as in the style sheets. */
export const isPhone = new MediaQuery('(max-width: 640px)', false);
