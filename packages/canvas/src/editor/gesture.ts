/**
 * The gesture in progress: the tool that runs it, its preview, and the elements it moves, kept in case a peer removes them.
 * The tool answers with effects, which the editor performs.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { createToolBox, type ToolRunner } from '../tools/tool-box.ts';
import type { Effect, Preview, ToolContext, ToolEvent, ToolName } from '../tools/tool.ts';

export class Gesture {
  readonly #tools = createToolBox();
  #runner: ToolRunner | null = null;
  #lifted = new Map<ElementId, BoardElement>();

  get isInProgress(): boolean {
    return this.#runner !== null;
  }

  begin(tool: Exclude<ToolName, 'hand'>): void {
    this.#runner = this.#tools[tool];
  }

  preview(): Preview | null {
    return this.#runner?.preview() ?? null;
  }

  /** The element as it was when the gesture began. */
  lifted(id: ElementId): BoardElement | undefined {
    return this.#lifted.get(id);
  }

  /** The effects of the event; none without a gesture. */
  handle(event: ToolEvent, context: ToolContext): readonly Effect[] {
    return this.#runner?.handle(event, context) ?? [];
  }

  /** Keeps the elements that are being moved. Only the first call in a gesture does anything. */
  keepLifted(scene: Scene): void {
    const preview = this.preview();
    if (preview?.kind !== 'move' || this.#lifted.size > 0) return;
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
