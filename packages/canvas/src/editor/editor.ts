/**
 * The editor: takes pointer input, makes board transactions and requests frames. The stage adds the page and the listeners.
 *
 * It owns the camera, the current tool, the selection and other people's wet ink; the board owns the elements. It requests
 * a frame when something visible has changed, for the layers that show it.
 */
import type { Board, BoardChange, BoardElement, Crop, ElementId, Style, Theme } from '@wetink/board';
import { nextZoomStep, panBy, pinch, toView, visibleBox, zoomAt, zoomToBox, type Camera, type ViewSize } from '../camera.ts';
import { measureText } from '../draw/text-layout.ts';
import type { Frame } from '../frame.ts';
import type { Point } from '../geometry.ts';
import type { PeersChange } from '../peers/peer-cursors.ts';
import { gridSpacing } from '../painter/paper.ts';
import type { Scene } from '../scene.ts';
import { toGrid, type SnapChoice } from '../snap/snapping.ts';
import {
  oneShotTools,
  shapeTools,
  type Effect,
  type InkSample,
  type Modifiers,
  type MovedItem,
  type PenChoice,
  type Preview,
  type SelectChoice,
  type ToolEvent,
  type ToolName,
} from '../tools/tool.ts';
import { isDrawingTool } from '../tools/drawing-tools.ts';
import type { ToolBox } from '../tools/tool-box.ts';
import type { Handle } from '../transform.ts';
import { LateWet } from './late-wet.ts';
import type { WetEntry } from '../wet/wet-ink.ts';
import type { WetMessage } from '../wet/wet-sender.ts';
import { applyCommit, duplicate, type LookPatch } from './commit.ts';
import { firstState, plainPen } from './first-state.ts';
import { doesScroll, EdgeScroll } from './edge-scroll.ts';
import { HeldStill } from './held-still.ts';
import { EditingQueue } from './editing-queue.ts';
import type { EditingTools } from './editing-tools.ts';
import { toInk, type EditorOptions, type ViewSample } from './editor-options.ts';
import { Gesture } from './gesture.ts';
import type { Grouping } from '../grouping.ts';
import { LastCopy } from './last-copy.ts';
import { LiveLooks } from './live-looks.ts';
import { LookGesture } from './look-gesture.ts';
import { PointerRouting, type Press } from './pointer-routing.ts';
import { heldBy, outermost } from './homes.ts';
import type { Surroundings } from './reach.ts';
import { reboxed, reboxItems, shownMove } from './rebox.ts';
import { isFree, isWithin, Selection, type Selected } from './selection.ts';
import { ShownBoard } from './shown-board.ts';
import type { StageState } from './stage-state.ts';
import { pick } from './style-fields.ts';
import { StylePreview } from './style-preview.ts';

export class Editor {
  readonly #options: EditorOptions;
  readonly #shown: ShownBoard;
  readonly #gesture = new Gesture();
  readonly #queue: EditingQueue<EditingTools>;
  readonly #selection = new Selection();
  readonly #lastCopy = new LastCopy();
  readonly #edge: EdgeScroll;
  readonly #still: HeldStill;
  #pen: PenChoice = plainPen;
  /** The tool that comes back after the eyedropper. */
  #toolBefore: ToolName = 'pen';
  /** The gesture is that of a pen or a finger; with a mouse Shift draws straight. */
  #isByHand = false;
  #selecting: SelectChoice = { isLasso: false, isContaining: false };
  #snap: SnapChoice = { snapper: null, hasObjects: false, hasGrid: false };
  /** The last sample of the gesture. */
  #held: { readonly sample: ViewSample; readonly modifiers: Modifiers } | null = null;
  readonly #lookGesture: LookGesture;
  readonly wet: LateWet;
  /** Takes pointer events. */
  readonly pointers: PointerRouting;
  #tools: ToolBox<Surroundings> | null = null;
  #isReadOnly: boolean;
  #size: ViewSize = { width: 0, height: 0 };
  #editing: ElementId | null = null;
  #state: StageState;
  /** The camera when fingers began to move the view, in case they turn out to be a palm. */
  #heldView: Camera;
  readonly #stylePreview: StylePreview;
  readonly #looks: LiveLooks;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#isReadOnly = options.isReadOnly;
    this.#queue = new EditingQueue(options.editing);
    this.#shown = new ShownBoard({
      board: options.board,
      painter: options.painter,
      theme: options.theme,
      measure: options.measure,
      onScene: () => {
        this.#seeWhetherFar();
        this.#lookAll();
      },
      onChange: (change) => this.#take(change),
      onMeta: () => this.#lookAll(),
    });
    this.#state = firstState;
    this.#heldView = firstState.camera;
    this.pointers = this.#routing();
    this.#stylePreview = new StylePreview({
      shown: (id) => this.scene.get(id),
      own: (id) => this.#ownElement(id, (element) => this.#looks.dressed(element)),
      show: (change) => this.#shown.show(change),
    });
    this.#looks = new LiveLooks({
      shown: (id) => this.scene.get(id),
      own: (id) => this.#ownElement(id, (element) => this.#stylePreview.dressed(element)),
      show: (change) => this.#shown.show(change),
      onOthers: (othersLooks) => this.#patch({ othersLooks }),
    });
    const { now, schedule } = options;
    this.#edge = new EdgeScroll({ now, schedule, size: () => this.#size, scroll: (dx, dy) => this.#scroll(dx, dy) });
    this.#still = new HeldStill(schedule, () => this.#shape());
    this.wet = new LateWet({
      code: options.editing,
      send: options.onWet,
      now,
      schedule,
      zoom: () => this.#state.camera.zoom,
      get: (id) => this.board.get(id),
      onChange: () => this.#wetChanged(),
    });
    this.#lookGesture = new LookGesture({
      looks: this.#looks,
      wet: this.wet,
      board: () => this.board,
      isReadOnly: () => this.isReadOnly,
      images: () => this.images(),
    });
  }

  get state(): StageState {
    return this.#state;
  }

  get board(): Board {
    return this.#shown.board;
  }

  get scene(): Scene {
    return this.#shown.scene;
  }

  /** Grows with every change of the scene. */
  get revision(): number {
    return this.#shown.revision;
  }

  get theme(): Theme {
    return this.#shown.theme;
  }

  get size(): ViewSize {
    return this.#size;
  }

  get editing(): ElementId | null {
    return this.#editing;
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly || this.board.isTooNew;
  }

  /** Board units, in the fonts loaded so far. */
  sizeOfText(text: string, style: Style): { w: number; h: number } {
    return measureText(text, style, this.#options.measure);
  }

  /** The gesture in progress, with boxes of the elements as they are shown. */
  preview(): Preview | null {
    return reboxed(this.#gesture.preview(), (items) => reboxItems(items, (id) => this.elementOf(id)));
  }

  /** Other people's wet ink, with boxes of the elements as they are shown. */
  shownWet(): WetEntry[] {
    const { cropped } = this.#looks;
    const find = { stored: (id: ElementId) => this.board.get(id), shown: (id: ElementId) => this.scene.get(id) };
    return [...this.wet.entries()].map((entry) => (entry.kind === 'move' ? shownMove(entry, cropped, find) : entry));
  }

  /** The selected elements as shown. */
  selected(): Selected {
    return this.#selection.read(this.#state.selection, this.scene, this.#shown.revision);
  }

  /** The selected elements that may be changed, as shown: in looks, crops and styles that are only being tried. */
  editable(): readonly BoardElement[] {
    if (this.isReadOnly) return [];
    const { elements, isFree: isAllFree } = this.selected();
    return isAllFree ? elements : elements.filter(isFree);
  }

  elementOf(id: ElementId): BoardElement | undefined {
    return this.scene.get(id) ?? this.#gesture.lifted(id);
  }

  /** Shift, Alt or Mod was pressed or released during a gesture. */
  modifiers(modifiers: Modifiers): void {
    this.#queue.follow(() => {
      if (this.#held !== null) this.#held = { ...this.#held, modifiers };
      this.#send({ type: 'modifiers', modifiers });
    });
  }

  /** Runs an action once the code of stage/editing.ts is there, and after the presses that were made before it. */
  edit(action: () => void): void {
    this.#queue.run(action);
  }

  setTool(tool: ToolName): void {
    this.#queue.follow(() => this.#takeTool(tool));
  }

  #takeTool(tool: ToolName): void {
    if (tool === this.#state.tool) return;
    this.#stopGesture('interrupt');
    if (tool === 'eyedropper') this.#toolBefore = this.#state.tool;
    this.#closeText();
    // A selection belongs to the select tool; other tools would restyle it unseen.
    this.#patch(tool === 'select' || tool === 'hand' ? { tool } : { tool, selection: [], entered: null });
  }

  setToolKept(isToolKept: boolean): void {
    this.#patch({ isToolKept });
  }

  setPen(choice: PenChoice): void {
    this.#pen = choice;
  }

  setSelecting(choice: SelectChoice): void {
    this.#selecting = choice;
  }

  get snap(): SnapChoice {
    return this.#snap;
  }

  setSnapping(choice: SnapChoice): void {
    this.#snap = choice;
    this.#lookAll();
  }

  /** Board units between the lines of the grid; null while it is off. */
  get gridStep(): number | null {
    return this.#snap.hasGrid ? gridSpacing(this.#state.camera.zoom) : null;
  }

  /** Style of the next element drawn. */
  setStyle(patch: Partial<Style>): void {
    this.#patch({ style: { ...this.#state.style, ...patch } });
  }

  /** Shows the selection in a style that is not chosen yet, as far as each element has it; null takes it back. */
  previewStyle(patch: Partial<Style> | null): void {
    if (patch === null && this.#state.stylePreview === null) return;
    const shown = this.#stylePreview.set(patch, () => this.editable());
    this.#patch({ stylePreview: shown });
  }

  /**
   * Shows selected images in a look that is not chosen yet, its sliders on everybody's screen; null takes it back.
   *
   * @param isSent False for values that only this person is to see, such as those of before all changes.
   */
  previewLook(patch: LookPatch | null, { isSent }: { isSent: boolean } = { isSent: true }): void {
    this.#lookGesture.preview(patch, { isSent });
  }

  /** Shows others the crop that this person is setting, on the image whose preview shows all of it. */
  sendCrop(crop: Crop): void {
    this.#lookGesture.sendCrop(crop);
  }

  /** Writes a look to the images whose preview it ends, else to the selected ones, as one step. */
  setLook(patch: LookPatch): void {
    this.#lookGesture.finish(patch);
  }

  /** Copies elements and selects the copies, as one step. */
  copy(elements: readonly BoardElement[], shift: Point, { isByHand, wet }: { isByHand: boolean; wet?: string }): void {
    const part = this.#options.editing.opened();
    if (part === null) return;
    const all = [...elements, ...heldBy(this.board, elements)];
    const ids = duplicate(this.board, all, shift, { regroup: part.copyGroups, scene: this.scene, ...(wet !== undefined && { wet }) });
    this.select(ids);
    this.#lastCopy.note(outermost(all), this.#state.selection, shift, { isByHand });
  }

  /** How far a copy of the selection goes if the selection is a copy that the person has moved; null otherwise. */
  repeatedShift(): Point | null {
    return this.#lastCopy.shift(this.#state.selection, (id) => this.board.get(id)?.geometry);
  }

  /** The selected images that may be changed. */
  images(): readonly ElementId[] {
    return this.editable()
      .filter(({ kind }) => kind === 'image')
      .map(({ id }) => id);
  }

  /** The content of a selected frame goes with it. @param into A group to enter. Default: the entered one is left unless all is in it. */
  select(ids: readonly ElementId[], into = this.#state.entered): void {
    const find = (id: ElementId): BoardElement | undefined => this.scene.get(id);
    const selection = outermost(
      [...new Set(ids)].flatMap((id) => find(id) ?? []),
      find,
    ).map(({ id }) => id);
    const isInside = into !== null && selection.length > 0 && selection.every((id) => isWithin(this.board, id, into));
    const entered = isInside ? into : null;
    const before = this.#state.selection;
    if (entered === this.#state.entered && selection.length === before.length && selection.every((id, i) => id === before[i])) return;
    this.#patch({ selection, entered });
  }

  setCamera(camera: Camera): void {
    const before = this.#state.camera;
    if (camera.x === before.x && camera.y === before.y && camera.zoom === before.zoom) return;
    this.#patch({ camera });
    this.#seeWhetherFar();
    this.#options.onLook({ tiles: true, active: true });
  }

  setSize(size: Partial<ViewSize>): void {
    this.#size = { ...this.#size, ...size };
    this.#seeWhetherFar();
    this.#lookAll();
  }

  setTheme(theme: Theme): void {
    if (theme === this.theme) return;
    this.#shown.setTheme(theme);
    this.#lookAll();
  }

  /** Fonts have loaded, so text has other widths. */
  refit(): void {
    this.#shown.refit();
  }

  setReadOnly(isReadOnly: boolean): void {
    this.#isReadOnly = isReadOnly;
    if (isReadOnly) {
      this.previewStyle(null);
      this.previewLook(null);
      this.cancelGesture();
      this.#closeText();
    }
    this.#options.onLook({ overlay: true });
  }

  setEditing(id: ElementId | null): void {
    if (id === this.#editing) return;
    this.#editing = id;
    this.#lookAll();
  }

  setBoard(board: Board): void {
    if (board === this.board) return;
    this.previewStyle(null);
    this.previewLook(null);
    this.#closeText();
    this.#editing = null;
    this.wet.clear();
    this.#looks.setOthers([]);
    this.#shown.setBoard(board);
    // The old board may be closed already: a stroke in progress goes into the new one.
    this.#stopGesture(this.isReadOnly ? 'cancel' : 'interrupt');
    this.#patch({ selection: [], entered: null });
  }

  receiveWet(message: WetMessage & { clientId: number }): void {
    this.wet.receive(message);
  }

  /** Drops the wet ink of clients that left. Clients that came have not seen the gesture in progress: sends it again. */
  followPeers({ came, left }: PeersChange): void {
    for (const clientId of left) this.wet.dropClient(clientId);
    if (came.length > 0) this.wet.repeat();
  }

  /** Ends the gesture in progress and keeps nothing of it. */
  cancelGesture(): boolean {
    return this.#queue.clear() || this.#stopGesture('cancel');
  }

  /** Ends a line that is drawn point by point where it is. @returns False when none is. */
  finishGesture(): boolean {
    if (!this.#gesture.isWaiting) return false;
    return this.#endGesture('finish');
  }

  /** The page may be gone in a moment: ends the gesture in progress as if the pointer were lifted, so that what is seen of it stays. */
  keepGesture(): void {
    if (!this.finishGesture() && this.#gesture.preview() !== null) this.#endGesture('up');
  }

  /** One step up: the gesture, the open text, the group, the selection, then the tool. */
  escape(): void {
    if (this.finishGesture() || this.cancelGesture()) return;
    if (this.#closeText()) return;
    const { entered, selection } = this.#state;
    const editing = this.#options.editing.opened();
    const { board } = this;
    if (entered !== null && editing !== null) return this.select(editing.elementsIn(board, entered), editing.groupAround(board, entered));
    if (selection.length > 0) return this.select([]);
    this.setTool('select');
  }

  /** Opens a text; the host shows its text area. */
  editText(id: ElementId): void {
    this.#closeText();
    this.select([id]);
    this.setEditing(id);
    this.#options.onEditText({ id });
  }

  openFile(id: ElementId): void {
    this.#options.onOpenFile(id);
  }

  /** Creates an empty text at a board point and opens it. */
  writeAt(at: Point, gesture: string): void {
    const id = applyCommit(this, { type: 'text', style: this.#state.style, at }, gesture);
    if (id === null) return;
    this.#handOver();
    this.editText(id);
  }

  /** The part that a press there takes: a handle within `reach` board units, or the selection. None before the code of stage/editing.ts is there. */
  gripAt(frame: Frame, p: Point, reach: number): Handle | 'inside' | null {
    return this.#options.editing.opened()?.gripAt(frame, p, this.#state.camera.zoom, reach) ?? null;
  }

  /** The topmost selectable element at a board point. None before the code of stage/editing.ts is there. */
  pick(p: Point, margin: number): BoardElement | null {
    return this.#options.editing.opened()?.pickAt(this.scene, this.#editing, p, { margin, zoom: this.#state.camera.zoom }) ?? null;
  }

  /** An element with all of the group that a press on it selects. */
  unit(id: ElementId): readonly ElementId[] {
    const editing = this.#options.editing.opened();
    return editing?.elementsIn(this.board, editing.unitOf(this.board, id, this.#state.entered)) ?? [id];
  }

  grouping(): Grouping {
    const { selection, entered } = this.#state;
    return this.#options.editing.opened()?.groupingOf(this.board, selection, entered) ?? { canGroup: false, canUngroup: false, movable: 0 };
  }

  close(): void {
    this.cancelGesture();
    this.wet.close();
    this.#shown.close();
  }

  #wetChanged(): void {
    this.#looks.setOthers(this.wet.entries());
    this.#options.onLook({ tiles: true, active: true, overlay: this.wet.lasers().length > 0 });
  }

  #ownElement(id: ElementId, dress: (element: BoardElement) => BoardElement): BoardElement | undefined {
    const element = this.board.get(id);
    return element === undefined ? undefined : dress(element);
  }

  #endGesture(how: 'up' | 'interrupt' | 'cancel' | 'finish'): boolean {
    if (!this.#gesture.isInProgress) return false;
    this.#edge.follow(null);
    this.#still.follow(null);
    this.#send({ type: how });
    if (!this.#gesture.isWaiting) this.#gesture.end();
    return true;
  }

  /** Ends it whole: of a line that is drawn point by point, the point that is being placed and then the line. */
  #stopGesture(how: 'interrupt' | 'cancel'): boolean {
    const wasInProgress = this.#endGesture(how);
    this.#endGesture(how);
    return wasInProgress;
  }

  #routing(): PointerRouting {
    return new PointerRouting({
      isHand: () => this.#state.tool === 'hand',
      pan: (dx, dy) => this.setCamera(panBy(this.#state.camera, dx, dy)),
      pinch: (from, to, factor) => this.setCamera(pinch(this.#state.camera, from, to, factor)),
      tap: (fingers) => this.#options.onTap(fingers),
      holdView: () => (this.#heldView = this.#state.camera),
      restoreView: () => this.setCamera(this.#heldView),
      press: (press) => this.#begin(press),
      hover: (samples, modifiers) => this.#hover(samples, modifiers),
      move: (samples, modifiers) => this.#drag(samples, modifiers),
      end: (how) =>
        this.#queue.follow(() => {
          this.#endGesture(how);
          this.#lookAll();
        }),
      onMode: (mode) => this.#patch(mode),
    });
  }

  #drag(samples: readonly ViewSample[], modifiers: Modifiers): void {
    const points = samples.map((sample) => this.#ink(sample, modifiers));
    const last = samples.at(-1);
    this.#queue.follow(() => {
      this.#send({ type: 'move', points, modifiers });
      if (last === undefined) return;
      this.#still.follow(this.#isByHand && this.#gesture.preview()?.kind === 'stroke' ? last : null);
      this.#held = { sample: last, modifiers };
      this.#edge.follow(doesScroll(this.#gesture.preview()) ? last : null);
    });
  }

  /** The pointer is held still: the stroke becomes the shape that it looks like. */
  #shape(): void {
    const preview = this.#gesture.preview();
    if (!this.#pen.doesShape || preview?.kind !== 'stroke') return;
    const found = this.#options.editing.opened()?.recognise(preview.xyp, this.#state.camera.zoom) ?? null;
    if (found !== null) this.#send({ type: 'shape', ...found });
  }

  /** A line that is drawn point by point follows the pointer. */
  #hover(samples: readonly ViewSample[], modifiers: Modifiers): void {
    if (!this.#gesture.isWaiting) return;
    this.#send({ type: 'move', points: samples.map((sample) => this.#ink(sample, modifiers)), modifiers });
  }

  /** The sample on the board. Shapes are drawn from line to line of the grid. */
  #ink(sample: ViewSample, { mod }: Modifiers): InkSample {
    const ink = toInk(this.#state.camera, sample);
    const step = shapeTools.has(this.#state.tool) && !mod ? this.gridStep : null;
    return step === null ? ink : { ...ink, x: toGrid(ink.x, step), y: toGrid(ink.y, step) };
  }

  /** The pointer is held at an edge: what it drags moves on with the board. */
  #scroll(dx: number, dy: number): void {
    if (this.#held === null || !this.#gesture.isInProgress) return this.#edge.follow(null);
    this.setCamera(panBy(this.#state.camera, -dx, -dy));
    this.#drag([this.#held.sample], this.#held.modifiers);
  }

  #begin({ sample, pointerType, clicks, isEraserEnd, modifiers }: Press): void {
    const wasEditing = this.#closeText();
    const { tool } = this.#state;
    const name = this.pointers.isZoomHeld ? 'zoom' : isEraserEnd ? 'eraser' : tool;
    if (name === 'hand') return;
    if (!isDrawingTool(name)) this.finishGesture();
    // With the text tool the press that leaves a text box does nothing else: it would make the next text.
    if (wasEditing && name === 'text') return;
    const down: ToolEvent = {
      type: 'down',
      at: this.#ink(sample, modifiers),
      pointerType,
      hasPressure: pointerType === 'pen',
      clicks,
      modifiers,
      gesture: this.board.nextGesture(),
    };
    this.#isByHand = pointerType !== 'mouse';
    if (isDrawingTool(name)) {
      this.#queue.follow(() => {
        if (!this.#gesture.isWaiting) this.#gesture.beginDrawing(name);
        this.#send(down);
      });
    } else {
      this.#queue.run((part) => {
        this.#tools ??= part.createToolBox(part.toolContext);
        this.#gesture.begin(name, this.#tools);
        this.#send(down);
      });
    }
  }

  #send(event: ToolEvent): void {
    if (!this.#gesture.isInProgress) return;
    const before = this.#gesture.preview();
    for (const effect of this.#gesture.handle(event, this.#surroundings())) this.#perform(effect);
    const preview = this.#gesture.preview();
    this.#gesture.keepLifted(this.scene);
    this.#offer();
    if (preview?.kind === 'laser') this.wet.point(preview);
    if (preview !== null || before !== null) this.#options.onLook({ tiles: before?.kind !== preview?.kind, active: true, overlay: true });
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'commit': {
        const { commit, gesture } = effect;
        if (commit.type === 'copy') {
          const elements = commit.ids.flatMap((id) => this.board.get(id) ?? this.#gesture.lifted(id) ?? []);
          this.copy(elements, commit.shift, { isByHand: true, wet: gesture });
          return this.wet.finish('hand', gesture);
        }
        const stored = commit.type === 'move' ? { ...commit, items: this.stored(commit.items) } : commit;
        const created = applyCommit(this, stored, gesture);
        this.wet.finish('hand', gesture);
        if (created !== null && commit.type === 'shape' && this.#handOver()) this.select([created]);
        return;
      }
      case 'abandon':
        return this.wet.abandon('hand', effect.gesture);
      case 'let-fade':
        this.wet.letFade(effect.gesture);
        return this.wet.finish('hand', effect.gesture);
      case 'take-style':
        this.setStyle(pick(effect.kind, effect.style));
        return this.setTool(this.#toolBefore);
      case 'select':
        return this.select(effect.ids, effect.entered);
      case 'edit-text':
        return this.editText(effect.id);
      case 'open-file':
        return this.openFile(effect.id);
      case 'zoom-at': {
        const { camera } = this.#state;
        return this.setCamera(zoomAt(camera, toView(camera, effect.at), nextZoomStep(camera.zoom, effect.direction)));
      }
      case 'zoom-to':
        return this.setCamera(zoomToBox(effect.box, this.#size));
      case 'text-at':
        return this.writeAt(effect.at, effect.gesture);
    }
  }

  /** The items as the document and the wet ink hold them: it has no crop that is not chosen yet, and may have a newer one. */
  stored(items: readonly MovedItem[]): readonly MovedItem[] {
    return reboxItems(items, (id) => this.board.get(id));
  }

  #offer(): void {
    this.wet.offer(
      'hand',
      reboxed(this.#gesture.preview(), (items) => this.stored(items)),
    );
  }

  /** After making an element, most tools hand over to `select`. Returns whether this tool did. */
  #handOver(): boolean {
    const { tool, isToolKept } = this.#state;
    if (isToolKept || !oneShotTools.has(tool)) return false;
    this.#patch({ tool: 'select' });
    return true;
  }

  #surroundings(): Surroundings {
    const { camera, style } = this.#state;
    const { isReadOnly, scene, board } = this;
    const { entered } = this.#state;
    const [view, snap, selecting] = [visibleBox(camera, this.#size), this.#snap, this.#selecting];
    const now = { zoom: camera.zoom, style, isReadOnly, pen: this.#pen, selected: this.selected(), scene, editing: this.#editing };
    return { ...now, board, entered, view, snap, selecting };
  }

  #closeText(): boolean {
    if (this.#editing === null) return false;
    this.#options.onEditText(null);
    this.setEditing(null);
    return true;
  }

  #take(change: BoardChange): void {
    if (this.wet.follow(change)) this.#looks.setOthers(this.wet.entries());
    this.#stylePreview.follow(change);
    this.#looks.follow(change);
    // Another person may have cropped an image that is being moved: its wet box is another now.
    if (change.changed.some(({ after }) => this.#gesture.lifted(after.id) !== undefined)) this.#offer();
    if (this.#editing !== null && this.scene.get(this.#editing) === undefined) this.#closeText();
    if (change.removed.length > 0) this.select(this.#state.selection);
  }

  /** A view far from the drawing looks as if the board had been cleared. */
  #seeWhetherFar(): void {
    const isShown = this.#size.width > 0 && this.#size.height > 0;
    const isFar = isShown && this.scene.size > 0 && !this.scene.hasAnyIn(visibleBox(this.#state.camera, this.#size));
    if (isFar !== this.#state.isFarFromDrawing) this.#patch({ isFarFromDrawing: isFar });
  }

  #patch(patch: Partial<StageState>): void {
    this.#state = { ...this.#state, ...patch };
    this.#options.onLook({ overlay: true });
    this.#options.onState();
  }

  #lookAll(): void {
    this.#options.onLook({ tiles: true, active: true, overlay: true });
  }
}
