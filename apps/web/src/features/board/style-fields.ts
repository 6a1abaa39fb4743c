/** Which parts of the style have a use for the tool in hand or the things selected. */
import type { BoardElement, Style } from '@wetink/board';
import type { ToolName } from '@wetink/canvas';

type Field = keyof Style;
type Kind = BoardElement['kind'];

const fieldsByKind: Record<Kind, readonly Field[]> = {
  stroke: ['color', 'width', 'opacity'],
  line: ['color', 'width', 'opacity'],
  arrow: ['color', 'width', 'opacity'],
  rectangle: ['color', 'width', 'fill', 'opacity'],
  ellipse: ['color', 'width', 'fill', 'opacity'],
  text: ['color', 'fontSize', 'font', 'opacity'],
  unknown: [],
};

const kindByTool: Partial<Record<ToolName, Kind>> = {
  pen: 'stroke',
  line: 'line',
  arrow: 'arrow',
  rectangle: 'rectangle',
  ellipse: 'ellipse',
  text: 'text',
};

/** What is selected decides; with nothing selected, the drawing tool does. Empty: no panel. */
export function styleFieldsFor(tool: ToolName, selected: readonly Pick<BoardElement, 'kind'>[]): ReadonlySet<Field> {
  const kinds = new Set<Kind>();
  for (const { kind } of selected) kinds.add(kind);
  const drawn = kindByTool[tool];
  if (selected.length === 0 && drawn !== undefined) kinds.add(drawn);
  return new Set([...kinds].flatMap((kind) => fieldsByKind[kind]));
}
