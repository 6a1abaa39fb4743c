/** My own presence as it is sent; that of others is read by presence-parts.ts, which comes after the first paint. Pure. */

/** Elements named in a selection; a larger one is a box. With ids of 12 characters this is below 1 KiB. */
export const SELECTION_MAX = 50;

/** Equal parts need no message. */
export function withoutGaps<Parts extends object>(parts: { [Part in keyof Parts]: Parts[Part] | undefined }): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Parts;
}
