/** The look of the pointer over the board: it shows what a press would do. */
import { HIT_MARGIN_PX } from '../tools/tool.ts';
import { toBoard } from '../camera.ts';
import type { Point } from '../geometry.ts';
import type { Editor } from '../editor/editor.ts';
import type { Handle } from '../transform.ts';

/** A ring as wide as the eraser (12 CSS pixels), readable on any paper. */
const ERASER =
  "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='18' height='18'%3E%3Ccircle cx='9' cy='9' r='6' fill='%23ffffff80' stroke='%23333' stroke-width='1.5'/%3E%3C/svg%3E\") 9 9, crosshair";
const RESIZE = ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'] as const;

/** The CSS cursor for a pointer at this position of the view; `at` is null when no pointer is over the board. */
export function cursorStyle(editor: Editor, at: Point | null): string {
  if (editor.pointers.isPanning) return 'grabbing';
  if (editor.pointers.wouldPan) return 'grab';
  if (editor.pointers.isZoomHeld) return 'zoom-in';
  const { tool, camera } = editor.state;
  if (editor.isReadOnly && tool !== 'select') return 'default';
  if (tool === 'eraser') return ERASER;
  if (tool === 'text') return 'text';
  if (tool !== 'select') return 'crosshair';
  if (at === null || editor.state.isBusy) return 'default';
  const p = toBoard(camera, at);
  const selected = editor.selected();
  const frame = editor.isReadOnly || !selected.isFree ? null : selected.frame;
  const grip = frame === null ? null : editor.gripAt(frame, p, 9 / camera.zoom);
  if (grip === 'inside') return 'move';
  if (frame !== null && grip !== null) return handleCursor(grip, frame.geometry.rotation);
  const hit = editor.pick(p, HIT_MARGIN_PX / camera.zoom);
  return hit === null || hit.isLocked ? 'default' : 'move';
}

function handleCursor(handle: Handle, rotation: number): string {
  if (handle.type !== 'resize') return handle.type === 'rotate' ? 'grab' : 'crosshair';
  const angle = Math.atan2(handle.pull.y, handle.pull.x) + rotation;
  const eighth = ((Math.round(angle / (Math.PI / 4)) % 4) + 4) % 4;
  return RESIZE[eighth] ?? 'default';
}
