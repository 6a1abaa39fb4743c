/**
 * Turns the events of all pointers into camera movements and the gesture of one tool.
 *
 * `stepPointers` decides; this keeps its state between events and performs its actions on the editor.
 */
import type { WheelUse } from '../pointers/wheel-use.ts';
import type { Point } from '../geometry.ts';
import {
  noPointers,
  stepPointers,
  withPenMode,
  type PenMode,
  type PointerAction,
  type PointerInput,
  type PointersState,
} from '../pointers/pointers.ts';
import type { Modifiers, PointerType } from '../tools/tool.ts';
import type { ViewSample } from './editor-options.ts';

export interface Press {
  readonly sample: ViewSample;
  readonly pointerType: PointerType;
  /** 2 for the second press of a double click. */
  readonly clicks: number;
  readonly isEraserEnd: boolean;
  readonly modifiers: Modifiers;
}

/** Positions are CSS pixels of the view. */
export interface PointerTarget {
  /** The hand tool is chosen. */
  isHand(): boolean;
  pan(dx: number, dy: number): void;
  pinch(from: Point, to: Point, factor: number): void;
  /** Fingers tapped the board together. */
  tap(fingers: number): void;
  /** Remembers the view. */
  holdView(): void;
  /** Returns to the remembered view. */
  restoreView(): void;
  press(press: Press): void;
  move(samples: readonly ViewSample[], modifiers: Modifiers): void;
  /** No pointer is down. */
  hover(samples: readonly ViewSample[], modifiers: Modifiers): void;
  /** Ends the gesture: `up` as intended, `interrupt` keeps what is worth keeping, `cancel` keeps nothing. */
  end(how: 'up' | 'interrupt' | 'cancel'): void;
  /** Called when either has changed. */
  onMode(mode: { isBusy: boolean; penMode: PenMode }): void;
}

const endings = { 'tool-up': 'up', 'tool-interrupt': 'interrupt', 'tool-cancel': 'cancel' } as const;

export class PointerRouting {
  readonly #target: PointerTarget;
  #state: PointersState = noPointers;
  #isSpaceHeld = false;
  #isBusy = false;
  #penMode: PenMode = 'unseen';

  constructor(target: PointerTarget) {
    this.#target = target;
  }

  get isPanning(): boolean {
    return this.#state.mode.kind === 'pan';
  }

  /** Whether the next press would pan. */
  get wouldPan(): boolean {
    return this.#isSpaceHeld || this.#target.isHand();
  }

  setSpaceHeld(isHeld: boolean): void {
    this.#isSpaceHeld = isHeld;
  }

  /** Chosen by the person. */
  wheelUse: WheelUse = 'pan';

  /** The next presses zoom, until this is set to false. */
  isZoomHeld = false;

  setPenMode(penMode: PenMode): void {
    this.#state = withPenMode(this.#state, penMode);
    this.#tellMode();
  }

  /** Takes one pointer event with its samples, at least one, oldest first. */
  take(input: PointerInput, samples: readonly ViewSample[], modifiers: Modifiers): void {
    const { state, actions } = stepPointers(this.#state, input, { isPanning: this.wouldPan });
    this.#state = state;
    for (const action of actions) this.#act(action, input, samples, modifiers);
    if (input.type === 'move' && state.down.size === 0) this.#target.hover(samples, modifiers);
    this.#tellMode();
  }

  #act(action: PointerAction, input: PointerInput, samples: readonly ViewSample[], modifiers: Modifiers): void {
    switch (action.do) {
      case 'pan':
        return this.#target.pan(action.dx, action.dy);
      case 'pinch':
        return this.#target.pinch(action.from, action.to, action.factor);
      case 'hold-view':
        return this.#target.holdView();
      case 'restore-view':
        return this.#target.restoreView();
      case 'tap':
        return this.#target.tap(action.fingers);
      case 'tool-down': {
        const sample = samples[samples.length - 1];
        if (sample === undefined) return;
        const { clicks, isEraserEnd } = action;
        return this.#target.press({ sample, pointerType: input.pointerType, clicks, isEraserEnd, modifiers });
      }
      case 'tool-move':
        return this.#target.move(samples, modifiers);
      case 'tool-up':
      case 'tool-interrupt':
      case 'tool-cancel':
        return this.#target.end(endings[action.do]);
    }
  }

  #tellMode(): void {
    const { mode, penMode } = this.#state;
    const isBusy = mode.kind !== 'none';
    if (isBusy === this.#isBusy && penMode === this.#penMode) return;
    this.#isBusy = isBusy;
    this.#penMode = penMode;
    this.#target.onMode({ isBusy, penMode });
  }
}
