/** A document as fresh indexes read it, for comparing replicas and moments. */
import type * as Y from 'yjs';
import { fieldList, type Field } from '../document/fields.ts';
import { stepSession } from '../document/keys.ts';
import { openRoots } from '../document/roots.ts';
import { Elements } from '../elements/elements.ts';
import { History } from '../steps/history.ts';
import { StepClock } from '../steps/step-clock.ts';
import type { ElementId, StepKey, UserId } from '../types.ts';

/** Everything about a document, hidden elements too, read by fresh indexes. */
export interface Insight {
  readonly history: History;
  readonly elements: Elements;
  readonly ids: readonly ElementId[];
  value(field: Field, id: ElementId): unknown;
  /** As text, to compare. */
  readonly all: string;
}

export function inspect(doc: Y.Doc): Insight {
  const roots = openRoots(doc);
  const history = new History(roots, '', new StepClock(() => 0));
  const elements = new Elements(doc, roots, history);
  const ids = ([...roots.base.keys()] as ElementId[]).sort();
  // Read now: the document goes on changing underneath.
  const values = new Map(ids.map((id) => [id, fieldList.map((field) => history.effective(field, id)?.value ?? null)]));
  const value = (field: Field, id: ElementId): unknown => values.get(id)?.[field.code] ?? null;
  const all = JSON.stringify([
    ids.map((id) => [id, elements.get(id) !== undefined, values.get(id)]),
    elements.order.elements().map((element) => element.id),
  ]);
  return { history, elements, ids, value, all };
}

/** The steps of a person in a document. */
export function stepsOf(doc: Y.Doc, user: UserId): ReadonlySet<StepKey> {
  const { base, gone, undo, who } = openRoots(doc);
  const made = [...base.values()].map((record) => (record as { s: StepKey }).s);
  const steps = [...made, ...(gone.keys() as Iterable<StepKey>), ...(undo.keys() as Iterable<StepKey>)];
  return new Set(steps.filter((step) => who.get(stepSession(step)) === user));
}
