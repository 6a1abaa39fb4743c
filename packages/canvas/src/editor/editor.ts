/**
 * The editor: takes pointer input, makes board transactions and requests frames. The stage adds the page and the listeners.
 *
 * It owns the camera, the current tool, the selection and other people's wet ink; the board owns the elements. It requests
 * a frame when something visible has changed, for the layers that show it.
 */
import type { Board, BoardChange, BoardElement, ElementId, Style, Theme } from '@wetink/board';
import { panBy, pinch, visibleBox, type Camera, type ViewSize } from '../camera.ts';
import { measureText } from '../draw/text-layout.ts';
import type { Point } from '../geometry.ts';
import type { PeersChange } from '../peers/peer-cursors.ts';
import type { Scene } from '../scene.ts';
import { oneShotTools } from '../tools/tool-box.ts';
import type { Effect, Modifiers, Preview, ToolContext, ToolEvent, ToolName } from '../tools/tool.ts';
import { WetInk } from '../wet/wet-ink.ts';
import { WetSender, type WetMessage } from '../wet/wet-sender.ts';
import { applyCommit } from './commit.ts';
import { firstState } from './first-state.ts';
import { toInk, type EditorOptions } from './editor-options.ts';
import { Gesture } from './gesture.ts';
import { PointerRouting, type Press } from './pointer-routing.ts';
import { pickAt, toolContext } from './reach.ts';
import { isFree, Selection, type Selected } from './selection.ts';
import { ShownBoard } from './shown-board.ts';
import type { StageState } from './stage-state.ts';
import { StylePreview } from './style-preview.ts';

export class Editor {
  readonly #options: EditorOptions;
  readonly #shown: ShownBoard;
  readonly #gesture = new Gesture();
  readonly #selection = new Selection();
  readonly #sender: WetSender;
  readonly wet = new WetInk();
  /** Takes pointer events. */
  readonly pointers: PointerRouting;
  #isReadOnly: boolean;
  #size: ViewSize = { width: 0, height: 0 };
  #editing: ElementId | null = null;
  #state: StageState;
  /** The camera when fingers began to move the view, in case they turn out to be a palm. */
  #heldView: Camera;
  readonly #stylePreview: StylePreview;

  constructor(options: EditorOptions) {
    this.#options = options;
    this.#isReadOnly = options.isReadOnly;
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
      own: (id) => this.board.get(id),
      show: (change) => this.#shown.show(change),
    });
    this.#sender = new WetSender({
      send: options.onWet,
      now: options.now,
      schedule: options.schedule,
      zoom: () => this.#state.camera.zoom,
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

  preview(): Preview | null {
    return this.#gesture.preview();
  }

  /** The selected elements as shown. */
  selected(): Selected {
    return this.#selection.read(this.#state.selection, this.scene, this.#shown.revision);
  }

  /** The selected elements that may be changed. */
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
    this.#send({ type: 'modifiers', modifiers });
  }

  setTool(tool: ToolName): void {
    if (tool === this.#state.tool) return;
    this.#endGesture('interrupt');
    this.#closeText();
    // A selection belongs to the select tool; other tools would restyle it unseen.
    this.#patch(tool === 'select' || tool === 'hand' ? { tool } : { tool, selection: [] });
  }

  setToolKept(isToolKept: boolean): void {
    this.#patch({ isToolKept });
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

  select(ids: readonly ElementId[]): void {
    const selection: ElementId[] = [];
    for (const id of new Set(ids)) if (this.scene.get(id) !== undefined) selection.push(id);
    const before = this.#state.selection;
    if (selection.length === before.length && selection.every((id, i) => id === before[i])) return;
    this.#patch({ selection });
  }

  setCamera(camera: Camera): void {
    const before = this.#state.camera;
    if (camera.x === before.x && camera.y === before.y && camera.zoom === before.zoom) return;
    this.#patch({ camera });
    this.#seeWhetherFar();
    this.#options.onLook({ tiles: true, active: true });
  }

  setSize(size: ViewSize): void {
    this.#size = size;
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
    this.#closeText();
    this.#editing = null;
    this.wet.clear();
    this.#shown.setBoard(board);
    // The old board may be closed already: a stroke in progress goes into the new one.
    this.#endGesture(this.isReadOnly ? 'cancel' : 'interrupt');
    this.#patch({ selection: [] });
  }

  receiveWet(message: WetMessage & { clientId: number }): void {
    const hasMoved = this.wet.receive(message, this.#options.now(), (id) => this.scene.get(id));
    if (hasMoved) this.#options.onLook({ tiles: true, active: true });
  }

  /** Drops the wet ink of clients that left. Clients that came have not seen the gesture in progress: sends it again. */
  followPeers({ came, left }: PeersChange): void {
    for (const clientId of left) if (this.wet.dropClient(clientId)) this.#options.onLook({ tiles: true, active: true });
    if (came.length > 0) this.#sender.repeat();
  }

  /** Drops wet ink that has been silent for too long; call about once a second while there is any. */
  expireWet(): void {
    if (this.wet.expire(this.#options.now())) this.#options.onLook({ tiles: true, active: true });
  }

  /** Ends the gesture in progress and keeps nothing of it. */
  cancelGesture(): boolean {
    return this.#endGesture('cancel');
  }

  /** One step up: the gesture, the open text, the selection, then the tool. */
  escape(): void {
    if (this.cancelGesture()) return;
    if (this.#closeText()) return;
    if (this.#state.selection.length > 0) return this.select([]);
    this.setTool('select');
  }

  /** Opens a text; the host shows its text area. */
  editText(id: ElementId): void {
    this.#closeText();
    this.select([id]);
    this.setEditing(id);
    this.#options.onEditText({ id });
  }

  /** Creates an empty text at a board point and opens it. */
  writeAt(at: Point, gesture: string): void {
    const id = applyCommit(this.board, { type: 'text', style: this.#state.style, at }, gesture, this.#state.camera.zoom);
    if (id === null) return;
    this.#handOver();
    this.editText(id);
  }

  /** The topmost selectable element at a board point. */
  pick(p: Point, margin: number): BoardElement | null {
    return pickAt(this.scene, this.#editing, p, margin);
  }

  close(): void {
    this.cancelGesture();
    this.#sender.close();
    this.#shown.close();
  }

  #endGesture(how: 'up' | 'interrupt' | 'cancel'): boolean {
    if (!this.#gesture.isInProgress) return false;
    this.#send({ type: how });
    this.#gesture.end();
    return true;
  }

  #routing(): PointerRouting {
    return new PointerRouting({
      isHand: () => this.#state.tool === 'hand',
      pan: (dx, dy) => this.setCamera(panBy(this.#state.camera, dx, dy)),
      pinch: (from, to, factor) => this.setCamera(pinch(this.#state.camera, from, to, factor)),
      holdView: () => (this.#heldView = this.#state.camera),
      restoreView: () => this.setCamera(this.#heldView),
      press: (press) => this.#begin(press),
      move: (samples, modifiers) =>
        this.#send({ type: 'move', points: samples.map((sample) => toInk(this.#state.camera, sample)), modifiers }),
      end: (how) => {
        this.#endGesture(how);
        this.#lookAll();
      },
      onMode: (mode) => this.#patch(mode),
    });
  }

  #begin({ sample, pointerType, clicks, isEraserEnd, modifiers }: Press): void {
    const wasEditing = this.#closeText();
    const { tool } = this.#state;
    const name = isEraserEnd ? 'eraser' : tool;
    if (name === 'hand') return;
    // With the text tool the press that leaves a text box does nothing else: it would make the next text.
    if (wasEditing && name === 'text') return;
    this.#gesture.begin(name);
    this.#send({
      type: 'down',
      at: toInk(this.#state.camera, sample),
      pointerType,
      hasPressure: pointerType === 'pen',
      clicks,
      modifiers,
      gesture: this.board.nextGesture(),
    });
  }

  #send(event: ToolEvent): void {
    if (!this.#gesture.isInProgress) return;
    const before = this.#gesture.preview();
    for (const effect of this.#gesture.handle(event, this.#context())) this.#perform(effect);
    const preview = this.#gesture.preview();
    this.#gesture.keepLifted(this.scene);
    this.#sender.offer(preview);
    if (preview !== null || before !== null) this.#options.onLook({ tiles: before?.kind !== preview?.kind, active: true, overlay: true });
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case 'commit': {
        const created = applyCommit(this.board, effect.commit, effect.gesture, this.#state.camera.zoom);
        this.#sender.finish(effect.gesture);
        if (created !== null && effect.commit.type === 'shape' && this.#handOver()) this.select([created]);
        return;
      }
      case 'abandon':
        return this.#sender.abandon(effect.gesture);
      case 'select':
        return this.select(effect.ids);
      case 'edit-text':
        return this.editText(effect.id);
      case 'text-at':
        return this.writeAt(effect.at, effect.gesture);
    }
  }

  /** After making an element, most tools hand over to `select`. Returns whether this tool did. */
  #handOver(): boolean {
    const { tool, isToolKept } = this.#state;
    if (isToolKept || !oneShotTools.has(tool)) return false;
    this.#patch({ tool: 'select' });
    return true;
  }

  #context(): ToolContext {
    const { camera, style } = this.#state;
    return toolContext({
      zoom: camera.zoom,
      style,
      isReadOnly: this.isReadOnly,
      selected: this.selected(),
      scene: this.scene,
      editing: this.#editing,
    });
  }

  #closeText(): boolean {
    if (this.#editing === null) return false;
    this.#options.onEditText(null);
    this.setEditing(null);
    return true;
  }

  #take(change: BoardChange): void {
    this.#stylePreview.follow(change);
    this.wet.follow(change, this.#options.now(), (id) => this.scene.get(id));
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
