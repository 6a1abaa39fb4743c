/**
 * The tools that draw. They look at no element, and their code comes with the board: what a person draws never waits for
 * anything, and is there when the page is left at once.
 */
import { shapeKinds, type ShapeKind } from '@wetink/board';
import { asHighlighter } from './highlighter.ts';
import { penTool } from './pen.ts';
import { createShapeTool, type DraggedShape } from './shape.ts';
import { runTool, type ToolRunner } from './tool-runner.ts';
import { shapeTools, type PlainContext, type ToolName } from './tool.ts';

export type DrawingTool = 'pen' | 'highlighter' | DraggedShape;

export function isDrawingTool(tool: ToolName | 'zoom'): tool is DrawingTool {
  return tool === 'pen' || tool === 'highlighter' || (shapeTools as ReadonlySet<string>).has(tool);
}

export function createDrawingTools<Context extends PlainContext>(): Readonly<Record<DrawingTool, ToolRunner<Context>>> {
  const plain = (context: Context): PlainContext => context;
  const shape = (kind: DraggedShape): ToolRunner<Context> => runTool(createShapeTool(kind), plain);
  return {
    pen: runTool(penTool, plain),
    highlighter: runTool(penTool, asHighlighter),
    line: shape('line'),
    arrow: shape('arrow'),
    frame: shape('frame'),
    ...(Object.fromEntries(shapeKinds.map((kind) => [kind, shape(kind)])) as Record<ShapeKind, ToolRunner<Context>>),
  };
}
