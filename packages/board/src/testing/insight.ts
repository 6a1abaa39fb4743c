/** A document as fresh indexes read it, for comparing replicas and moments. */
import type * as Y from 'yjs';
import { fieldList, type Field } from '../document/fields.ts';
import { stepSession } from '../document/keys.ts';
import { openRoots } from '../document/roots.ts';
import { Elements } from '../elements/elements.ts';
import { FIRST_PAGE } from '../elements/pages.ts';
import { History } from '../steps/history.ts';
import { StepClock } from '../steps/step-clock.ts';
import type { ElementId, StepKey, UserId } from '../types.ts';

/** Everything about a document, hidden elements too, read by fresh indexes. */
export interface Insight {
  readonly history: History;
  readonly elements: Elements;
  readonly ids: readonly ElementId[];
  /** Whether an element is shown, or a group or a page neither deleted nor undone. */
  isThere(id: ElementId): boolean;
  value(field: Field, id: ElementId): unknown;
  /** As text, to compare. */
  readonly all: string;
}

export function inspect(doc: Y.Doc): Insight {
  const roots = openRoots(doc);
  const history = new History(roots, '', new StepClock(() => 0));
  const elements = new Elements(doc, roots, history);
  const ids = ([FIRST_PAGE, ...roots.base.keys()] as ElementId[]).sort();
  const isThereIn = (id: ElementId): boolean => elements.isThere(id);
  const valueOf = (field: Field, id: ElementId): unknown => {
    const shown = history.effective(field, id);
    // Taken out of every group, which is not the same as never put into one.
    return shown?.value === null ? 'none' : (shown?.value ?? null);
  };
  // Read now: the document goes on changing underneath.
  const values = new Map(ids.map((id) => [id, fieldList.map((field) => valueOf(field, id))]));
  const there = new Map(ids.map((id) => [id, isThereIn(id)]));
  const isThere = (id: ElementId): boolean => there.get(id) ?? false;
  const value = (field: Field, id: ElementId): unknown => values.get(id)?.[field.code] ?? null;
  const all = JSON.stringify([
    ids.map((id) => [id, isThere(id), elements.groups.groupOf(id), values.get(id)]),
    elements.order.elements().map((element) => [element.id, element.page]),
    elements.pages.list(),
  ]);
  return { history, elements, ids, isThere, value, all };
}

/** The steps of a person in a document. */
export function stepsOf(doc: Y.Doc, user: UserId): ReadonlySet<StepKey> {
  const { base, gone, undo, who } = openRoots(doc);
  const made = [...base.values()].map((record) => (record as { s: StepKey }).s);
  const steps = [...made, ...(gone.keys() as Iterable<StepKey>), ...(undo.keys() as Iterable<StepKey>)];
  return new Set(steps.filter((step) => who.get(stepSession(step)) === user));
}
