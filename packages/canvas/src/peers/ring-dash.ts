/**
 * The ring that distinguishes people of one hue, on their cursor and on their picture in a list: the first person of a hue
 * has none, the second a whole ring, the third a ring in two pieces, the fourth one in three.
 *
 *   0 pieces  ●      1  ◯      2  two halves      3  three thirds
 *
 * Pieces of one ring instead of more rings: a person can count them at the size of a cursor, and need no more room.
 */

/** CSS pixels between two pieces: visible as a gap even between round line ends. */
const GAP_PX = 5;

/**
 * The dashes of a ring.
 *
 * @param pieces 1 or more. With very many pieces the gaps shrink.
 * @param radiusPx CSS pixels, of the middle of the line.
 * @returns For `setLineDash` or `stroke-dasharray`; [] is an unbroken line. Begin half a gap in, so that one gap is centred.
 */
export function ringDash(pieces: number, radiusPx: number): [] | [dash: number, gap: number] {
  if (pieces <= 1) return [];
  const share = (2 * Math.PI * radiusPx) / pieces;
  const gap = Math.min(GAP_PX, share / 2);
  return [share - gap, gap];
}
