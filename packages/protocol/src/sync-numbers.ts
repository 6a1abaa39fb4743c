/** Names of sync messages, by the number on the wire. */

export const step1 = 0;
export const step2 = 1;
export const update = 2;
