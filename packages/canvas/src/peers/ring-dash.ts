/**
 * The ring that tells people of one hue apart, on their cursor and on their picture in a list: the first of a hue has
 * none, the second a whole ring, the third one in two pieces, the fourth one in three.
 *
 *   0 pieces  ●      1  ◯      2  two halves      3  three thirds
 *
 * Pieces of one ring, and not one more ring each: they stay apart at the size of a cursor, and need no more room.
 */

/** CSS pixels between two pieces: seen as a gap also where the line has round neighbours. */
const GAP_PX = 5;

/**
 * The dashes of a ring.
 *
 * @param pieces How many people of the same hue come first, 1 or more. The gaps shrink where there are very many.
 * @param radiusPx CSS pixels, of the middle of the line.
 * @returns For `setLineDash` or `stroke-dasharray`; [] is an unbroken line. Begin half a gap in, so that one gap is centred.
 */
export function ringDash(pieces: number, radiusPx: number): [] | [dash: number, gap: number] {
  if (pieces <= 1) return [];
  const share = (2 * Math.PI * radiusPx) / pieces;
  const gap = Math.min(GAP_PX, share / 2);
  return [share - gap, gap];
}
