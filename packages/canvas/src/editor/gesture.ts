/**
 * The gesture in progress: the tool that runs it, its preview, and the elements it moves, kept in case a peer removes them.
 * The tool answers with effects, which the editor performs.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { createDrawingTools, type DrawingTool } from '../tools/drawing-tools.ts';
import type { RunnerName, ToolBox } from '../tools/tool-box.ts';
import type { ToolRunner } from '../tools/tool-runner.ts';
import type { Effect, Preview, ToolEvent } from '../tools/tool.ts';
import type { Surroundings } from './reach.ts';

export class Gesture {
  readonly #drawing = createDrawingTools<Surroundings>();
  #runner: ToolRunner<Surroundings> | null = null;
  #lifted = new Map<ElementId, BoardElement>();

  get isInProgress(): boolean {
    return this.#runner !== null;
  }

  /** It goes on without a pressed pointer: a line is drawn point by point. */
  get isWaiting(): boolean {
    return this.#runner?.isWaiting() ?? false;
  }

  beginDrawing(tool: DrawingTool): void {
    this.#runner = this.#drawing[tool];
  }

  begin(tool: RunnerName, tools: ToolBox<Surroundings>): void {
    this.#runner = tools[tool];
  }

  preview(): Preview | null {
    return this.#runner?.preview() ?? null;
  }

  /** The element as it was when the gesture began. */
  lifted(id: ElementId): BoardElement | undefined {
    return this.#lifted.get(id);
  }

  /** The effects of the event; none without a gesture. */
  handle(event: ToolEvent, surroundings: Surroundings): readonly Effect[] {
    return this.#runner?.handle(event, surroundings) ?? [];
  }

  /** Keeps the elements that are being moved or copied. Only the first call in a gesture does anything. */
  keepLifted(scene: Scene): void {
    const preview = this.preview();
    if ((preview?.kind !== 'move' && preview?.kind !== 'copy') || this.#lifted.size > 0) return;
    for (const { id } of preview.items) {
      const element = scene.get(id);
      if (element !== undefined) this.#lifted.set(id, element);
    }
  }

  /** The gesture is over, committed or not. */
  end(): void {
    this.#runner = null;
    this.#lifted.clear();
  }
}
