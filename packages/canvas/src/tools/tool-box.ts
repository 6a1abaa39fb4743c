/** The tools that look at the elements, by name. Those that draw look at none, and are there before them: see drawing-tools.ts. */
import type { DrawingTool } from './drawing-tools.ts';
import { eraserTool } from './eraser.ts';
import { eyedropperTool } from './eyedropper.ts';
import { fillTool } from './fill.ts';
import { laserTool } from './laser.ts';
import { selectTool } from './select.ts';
import { textTool } from './text.ts';
import { zoomTool } from './zoom.ts';
import { runTool, type ToolRunner } from './tool-runner.ts';
import type { Tool, ToolContext, ToolName } from './tool.ts';

/** `hand` has no runner: it pans, and panning concerns the camera alone. `zoom` is no tool to choose: a key is held for it. */
export type RunnerName = Exclude<ToolName, 'hand' | DrawingTool> | 'zoom';
export type ToolBox<Context> = Readonly<Record<RunnerName, ToolRunner<Context>>>;

/** @param contextOf Makes the context of a tool from that of the tool box. */
export function createToolBox<Context>(contextOf: (context: Context) => ToolContext): ToolBox<Context> {
  const run = <State>(tool: Tool<State>): ToolRunner<Context> => runTool(tool, contextOf);
  return {
    select: run(selectTool),
    eraser: run(eraserTool),
    eyedropper: run(eyedropperTool),
    fill: run(fillTool),
    laser: run(laserTool),
    text: run(textTool),
    zoom: run(zoomTool),
  };
}
