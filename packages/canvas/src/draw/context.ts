/** A 2D context, of a canvas on the page or beside it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
