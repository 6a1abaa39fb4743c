/** What follows the number of a sync message. */

export const step1 = 0;
export const step2 = 1;
export const update = 2;
