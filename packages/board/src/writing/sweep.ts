/**
 * Empties the trash: removes hidden elements from the document for good.
 *
 * Only ever by an explicit act, never by a clock: a device that was offline for a month may be about to bring one of
 * them back. A deletion undone after this does not bring those elements back. An override that arrives later for a swept
 * element has no effect; the next sweep removes it. A hidden group or frame stays while anything that stays names it: it leads on
 * to the group around it.
 */
import { type Core, introduce } from '../core.ts';
import { fieldList, fieldOfKey, fields, keyOfField } from '../document/fields.ts';
import { isElementId, isStep } from '../document/keys.ts';
import { type BaseRecord, isHolder, readDeletion, writeDeletion } from '../document/records.ts';
import { FIRST_PAGE } from '../elements/pages.ts';
import { overrideRoots, textRoot } from '../document/roots.ts';
import { readSettledKey, settledKey } from '../steps/typing-index.ts';
import type { ElementId, StepKey } from '../types.ts';

/** @returns Number of swept elements, groups and pages not among them. */
export function emptyTrash(core: Core): number {
  const { doc, roots, elements, origin } = core;
  const swept = hiddenElements(core);
  const orphans = orphanOverrides(core, swept);
  if (swept.size === 0 && orphans.length === 0) return 0;
  const count = [...swept.keys()].filter((id) => !isContainer(elements.base(id)?.kind)).length;
  doc.transact(() => {
    introduce(core);
    for (const id of swept.keys()) {
      for (const field of fieldList) {
        if (elements.isOverridden(id, field)) roots[field.root].delete(keyOfField(field, id));
      }
      for (const session of core.history.settledTyping(id).keys()) roots.txt.delete(settledKey(id, session));
      const text = textRoot(doc, id);
      if (text.length > 0) text.delete(0, text.length);
      roots.base.delete(id);
    }
    for (const step of new Set(swept.values())) {
      const isUsed = roots.gone.has(step) || roots.undo.has(step) || [...core.history.made(step)].some((id) => !swept.has(id));
      if (!isUsed) roots.undone.delete(step);
    }
    for (const { root, key } of orphans) roots[root].delete(key);
    for (const key of [...roots.gone.keys()]) if (isStep(key)) forgetInList(core, key, swept);
    for (const step of [...core.history.logged.sorted()]) forgetInLog(core, step, swept);
  }, origin);
  return count;
}

function hiddenElements(core: Core): Map<ElementId, StepKey> {
  const { roots, elements } = core;
  const hidden = new Map<ElementId, StepKey>();
  for (const id of roots.base.keys()) {
    if (!isElementId(id) || elements.isShown(id)) continue;
    const base = elements.base(id);
    // An unreadable record comes from a newer version or from malice; neither is ours to destroy.
    if (base !== null) hidden.set(id, base.step);
  }
  keepNamedGroups(core, hidden);
  keepNamedPages(core, hidden);
  return hidden;
}

function isContainer(kind: BaseRecord['kind'] | undefined): boolean {
  return kind === 'group' || kind === 'page';
}

/** Takes pages out of `hidden` that what stays names, now or beneath an undone value. */
function keepNamedPages({ elements, history }: Core, hidden: Map<ElementId, StepKey>): void {
  for (const id of elements.known()) {
    if (hidden.has(id)) continue;
    const page = elements.base(id)?.page ?? '';
    if (page !== '') hidden.delete(page);
    if (!elements.isOverridden(id, fields.page)) continue;
    for (const named of history.chain(fields.page, id, history.stored(fields.page, id))) hidden.delete(named?.value as ElementId);
  }
}

/** Takes groups out of `hidden` that what stays names, now or beneath an undone value. */
function keepNamedGroups({ elements, history }: Core, hidden: Map<ElementId, StepKey>): void {
  const left = [...elements.known()].filter((id) => !hidden.has(id) && elements.isOverridden(id, fields.parent));
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    for (const named of history.chain(fields.parent, id, history.stored(fields.parent, id))) {
      const group = named?.value as ElementId | null | undefined;
      if (group === null || group === undefined || !isHolder(elements.base(group)?.kind) || !hidden.delete(group)) continue;
      left.push(group);
    }
  }
}

function orphanOverrides({ roots }: Core, swept: ReadonlyMap<ElementId, StepKey>) {
  const orphans: { root: (typeof overrideRoots)[number]; key: string }[] = [];
  for (const root of overrideRoots) {
    for (const key of roots[root].keys()) {
      const target = fieldOfKey(root, key) ?? (root === 'txt' ? readSettledKey(key) : null);
      if (target !== null && target.id !== FIRST_PAGE && !swept.has(target.id) && !roots.base.has(target.id)) orphans.push({ root, key });
    }
  }
  return orphans;
}

/** Drops swept elements from a deletion's list. A clear stays as it is: it may cover elements that have not arrived here. */
function forgetInList({ roots, history }: Core, step: StepKey, swept: ReadonlyMap<ElementId, StepKey>): void {
  const deletion = readDeletion(roots.gone.get(step));
  if (deletion === null || deletion.type === 'clear') return;
  const left = [...deletion.ids].filter((id) => !swept.has(id));
  if (left.length === deletion.ids.size) return;
  if (left.length > 0) roots.gone.set(step, writeDeletion({ type: deletion.type, ids: new Set(left) }));
  else {
    roots.gone.delete(step);
    const isUsed = roots.undo.has(step) || [...history.made(step)].some((id) => !swept.has(id));
    if (!isUsed) roots.undone.delete(step);
  }
}

/** Drops swept elements from a step's log. A step that changed nothing else is removed, so that no undo is spent on it. */
function forgetInLog({ roots, history }: Core, step: StepKey, swept: ReadonlyMap<ElementId, StepKey>): void {
  const { entries } = history.log(step);
  if (entries.length === 0 || !entries.every(({ id }) => swept.has(id))) return;
  roots.undo.delete(step);
  if (!roots.gone.has(step) && [...history.made(step)].every((id) => swept.has(id))) roots.undone.delete(step);
}
