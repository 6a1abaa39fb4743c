/** The code that an editor needs for every tool but the pen. It comes late, see stage/editing.ts. */
import type { gripAt } from '../transform.ts';
import type { createToolBox } from '../tools/tool-box.ts';
import type { copyGroups, elementsIn, groupAround, groupingOf, unitOf } from '../grouping.ts';
import type { recognise } from '../tools/recognise.ts';
import type { WetCode } from './late-wet.ts';
import type { pickAt, toolContext } from './reach.ts';

export interface EditingTools extends WetCode {
  readonly recognise: typeof recognise;
  readonly createToolBox: typeof createToolBox;
  readonly toolContext: typeof toolContext;
  readonly pickAt: typeof pickAt;
  readonly gripAt: typeof gripAt;
  readonly elementsIn: typeof elementsIn;
  readonly groupAround: typeof groupAround;
  readonly groupingOf: typeof groupingOf;
  readonly copyGroups: typeof copyGroups;
  readonly unitOf: typeof unitOf;
}
