/**
 * The gesture under way: the tool that runs it, what it shows meanwhile, and what it works on, kept as it was should a peer
 * remove it. What the tool decides comes back as effects; performing them is the editor's.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import type { Scene } from '../scene.ts';
import { createToolBox, type ToolRunner } from '../tools/tool-box.ts';
import type { Effect, Preview, ToolContext, ToolEvent, ToolName } from '../tools/tool.ts';

export class Gesture {
  readonly #tools = createToolBox();
  #runner: ToolRunner | null = null;
  #lifted = new Map<ElementId, BoardElement>();

  get isUnderWay(): boolean {
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

  /** What the event leads to; nothing without a gesture. */
  handle(event: ToolEvent, context: ToolContext): readonly Effect[] {
    return this.#runner?.handle(event, context) ?? [];
  }

  /** Keeps what is being moved, once. */
  keepLifted(scene: Scene): void {
    const preview = this.preview();
    if (preview?.kind !== 'move' || this.#lifted.size > 0) return;
    for (const { id } of preview.items) {
      const element = scene.get(id);
      if (element !== undefined) this.#lifted.set(id, element);
    }
  }

  /** Over, whatever came of it. */
  end(): void {
    this.#runner = null;
    this.#lifted.clear();
  }
}
