/** Outlines the selections of other people, each in their colour. */
import { personColors, type BoardElement, type ElementId } from '@wetink/board';
import { toView, visibleBox, type Camera, type ViewSize } from '../camera.ts';
import type { Context } from '../draw/paint.ts';
import { boxesTouch, geometryBox, type Box } from '../geometry.ts';
import { outlineElement } from '../overlay.ts';
import type { Peer } from './peer-cursors.ts';
import { ringDash } from './ring-dash.ts';

/** Outlines in one frame: more would say nothing, and a hundred people with fifty elements each would cost the pen its time. */
const MAX_OUTLINES = 400;
/** The dashes of the second and later people of a hue are those of a ring of this radius, CSS pixels. */
const DASH_RADIUS_PX = 14;

export interface SelectionView {
  readonly camera: Camera;
  readonly size: ViewSize;
  /** The element as it is shown now. */
  readonly elementOf: (id: ElementId) => BoardElement | undefined;
}

/** The context's transform maps CSS pixels to device pixels. */
export function paintPeerSelections(ctx: Context, peers: readonly Peer[], { camera, size, elementOf }: SelectionView): void {
  const view = visibleBox(camera, size);
  let left = MAX_OUTLINES;
  ctx.lineWidth = 1.5;
  for (const { selection, hue, ringPieces } of peers) {
    if (selection === undefined) continue;
    ctx.strokeStyle = personColors[hue % personColors.length] ?? '#000000';
    ctx.setLineDash(ringDash(ringPieces, DASH_RADIUS_PX));
    if ('box' in selection) {
      if (boxesTouch(selection.box, view)) strokeBox(ctx, selection.box, camera);
      continue;
    }
    for (const id of selection.ids) {
      const element = left > 0 ? elementOf(id) : undefined;
      if (element === undefined || !boxesTouch(geometryBox(element.geometry), view)) continue;
      outlineElement(ctx, element, camera);
      left--;
    }
  }
  ctx.setLineDash([]);
}

function strokeBox(ctx: Context, box: Box, camera: Camera): void {
  const a = toView(camera, { x: box.minX, y: box.minY });
  const b = toView(camera, { x: box.maxX, y: box.maxY });
  ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y);
}
