/** The tools by name, each with its own state kept between events. */
import { eraserTool } from './eraser.ts';
import { penTool } from './pen.ts';
import { selectTool } from './select.ts';
import { createShapeTool } from './shape.ts';
import { textTool } from './text.ts';
import type { Effect, Preview, Tool, ToolContext, ToolEvent, ToolName } from './tool.ts';

/** A tool with its state. */
export interface ToolRunner {
  handle(event: ToolEvent, context: ToolContext): readonly Effect[];
  preview(): Preview | null;
}

/** `hand` has no runner: it pans, and panning concerns the camera alone. */
export type ToolBox = Readonly<Record<Exclude<ToolName, 'hand'>, ToolRunner>>;

/** Tools that hand over to `select` once they have made something. */
export const oneShotTools: ReadonlySet<ToolName> = new Set(['rectangle', 'ellipse', 'line', 'arrow', 'text']);

export function createToolBox(): ToolBox {
  return {
    select: run(selectTool),
    pen: run(penTool),
    eraser: run(eraserTool),
    rectangle: run(createShapeTool('rectangle')),
    ellipse: run(createShapeTool('ellipse')),
    line: run(createShapeTool('line')),
    arrow: run(createShapeTool('arrow')),
    text: run(textTool),
  };
}

function run<State>(tool: Tool<State>): ToolRunner {
  let { initial: state } = tool;
  return {
    handle(event, context) {
      const next = tool.next(state, event, context);
      state = next.state;
      return next.effects;
    },
    preview: () => tool.preview(state),
  };
}
