/** The parts of the style that the active tool or the selected elements use. */
import { colorTokens, isShapeKind, type BoardElement, type ColorToken, type Style } from '@wetink/board';
import { highlighterStyle, penPatch, styleFieldsOf, type StyleField, type ToolName } from '@wetink/canvas';
import { widthRange } from './style-choice.ts';

type Kind = BoardElement['kind'];

const kindByTool: Partial<Record<ToolName, Kind>> = {
  pen: 'stroke',
  line: 'line',
  arrow: 'arrow',
  text: 'text',
};

/** In the order in which they are shown. */
const order: readonly StyleField[] = ['color', 'fill', 'width', 'dash', 'corners', 'startHead', 'endHead', 'fontSize', 'font', 'opacity'];

/** The selection decides; with nothing selected, the drawing tool does. Empty: no panel. */
export function styleFieldsFor(tool: ToolName, selected: readonly Pick<BoardElement, 'kind'>[]): StyleField[] {
  const kinds = new Set<Kind>();
  for (const { kind } of selected) kinds.add(kind);
  // A highlighter sets its own opacity.
  if (selected.length === 0 && tool === 'highlighter') return ['color', 'width'];
  if (selected.length === 0 && tool === 'fill') return ['fill'];
  const drawn = isShapeKind(tool) ? tool : kindByTool[tool];
  if (selected.length === 0 && drawn !== undefined) kinds.add(drawn);
  const used = new Set([...kinds].flatMap((kind) => styleFieldsOf(kind)));
  // The line tool draws lines without heads, which get them afterwards.
  // Beside other elements there is no room for them on a tablet.
  const isLinesAlone = [...kinds].every((kind) => kind === 'line' || kind === 'arrow');
  if (!isLinesAlone || (selected.length === 0 && tool === 'line')) for (const end of ['startHead', 'endHead'] as const) used.delete(end);
  return order.filter((field) => used.has(field));
}

/** The style that a tool draws with, which for some is not that of the pen. */
export function styleOfTool(tool: ToolName, style: Style): Style {
  if (tool === 'highlighter') return highlighterStyle(style);
  if (tool === 'fill' && style.fill === 'none') return { ...style, fill: style.color };
  return style;
}

/** The change to the style of the pen that makes a tool draw so. */
export function patchForTool(tool: ToolName, patch: Partial<Style>): Partial<Style> {
  return tool === 'highlighter' ? penPatch(patch) : patch;
}

export interface Offer {
  /** The colors of the palette, without the one that the tool has no use for. */
  readonly colors: readonly ColorToken[];
  /** A fill may be none. */
  readonly hasNoFill: boolean;
  /** CSS pixels at zoom 1. */
  readonly widths: readonly number[];
  readonly width: { readonly min: number; readonly max: number; readonly step: number };
}

const offer: Offer = { colors: colorTokens, hasNoFill: true, widths: [2, 4, 8, 16], width: { ...widthRange, step: 1 } };
const broad: Offer = {
  ...offer,
  colors: colorTokens.filter((token) => token !== 'ink'),
  widths: [16, 32, 48, 64],
  width: { min: 16, max: widthRange.max * 4, step: 4 },
};

/** The choices for the next drawing with a tool. */
export function offerOfTool(tool: ToolName): Offer {
  if (tool === 'highlighter') return broad;
  return tool === 'fill' ? { ...offer, hasNoFill: false } : offer;
}
