/**
 * The stage's state for the toolbar and the style panel, and the stage itself for components that act on it.
 *
 * The stage exists only while its canvas does. Pointer input never comes through here.
 */
import { createSubscriber } from 'svelte/reactivity';
import type { BoardElement, ElementId, Style } from '@wetink/board';
import type { Grouping, PenMode, Stage, StageState, ToolName } from '@wetink/canvas';
import { readsFrom } from '../browser/reads-from.ts';
import { newestOf } from '../core/crosshair.ts';
import { elementSentence } from '../core/element-sentence.ts';
import { ElementWalk } from '../core/element-walk.ts';
import type { BoardSession } from '../session/board-session.ts';
import { Crosshair, type CrosshairPage } from './crosshair.svelte.ts';

/** The open text box, for components that focus it or undo a step of its typing. */
export interface OpenBox {
  focus(): void;
  undo(): void;
  redo(): void;
}

const noLooks: StageState['othersLooks'] = new Map();

export class StageView {
  #session: BoardSession;
  #stage = $state.raw<Stage | null>(null);
  #host: HTMLElement | null = null;
  #subscribe: () => void;
  #subscribeFrames: () => void;
  /** The text element whose box is open. */
  editing = $state.raw<ElementId | null>(null);
  /** Where the caret goes in the next box that opens; by default at the end. */
  caret: { start: number; end: number; direction: 'forward' | 'backward' | 'none' } | null = null;
  #box: OpenBox | null = null;
  /** The sentence of a screen reader about the element that Tab has reached. */
  said = $state('');
  /** Draws by keyboard. */
  readonly crosshair: Crosshair = new Crosshair(this.#page());
  /** From element to element by keyboard. */
  readonly walk = new ElementWalk((direction) => this.#selectNext(direction));

  constructor(session: BoardSession) {
    this.#session = session;
    this.#subscribe = createSubscriber((update) => this.#stage?.onState(update));
    this.#subscribeFrames = createSubscriber((update) => this.#stage?.onFrame(update));
  }
  /** The stage moves in with its host element and out with it. */
  set(stage: Stage | null, host: HTMLElement | null): void {
    this.#stage = stage;
    this.#host = host;
  }
  /** The box of `editing` was mounted, or removed. */
  openBox(box: OpenBox | null): void {
    this.#box = box;
  }
  /** Gives the focus back to the board, or to the text that is open on it. */
  focusBoard(): void {
    if (this.#box !== null) this.#box.focus();
    else this.#host?.focus({ preventScroll: true });
  }
  /** Undo and redo belong to the open text. False when none is. */
  travelInText(direction: 'undo' | 'redo'): boolean {
    this.#box?.[direction]();
    return this.#box !== null;
  }
  get stage(): Stage | null {
    return this.#stage;
  }
  get tool(): ToolName {
    return this.#state?.tool ?? 'select';
  }
  /** The tool stays after a shape instead of going back to select. */
  get isToolKept(): boolean {
    return this.#state?.isToolKept ?? false;
  }
  /** Whether fingers draw beside a pen. */
  get penMode(): PenMode {
    return this.#state?.penMode ?? 'unseen';
  }
  get style(): Style | null {
    return this.#state?.style ?? null;
  }
  /** Style values of the selection that are being tried and in no step yet. */
  get stylePreview(): Partial<Style> | null {
    return this.#state?.stylePreview ?? null;
  }
  /** Parts of looks that other people's sliders set now, by picture. */
  get othersLooks(): StageState['othersLooks'] {
    return this.#state?.othersLooks ?? noLooks;
  }
  /** CSS pixels per board unit. */
  get zoom(): number {
    return this.#state?.camera.zoom ?? 1;
  }
  get camera(): StageState['camera'] {
    return this.#state?.camera ?? { x: 0, y: 0, zoom: 1 };
  }
  /** The board has elements, and none of them is in view. */
  get isFarFromDrawing(): boolean {
    return this.#state?.isFarFromDrawing ?? false;
  }
  /** A pointer is down on the board. */
  get isBusy(): boolean {
    return this.#state?.isBusy ?? false;
  }
  get selection(): readonly ElementId[] {
    return this.#state?.selection ?? [];
  }
  get selected(): BoardElement[] {
    return this.selection.flatMap((id) => this.#session.board.get(id) ?? []);
  }
  /** Whether the selection can be grouped and ungrouped. */
  get grouping(): Grouping {
    const state = this.#state;
    return state === null || this.#stage === null ? { canGroup: false, canUngroup: false, movable: 0 } : this.#stage.grouping();
  }
  /** Elements as the canvas shows them, read again after each frame that may show them otherwise. Ask for few. */
  shown(ids: readonly ElementId[]): BoardElement[] {
    const stage = this.#stage;
    if (stage === null || ids.length === 0) return [];
    this.#subscribeFrames();
    return stage.shown(ids);
  }
  /** One file is all that is selected. */
  get hasFileSelected(): boolean {
    return this.selection.length === 1 && this.selected[0]?.kind === 'file';
  }
  /** One frame is all that is selected. */
  get hasFrameSelected(): boolean {
    return this.selection.length === 1 && this.selected[0]?.kind === 'frame';
  }
  #page(): CrosshairPage {
    const view = (): StageView => this;
    return {
      get stage() {
        return view().#stage;
      },
      get host() {
        return view().#host;
      },
      get tool() {
        return view().tool;
      },
      get hasSelection() {
        return view().selection.length > 0;
      },
      say: (sentence) => (this.said = sentence),
      newest: () => newestOf(this.#session.board.elements(), this.#session.board.session),
      get: (id) => this.#session.board.get(id),
    };
  }
  #selectNext(direction: 1 | -1): boolean {
    const stop = this.#stage?.selectNext(direction, { after: this.walk.place, from: readsFrom() }) ?? false;
    const [element] = this.selected;
    this.walk.place = element?.id ?? null;
    this.said = typeof stop === 'object' && element !== undefined ? elementSentence(element, stop.place, stop.count, stop.ids.length) : '';
    return stop !== false;
  }
  get #state(): StageState | null {
    const stage = this.#stage; // Read first, so that a new stage runs every reader again.
    if (stage === null) return null;
    this.#subscribe();
    return stage.state;
  }
}
