/** Everything that the next frame shows, read from the editor. */
import type { BoardElement, Color, ElementId, Geometry, Theme } from '@wetink/board';
import type { Camera, ViewSize } from '../camera.ts';
import { withGeometry } from '../draw/overrides.ts';
import type { SelectionLook } from '../overlay.ts';
import { snapCamera } from '../painter/tile-grid.ts';
import type { ShownCursor } from '../peers/peer-cursors.ts';
import type { Preview } from '../tools/tool.ts';
import { frameOf } from '../transform.ts';
import type { WetEntry } from '../wet/wet-ink.ts';
import type { Editor } from '../editor/editor.ts';

export interface FrameContent {
  readonly camera: Camera;
  readonly size: ViewSize;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly background: Color;
  readonly preview: Preview | null;
  readonly wet: Iterable<WetEntry>;
  readonly selection: SelectionLook;
  readonly cursors: readonly ShownCursor[];
  /** Not painted: its text area is open. */
  readonly editing: ElementId | null;
  /** The element as it is now, or as it was when the gesture began if a peer has removed it since. */
  readonly elementOf: (id: ElementId) => BoardElement | undefined;
}

/** Larger selections are not outlined while they move. */
const MAX_FOLLOWED = 300;

export function frameContent(editor: Editor, pixelRatio: number, cursors: readonly ShownCursor[]): FrameContent {
  return {
    camera: snapCamera(editor.state.camera, pixelRatio),
    size: editor.size,
    pixelRatio,
    theme: editor.theme,
    background: editor.board.background,
    preview: editor.preview(),
    wet: [...editor.wet.entries()],
    selection: selectionLook(editor),
    cursors,
    editing: editor.editing,
    elementOf: (id) => editor.elementOf(id),
  };
}

/** Elements to leave out of the tiles: moving ones are painted on the active layer, an open text is shown by the page. */
export function liftedElements(editor: Editor): Set<ElementId> {
  const lifted = new Set<ElementId>();
  const preview = editor.preview();
  if (preview?.kind === 'move') for (const { id } of preview.items) lifted.add(id);
  for (const [id] of movedByOthers(editor.wet.entries())) lifted.add(id);
  if (editor.editing !== null) lifted.add(editor.editing);
  return lifted;
}

function selectionLook(editor: Editor): SelectionLook {
  if (editor.editing !== null) return { elements: [], frame: null, hasHandles: false };
  const preview = editor.preview();
  if (preview?.kind === 'move') {
    if (preview.items.length > MAX_FOLLOWED) return { elements: [], frame: null, hasHandles: false };
    const elements = preview.items.flatMap(({ id, geometry }) => {
      const element = editor.elementOf(id);
      return element === undefined ? [] : [withGeometry(element, geometry)];
    });
    return { elements, frame: frameOf(elements), hasHandles: false };
  }
  const { elements, frame, isFree } = editor.selected();
  return { elements, frame, hasHandles: isFree && !editor.isReadOnly && preview === null };
}

function* movedByOthers(wet: Iterable<WetEntry>): Generator<[ElementId, Geometry]> {
  for (const entry of wet) if (entry.kind === 'move') yield* entry.items;
}
