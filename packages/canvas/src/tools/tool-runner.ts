/** A tool with its state, kept between events. */
import type { Effect, Preview, Tool, ToolEvent } from './tool.ts';

export interface ToolRunner<Context> {
  handle(event: ToolEvent, context: Context): readonly Effect[];
  preview(): Preview | null;
  /** See `Tool.isWaiting`. */
  isWaiting(): boolean;
}

/** @param contextOf Makes the context of the tool from that of the runner. */
export function runTool<State, Needed, Context>(tool: Tool<State, Needed>, contextOf: (context: Context) => Needed): ToolRunner<Context> {
  let { initial: state } = tool;
  return {
    handle(event, context) {
      const next = tool.next(state, event, contextOf(context));
      state = next.state;
      return next.effects;
    },
    preview: () => tool.preview(state),
    isWaiting: () => tool.isWaiting?.(state) ?? false,
  };
}
