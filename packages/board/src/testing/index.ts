/** Made-up but realistic input for tests and benchmarks; not used by a running app. */
export { excalidrawStrokeJson } from './excalidraw-stroke.ts';
export { mulberry32, penStroke, penStrokes, takeStrokes, toBoardPoints } from './pen.ts';
export type { PenMotion, PenOptions, PenStroke } from './pen.ts';
