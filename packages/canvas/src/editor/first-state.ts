/** The state in which a stage starts: the pen, the board at 1:1, nothing selected. */
import type { Style } from '@wetink/board';
import type { PenChoice } from '../tools/tool.ts';
import type { StageState } from './stage-state.ts';

export const defaultStyle: Style = {
  color: 'ink',
  width: 4,
  fill: 'none',
  opacity: 1,
  fontSize: 24,
  font: 'sans',
  dash: 'solid',
  corners: 'sharp',
  startHead: 'auto',
  endHead: 'auto',
};

export const firstState: StageState = {
  tool: 'pen',
  camera: { x: 0, y: 0, zoom: 1 },
  selection: [],
  entered: null,
  style: defaultStyle,
  stylePreview: null,
  othersLooks: new Map(),
  isBusy: false,
  isToolKept: false,
  isFarFromDrawing: false,
  penMode: 'unseen',
};

export const plainPen: PenChoice = { steadiness: 'off', isConstant: false, doesShape: true };
