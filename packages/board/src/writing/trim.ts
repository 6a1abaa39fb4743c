/**
 * Trims the undo log: drops logged steps and undone deletions, inside the transaction of a person's next action.
 *
 * Drops a person's steps beyond their reach, oldest first, then steps beyond the limit of the whole board, and old steps.
 * Undone steps that can no longer be redone are dropped before any step that undo still reaches.
 *
 * Dropping never changes the shown board, now or by a later undo: if an undone value is still stored, it is first replaced
 * by the value beneath it; if it lies beneath the value of another logged step, the value beneath it goes into that step's
 * log. A touch that protects a text is first made permanent.
 */
import type { Core } from '../core.ts';
import { type Field, type Tagged, fields, keyOfField } from '../document/fields.ts';
import { stepSession, stepTime } from '../document/keys.ts';
import { replaceInLog } from './log-repair.ts';
import type { LoggedOverride } from '../steps/step-log.ts';
import type { ElementId, StepKey } from '../types.ts';
import { settledKey } from '../steps/typing-index.ts';

/** Limit of steps and overrides dropped in one action: trimming a long backlog must not delay the pen. */
const MAX_STEPS = 512;
const MAX_OVERRIDES = 4_096;
/**
 * Largest log, in bytes, that is rewritten to drop a step beneath it: about 1,400 overrides. An undone step beneath a
 * larger log stays as long as that log.
 */
const MAX_REPAIRED_BYTES = 64 * 1024;

/** @param options `isLogging`: whether the action itself adds a logged step. */
export function trim(core: Core, options: { isLogging: boolean }): void {
  const { history, limits, userId } = core;
  const trimming = new Trimming(core);
  const all = [...new Set([...history.logged.sorted(), ...history.undoneDeletions.sorted()])];
  const cap = limits.reachableSteps + limits.slackSteps - 1;
  const mine = all.filter((step) => history.userOf(step) === userId);
  if (!history.order.isByKey) mine.sort((a, b) => (history.order.isBefore(a, b) ? -1 : 1));
  const live = history.own.live.sorted();
  // The step being written is not listed yet, but counts as one of the steps that stay.
  const oldestKept = live[live.length - cap];
  for (const step of mine) {
    if (oldestKept === undefined || !history.order.isBefore(step, oldestKept)) break;
    trimming.drop(step);
  }
  const spent = mine.filter((step) => history.isUndone(step) && !trimming.dropped.has(step));
  let surplus = mine.length - trimming.dropped.size - cap;
  for (const step of spent) if (surplus > 0 && trimming.drop(step)) surplus--;
  trimBoard(core, trimming, all, options);
  trimming.finish();
}

/** Trims for all people, which any client may do. Age is measured from the earlier of this clock and the board's time. */
function trimBoard({ history, limits }: Core, trimming: Trimming, all: readonly StepKey[], { isLogging }: { isLogging: boolean }): void {
  const sorted = [...all].sort();
  const newest = sorted.at(-1);
  if (newest === undefined) return;
  const tooOld = Math.min(history.clock.wall(), stepTime(newest)) - limits.maxAgeMs;
  let surplus = all.length - trimming.dropped.size + (isLogging ? 1 : 0) - limits.boardSteps;
  for (const step of sorted) {
    if (surplus <= 0 && stepTime(step) >= tooOld) return;
    if (!trimming.dropped.has(step) && trimming.drop(step)) surplus--;
  }
}

/** The drops of one action. Indexes are updated only after its transaction, so values replaced meanwhile are kept here. */
class Trimming {
  readonly dropped = new Set<StepKey>();
  readonly #core: Core;
  readonly #replaced = new Map<StepKey, Map<string, Tagged | null>>();
  #overrides = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Drops a step. Returns false if it has to stay for now. */
  drop(step: StepKey): boolean {
    const { history, roots } = this.#core;
    const { entries } = history.log(step);
    const isUndone = history.isUndone(step);
    if (this.dropped.size >= MAX_STEPS || this.#overrides > MAX_OVERRIDES) return false;
    // An undone restoring still shows what its undo spared.
    if (history.deletion(step)?.type === 'restore' && (history.mark(step)?.spared.size ?? 0) > 0) return false;
    if (isUndone && !this.#lookThrough(step, entries)) return false;
    this.#overrides += entries.length;
    if (!isUndone) this.#settleTyping(step, entries);
    if (roots.undo.has(step)) roots.undo.delete(step);
    if (isUndone && roots.gone.has(step)) roots.gone.delete(step);
    if (isUndone && history.made(step).size === 0) roots.undone.delete(step);
    this.dropped.add(step);
    return true;
  }

  finish(): void {
    for (const [step, before] of this.#replaced) {
      if (!this.dropped.has(step)) replaceInLog(this.#core, step, before);
    }
  }

  /** Removes an undone step from the chains of its values. Returns false, without a change, if a chain can't be closed. */
  #lookThrough(step: StepKey, entries: readonly LoggedOverride[]): boolean {
    const { roots } = this.#core;
    const found = entries.map((entry) => ({ entry, above: this.#above(entry, step) }));
    if (found.some(({ above }) => above !== null && above !== 'stored' && this.#isLarge(above))) return false;
    for (const { entry, above } of found) {
      const { field, id } = entry;
      if (above === null) continue;
      const beneath = this.#beneath(field, id, step);
      if (above !== 'stored') {
        if (beneath !== undefined) this.#replace(above, field, id, beneath);
        continue;
      }
      const shown = this.#shown(field, id);
      if (shown === null) roots[field.root].delete(keyOfField(field, id));
      else if (shown.tag !== step) roots[field.root].set(keyOfField(field, id), [shown.value, shown.tag]);
    }
    return true;
  }

  /** The step whose value lies right above that of `step`; 'stored' if there is none above. Null: in no chain. */
  #above({ field, id }: LoggedOverride, step: StepKey): StepKey | 'stored' | null {
    let above: StepKey | 'stored' = 'stored';
    for (const value of this.#chain(field, id)) {
      if (value === null || value.tag === '') return null;
      if (value.tag === step) return above;
      above = value.tag;
    }
    return null;
  }

  #shown(field: Field, id: ElementId): Tagged | null {
    let shown: Tagged | null = null;
    for (shown of this.#chain(field, id)) if (shown === null || !this.#core.history.isUndone(shown.tag)) break;
    return shown;
  }

  /** Like `History.chain`, with the values replaced in this action. */
  #chain(field: Field, id: ElementId): Iterable<Tagged | null> {
    const { history } = this.#core;
    return history.chain(field, id, history.stored(field, id), (step) => this.#beneath(field, id, step));
  }

  #beneath(field: Field, id: ElementId, step: StepKey | ''): Tagged | null | undefined {
    const replaced = step === '' ? undefined : this.#replaced.get(step)?.get(`${field.code} ${id}`);
    return replaced === undefined ? this.#core.history.beneath(field, id, step) : replaced;
  }

  #replace(step: StepKey, field: Field, id: ElementId, before: Tagged | null): void {
    const replaced = this.#replaced.get(step) ?? new Map<string, Tagged | null>();
    replaced.set(`${field.code} ${id}`, before);
    this.#replaced.set(step, replaced);
  }

  #isLarge(step: StepKey): boolean {
    const stored = this.#core.roots.undo.get(step);
    return stored instanceof Uint8Array && stored.length > MAX_REPAIRED_BYTES;
  }

  #settleTyping(step: StepKey, entries: readonly LoggedOverride[]): void {
    const { history, roots, elements } = this.#core;
    const session = stepSession(step);
    for (const { field, id } of entries) {
      if (field !== fields.txt || elements.base(id) === null) continue;
      const settled = history.settledTyping(id).get(session);
      if (settled === undefined || settled < step) roots.txt.set(settledKey(id, session), [0, step]);
    }
  }
}
