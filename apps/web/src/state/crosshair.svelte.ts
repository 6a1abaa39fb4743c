/**
 * The crosshair of the board: arrow keys move it, Enter presses and lets go, Escape gives up what is being drawn.
 *
 *   hidden ──arrow──▶ shown ──Enter──▶ pressed ──Enter──▶ shown      another tool, or the focus elsewhere: hidden
 *
 * It is a pointer of the page like a mouse: its events go to the canvas, so that each tool that draws works with it, and
 * others see it.
 */
import type { Stage, ToolName } from '@wetink/canvas';
import type { BoardElement } from '@wetink/board';
import { arrowStep, isInView, stepped, type ViewPoint } from '../core/crosshair.ts';
import {
  crosshairGivenUp,
  crosshairPlace,
  crosshairPoint,
  crosshairPressed,
  crosshairReleased,
  crosshairShown,
  crosshairSize,
} from '../core/crosshair-sentence.ts';
import type { Action } from '../core/shortcuts.ts';

/** No pointer of a device has it: browsers count up from 1. */
const POINTER_ID = 2 ** 30;

/** The page that it is on. */
export interface CrosshairPage {
  readonly stage: Stage | null;
  readonly host: HTMLElement | null;
  readonly tool: ToolName;
  readonly hasSelection: boolean;
  say(sentence: string): void;
  /** The element that this page made last. */
  newest(): BoardElement | undefined;
  get(id: BoardElement['id']): BoardElement | undefined;
}

export class Crosshair {
  #page: CrosshairPage;
  #at = $state.raw<ViewPoint | null>(null);
  #isPressed = $state(false);
  /** Where it was when it was hidden. */
  #last: ViewPoint | null = null;
  /** Board units. */
  #pressedAt: ViewPoint = { x: 0, y: 0 };
  #newestBefore: BoardElement | undefined;

  constructor(page: CrosshairPage) {
    this.#page = page;
  }
  /** CSS pixels from the top left of the board; null while it is hidden. */
  get at(): ViewPoint | null {
    return this.#at;
  }
  get isPressed(): boolean {
    return this.#isPressed;
  }
  /** @returns Whether the key was for the crosshair, or moved the view. */
  steer(action: Action): boolean {
    const { stage, tool, hasSelection } = this.#page;
    if (stage === null) return false;
    const isDrawing = tool !== 'select' && tool !== 'hand';
    if (action === 'enter' && isDrawing && this.#at !== null) return this.#enter(stage, this.#at);
    if (action === 'escape' && this.#isPressed) return this.#giveUp(stage);
    const step = arrowStep(action, isDrawing ? 'crosshair' : 'view');
    // Also with a drawing tool: what was found in a list is selected, and moves until the crosshair is there.
    if (step === null || (hasSelection && this.#at === null)) return false;
    if (isDrawing) this.#move(stage, step);
    else stage.panBy(-step.x, -step.y);
    return true;
  }
  /** Ends what is being drawn, as a pointer that the system takes does. */
  hide(): void {
    if (this.#at === null) return;
    if (this.#isPressed) this.#send('pointercancel', this.#at);
    this.#send('pointerleave', this.#at);
    this.#isPressed = false;
    this.#last = this.#at;
    this.#at = null;
  }

  #move(stage: Stage, step: ViewPoint): void {
    const { size } = stage;
    if (this.#at === null) {
      const last = this.#last !== null && isInView(this.#last, size) ? this.#last : null;
      this.#at = last ?? { x: Math.round(size.width / 2), y: Math.round(size.height / 2) };
      this.#page.say(`${crosshairShown} ${this.#place(stage, this.#at)}`);
    } else {
      const { at, pan } = stepped(this.#at, step, size);
      this.#at = at;
      if (pan.x !== 0 || pan.y !== 0) stage.panBy(pan.x, pan.y);
      this.#page.say(this.#isPressed ? crosshairSize(this.#pressedAt, stage.toBoard(at)) : this.#place(stage, at));
    }
    this.#send('pointermove', this.#at);
  }
  #enter(stage: Stage, at: ViewPoint): boolean {
    if (this.#isPressed) {
      this.#release(at);
      return true;
    }
    this.#newestBefore = this.#page.newest();
    this.#pressedAt = stage.toBoard(at);
    // A text is opened by a click: there is nothing to drag.
    const isClick = this.#page.tool === 'text';
    this.#isPressed = true;
    this.#send('pointerdown', at);
    // A press on the last point of a line ends it.
    if (isClick || this.#made() !== undefined) this.#release(at);
    else this.#page.say(crosshairPressed);
    return true;
  }
  #release(at: ViewPoint): void {
    this.#isPressed = false;
    this.#send('pointerup', at);
    const made = this.#made();
    const { tool } = this.#page;
    // A line of several points waits for the next one.
    this.#page.say(made === undefined && (tool === 'line' || tool === 'arrow') ? crosshairPoint : crosshairReleased(made));
  }
  /** The element that is new since it was pressed. */
  #made(): BoardElement | undefined {
    const newest = this.#page.newest();
    return newest?.id === this.#newestBefore?.id ? undefined : newest;
  }
  #giveUp(stage: Stage): true {
    stage.escape();
    if (this.#at !== null) this.#send('pointerup', this.#at);
    this.#isPressed = false;
    this.#page.say(crosshairGivenUp);
    return true;
  }
  #place(stage: Stage, at: ViewPoint): string {
    const [under] = stage.elementsAt(at);
    return crosshairPlace(stage.toBoard(at), under === undefined ? undefined : this.#page.get(under));
  }
  #send(type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel' | 'pointerleave', at: ViewPoint): void {
    const { host } = this.#page;
    const box = host?.getBoundingClientRect();
    if (host === null || box === undefined) return;
    host.dispatchEvent(
      new PointerEvent(type, {
        bubbles: type !== 'pointerleave',
        cancelable: true,
        pointerId: POINTER_ID,
        pointerType: 'mouse',
        isPrimary: true,
        button: type === 'pointermove' ? -1 : 0,
        buttons: this.#isPressed ? 1 : 0,
        clientX: box.left + at.x,
        clientY: box.top + at.y,
      }),
    );
  }
}
