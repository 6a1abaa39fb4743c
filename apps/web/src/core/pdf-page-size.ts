/** The size in which a page of a PDF is drawn. Pure; the worker reads it too. */

/** 216 dpi: no screen shows more of a page at its own size. */
const MAX_SCALE = 3;

/**
 * @param page In 1/72 inch, as the document claims.
 * @returns Null for a page that can't be drawn.
 */
export function pageSize(
  { width, height }: { width: number; height: number },
  maxSidePx: number,
): { scale: number; widthPx: number; heightPx: number } | null {
  if (!(width > 0 && height > 0 && Number.isFinite(width * height))) return null;
  const scale = Math.min(MAX_SCALE, maxSidePx / Math.max(width, height));
  const px = (side: number): number => Math.max(1, Math.min(maxSidePx, Math.round(side * scale)));
  return { scale, widthPx: px(width), heightPx: px(height) };
}
