/** The parts of the style that the active tool or the selected elements use. */
import { isShapeKind, type BoardElement } from '@wetink/board';
import { styleFieldsOf, type StyleField, type ToolName } from '@wetink/canvas';

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
