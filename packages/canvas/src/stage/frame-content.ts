/** Everything that the next frame shows, read from the editor. */
import type { BoardElement, Color, ElementId, Geometry, Paper, Theme } from '@wetink/board';
import type { Camera, ViewSize } from '../camera.ts';
import { withGeometry } from '../draw/overrides.ts';
import type { SelectionLook } from '../overlay.ts';
import { snapCamera } from '../painter/tile-grid.ts';
import type { ShownLaser } from '../peers/paint-lasers.ts';
import type { Peer, ShownCursor } from '../peers/peer-cursors.ts';
import type { SnapChoice } from '../snap/snapping.ts';
import type { Preview } from '../tools/tool.ts';
import { frameOf } from '../frame.ts';
import type { WetEntry } from '../wet/wet-ink.ts';
import type { Editor } from '../editor/editor.ts';

export interface FrameContent {
  readonly camera: Camera;
  readonly size: ViewSize;
  readonly pixelRatio: number;
  readonly theme: Theme;
  readonly paper: Paper;
  readonly background: Color;
  readonly preview: Preview | null;
  readonly wet: Iterable<WetEntry>;
  readonly lasers: readonly ShownLaser[];
  /** Milliseconds, by the clock of the lasers. */
  readonly now: number;
  /** The person has asked for less motion. */
  readonly isStill: boolean;
  readonly selection: SelectionLook;
  readonly snap: SnapChoice;
  readonly cursors: readonly ShownCursor[];
  /** Other people with a selection. */
  readonly selecting: readonly Peer[];
  /** Frames whose titles are shown, bottom to top, without those that are being moved. */
  readonly frames: readonly BoardElement[];
  /** Not painted: its text area is open. */
  readonly editing: ElementId | null;
  /** The element as it is now, or as it was when the gesture began if a peer has removed it since. */
  readonly elementOf: (id: ElementId) => BoardElement | undefined;
}

/** Larger selections are not outlined while they move. */
const MAX_FOLLOWED = 300;

export function frameContent(
  editor: Editor,
  pixelRatio: number,
  others: Pick<FrameContent, 'cursors' | 'selecting' | 'lasers' | 'now' | 'isStill'>,
): FrameContent {
  return {
    camera: snapCamera(editor.state.camera, pixelRatio),
    size: editor.size,
    pixelRatio,
    theme: editor.theme,
    paper: editor.board.paper,
    background: editor.board.background,
    ...movingNow(editor),
    frames: titledFrames(editor),
    selection: selectionLook(editor),
    snap: editor.snap,
    ...others,
    editing: editor.editing,
  };
}

/** The overlay has nothing to show. */
export function isBare({ selection, preview, cursors, selecting, lasers }: FrameContent): boolean {
  const isGuided = (preview?.kind === 'move' || preview?.kind === 'copy') && preview.guides.length > 0;
  const isPreviewed = isGuided || preview?.kind === 'box' || preview?.kind === 'lasso' || preview?.kind === 'erase';
  return selection.elements.length + cursors.length + selecting.length + lasers.length === 0 && !isPreviewed;
}

/** Elements to leave out of the tiles: moving ones are painted on the active layer, an open text is shown by the page. */
export function liftedElements(editor: Editor): Set<ElementId> {
  const lifted = new Set<ElementId>();
  const preview = editor.preview();
  if (preview?.kind === 'move') for (const { id } of preview.items) lifted.add(id);
  for (const [id] of movedByOthers(editor.wet.entries())) lifted.add(id);
  // A frame stays where it is while its title is edited.
  if (editor.editing !== null && editor.elementOf(editor.editing)?.kind !== 'frame') lifted.add(editor.editing);
  return lifted;
}

function titledFrames(editor: Editor): readonly BoardElement[] {
  const { frames } = editor.scene;
  if (frames.length === 0) return frames;
  const lifted = liftedElements(editor);
  return lifted.size === 0 ? frames : frames.filter(({ id }) => !lifted.has(id));
}

function selectionLook(editor: Editor): SelectionLook {
  if (editor.editing !== null) return { elements: [], frame: null, hasHandles: false };
  const preview = editor.preview();
  if (preview?.kind === 'move' || preview?.kind === 'copy') {
    if (preview.items.length > MAX_FOLLOWED) return { elements: [], frame: null, hasHandles: false };
    const chosen = new Set(editor.state.selection);
    const elements = preview.items.flatMap(({ id, geometry, points }) => {
      // Elements in a frame move with it without being selected.
      const element = chosen.has(id) ? editor.elementOf(id) : undefined;
      return element === undefined ? [] : [withGeometry(element, geometry, points)];
    });
    return { elements, frame: frameOf(elements), hasHandles: false };
  }
  const { elements, frame, isFree } = editor.selected();
  return { elements, frame, hasHandles: isFree && !editor.isReadOnly && preview === null };
}

type Moving = Pick<FrameContent, 'preview' | 'wet' | 'elementOf'>;

/** Elements as the editor shows them now, without waiting for a frame. */
export function movingNow(editor: Editor): Moving {
  return { preview: editor.preview(), wet: editor.shownWet(), elementOf: (id) => editor.elementOf(id) };
}

/** Finds elements where they are shown: elsewhere than in the document while this or another person moves them. */
export function shownElements({ preview, wet, elementOf }: Moving): FrameContent['elementOf'] {
  const moves = [...wet].flatMap((entry) => (entry.kind === 'move' ? [entry.items] : []));
  // This person's own move is painted last, so it comes first here.
  if (preview?.kind === 'move') moves.unshift(new Map(preview.items.map(({ id, geometry }) => [id, geometry])));
  return (id) => {
    const element = elementOf(id);
    const geometry = moves.find((items) => items.has(id))?.get(id);
    return element === undefined || geometry === undefined ? element : withGeometry(element, geometry);
  };
}

function* movedByOthers(wet: Iterable<WetEntry>): Generator<[ElementId, Geometry]> {
  for (const entry of wet) if (entry.kind === 'move') yield* entry.items;
}
