/** Elements that an undo or redo left as they are, by reason; lists each person and element once. */
import type { ElementId, KeptElements, UserId } from '../types.ts';

type Reason = KeptElements['reason'];

export class KeptReport {
  readonly #byReason = new Map<Reason, { by: Set<UserId>; ids: Set<ElementId> }>();

  /** @param user Undefined while the author is unknown: then the element is listed without a person. */
  add(reason: Reason, id: ElementId, user: UserId | undefined): void {
    let kept = this.#byReason.get(reason);
    if (kept === undefined) {
      kept = { by: new Set(), ids: new Set() };
      this.#byReason.set(reason, kept);
    }
    kept.ids.add(id);
    if (user !== undefined) kept.by.add(user);
  }

  list(): KeptElements[] {
    return [...this.#byReason].map(([reason, { by, ids }]) => ({ reason, by: [...by], ids: [...ids] }));
  }
}
