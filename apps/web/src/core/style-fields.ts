/** The parts of the style that the active tool or the selected elements use. */
import type { BoardElement } from '@wetink/board';
import { styleFieldsOf, type StyleField, type ToolName } from '@wetink/canvas';

type Kind = BoardElement['kind'];

const kindByTool: Partial<Record<ToolName, Kind>> = {
  pen: 'stroke',
  line: 'line',
  arrow: 'arrow',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  text: 'text',
};

/** In the order in which they are shown. */
const order: readonly StyleField[] = ['color', 'fill', 'width', 'fontSize', 'font', 'opacity'];

/** The selection decides; with nothing selected, the drawing tool does. Empty: no panel. */
export function styleFieldsFor(tool: ToolName, selected: readonly Pick<BoardElement, 'kind'>[]): StyleField[] {
  const kinds = new Set<Kind>();
  for (const { kind } of selected) kinds.add(kind);
  const drawn = kindByTool[tool];
  if (selected.length === 0 && drawn !== undefined) kinds.add(drawn);
  const used = new Set([...kinds].flatMap((kind) => styleFieldsOf(kind)));
  return order.filter((field) => used.has(field));
}
