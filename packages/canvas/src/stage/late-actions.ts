/** The actions of actions.ts under the same names, also before their code is there: then they wait their turn. */
import type { Editor } from '../editor/editor.ts';
import type { LatePart } from '../editor/late-part.ts';
import type { Editing, EditingActions } from './stage-types.ts';

/** Each of them, or it does not compile. */
const names: Readonly<Record<keyof EditingActions, true>> = {
  selectAll: true,
  selectNext: true,
  deleteSelection: true,
  duplicateSelection: true,
  nudge: true,
  rearrange: true,
  reorderSelection: true,
  lockSelection: true,
  groupSelection: true,
  ungroupSelection: true,
  removeFrames: true,
  selectInFrames: true,
  editSelection: true,
  placeAtCentre: true,
  putText: true,
  putImages: true,
  putFiles: true,
};

export function createLateActions(editor: Editor, editing: LatePart<Editing>): EditingActions {
  let actions: EditingActions | undefined;
  const late = (name: keyof EditingActions) => {
    return (...args: never[]): unknown => {
      // The answer of an action that waits: it will do something.
      let answer: unknown = true;
      editor.edit(() => {
        actions ??= editing.opened()?.createActions(editor);
        answer = (actions?.[name] as ((...args: never[]) => unknown) | undefined)?.(...args);
      });
      return answer;
    };
  };
  return Object.fromEntries(Object.keys(names).map((name) => [name, late(name as keyof EditingActions)])) as unknown as EditingActions;
}
