/** Paints the overlay: selections, handles, the eraser's trail, other people's cursors. Fetched late, see editing.ts. */
import type { Context } from '../draw/paint.ts';
import { paintBoxSelect, paintLasso, paintSelection, paintTrail } from '../overlay.ts';
import { paintCursors } from '../peers/paint-cursors.ts';
import { paintLasers } from '../peers/paint-lasers.ts';
import { paintPeerSelections } from '../peers/paint-selections.ts';
import { shownElements, type FrameContent } from './frame-content.ts';

/** The context's transform maps CSS pixels to device pixels. */
export function paintOverlay(ctx: Context, content: FrameContent): void {
  const { camera, theme, preview, selecting, size } = content;
  if (selecting.length > 0) paintPeerSelections(ctx, selecting, { camera, size, elementOf: shownElements(content) });
  paintSelection(ctx, content.selection, camera, theme);
  if ((preview?.kind === 'move' || preview?.kind === 'copy') && preview.guides.length > 0)
    content.snap.snapper?.paint(ctx, preview.guides, camera, theme);
  if (preview?.kind === 'box') paintBoxSelect(ctx, preview.box, camera, theme);
  if (preview?.kind === 'lasso') paintLasso(ctx, preview.path, camera, theme);
  if (preview?.kind === 'erase') paintTrail(ctx, preview.trail, camera, theme);
  paintLasers(ctx, content.lasers, camera, content);
  paintCursors(ctx, content.cursors, camera, size);
}
