/**
 * The look of a frame: a sheet of paper with a quiet edge, and above it its title, in the same size on the screen at any zoom.
 */
import { oklchToHex, type BoardElement, type Geometry, type Theme } from '@wetink/board';
import { toView, type Camera, type ViewSize } from '../camera.ts';
import { geometryBox, type Box } from '../geometry.ts';
import { baseDirection } from './base-direction.ts';
import { surface } from './colors.ts';
import type { Context } from './context.ts';
import { estimateLine, setFont, type MeasureLine } from './text-layout.ts';

/** Shown for a frame without a title, so that there is something to press on. */
export const NO_TITLE = 'Frame';
/** CSS pixels. */
export const TITLE_PX = 13;
/** CSS pixels above the frame that its title takes. */
export const TITLE_HEIGHT_PX = 24;
/** Narrower frames on the screen show no title. */
const MIN_TITLE_PX = 28;
/** CSS pixels from the frame up to the line on which the letters stand. */
const BASELINE_PX = 8;

/** Board units. At a distance the edge is never thinner than a pixel. */
const EDGE = 1.5;

export const frameColors: Readonly<Record<Theme, { readonly paper: string; readonly edge: string }>> = {
  light: { paper: '#ffffff', edge: oklchToHex({ l: 0.8, c: 0.012, h: 260 }) },
  dark: { paper: surface.dark.paper, edge: oklchToHex({ l: 0.44, c: 0.014, h: 260 }) },
};

/** Board units. @param hairline Those of one device pixel. */
export function edgeWidth(hairline: number): number {
  return Math.max(EDGE, hairline);
}

/** @param hairline Board units of one device pixel. */
export function paintFrame(ctx: Context, geometry: Geometry, theme: Theme, hairline: number): void {
  const { minX, minY, maxX, maxY } = geometryBox(geometry);
  const { paper, edge } = frameColors[theme];
  ctx.fillStyle = paper;
  ctx.fillRect(minX, minY, maxX - minX, maxY - minY);
  ctx.strokeStyle = edge;
  ctx.lineWidth = edgeWidth(hairline);
  ctx.setLineDash([]);
  ctx.strokeRect(minX, minY, maxX - minX, maxY - minY);
}

export function titleOf({ text }: Pick<BoardElement, 'text'>): string {
  return text === '' ? NO_TITLE : text;
}

/** Where the title of a frame is pressed, board units; null where it shows none. */
export function titleBox(
  { geometry, text }: Pick<BoardElement, 'geometry' | 'text'>,
  zoom: number,
  measure: MeasureLine = estimateLine,
): Box | null {
  const { minX, minY, maxX } = geometryBox(geometry);
  if ((maxX - minX) * zoom < MIN_TITLE_PX) return null;
  const width = Math.min((maxX - minX) * zoom, Math.max(MIN_TITLE_PX, measure(titleOf({ text }), 'sans', TITLE_PX) + 8));
  return { minX, minY: minY - TITLE_HEIGHT_PX / zoom, maxX: minX + width / zoom, maxY: minY };
}

export interface TitleView {
  readonly camera: Camera;
  readonly size: ViewSize;
  readonly theme: Theme;
}

/** The context's transform maps CSS pixels to device pixels. */
export function paintTitles(ctx: Context, frames: readonly BoardElement[], { camera, size, theme }: TitleView): void {
  setFont(ctx, 'sans', TITLE_PX);
  ctx.textBaseline = 'alphabetic';
  for (const frame of frames) {
    const { minX, minY, maxX } = geometryBox(frame.geometry);
    const { x, y } = toView(camera, { x: minX, y: minY });
    const width = (maxX - minX) * camera.zoom;
    if (width < MIN_TITLE_PX || x > size.width || x + width < 0 || y < 0 || y > size.height + TITLE_HEIGHT_PX) continue;
    ctx.fillStyle = surface[theme].muted;
    const title = shortened((text) => ctx.measureText(text).width, titleOf(frame), width);
    const isLtr = baseDirection(title) === 'ltr';
    ctx.direction = isLtr ? 'ltr' : 'rtl';
    ctx.textAlign = 'left';
    ctx.fillText(title, x, y - BASELINE_PX);
  }
}

export interface PlacedTitle {
  readonly text: string;
  /** Where its line begins, board units. */
  readonly x: number;
  readonly y: number;
  readonly isRtl: boolean;
  readonly color: string;
}

/** The title in a picture of the board, where a board unit is a CSS pixel. Null for a frame that is too narrow for one. */
export function titleInPicture({ geometry, text }: BoardElement, theme: Theme, measure: MeasureLine): PlacedTitle | null {
  const { minX, minY, maxX } = geometryBox(geometry);
  if (maxX - minX < MIN_TITLE_PX) return null;
  const title = shortened((part) => measure(part, 'sans', TITLE_PX), titleOf({ text }), maxX - minX);
  return { text: title, x: minX, y: minY - BASELINE_PX, isRtl: baseDirection(title) === 'rtl', color: surface[theme].muted };
}

/** The title as far as it fits into `width` CSS pixels. */
function shortened(widthOf: (text: string) => number, title: string, width: number): string {
  if (widthOf(title) <= width) return title;
  const characters = [...title];
  let [fits, over] = [0, characters.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (widthOf(`${characters.slice(0, middle).join('')}…`) <= width) fits = middle;
    else over = middle;
  }
  return `${characters.slice(0, fits).join('').trimEnd()}…`;
}
