/**
 * People who typed in each text: undo of a creation, and redo of a deletion, must not hide their work.
 *
 * Typing leaves a touch in the logged step of its visit. There each touch has its own place, while in the root `txt` two
 * concurrent touches of one text write the same key and one is lost. Before the trimmer drops a step, it writes the
 * step's touch to `txt` under a key of its session (`settle`).
 *
 *     undo   step -> log with a touch of the text     while the step can be undone
 *     txt    id/session -> [0, step]                  after trimming, permanent
 *     txt    id -> [0, step]                          the newest touch; the only one in boards of older versions
 */
import { fields, readTagged } from '../document/fields.ts';
import { isElementId, isSession } from '../document/keys.ts';
import type { StepLog } from './step-log.ts';
import type { ElementId, SessionId, StepKey } from '../types.ts';

/** The key of a settled touch. */
export function settledKey(id: ElementId, session: SessionId): string {
  return `${id}/${session}`;
}

/** The reverse of `settledKey`, null for another key of `txt`. */
export function readSettledKey(key: string): { id: ElementId; session: SessionId } | null {
  const slash = key.indexOf('/');
  const id = key.slice(0, Math.max(0, slash));
  const session = key.slice(slash + 1);
  return slash > 0 && isElementId(id) && isSession(session) ? { id, session } : null;
}

const nothing: ReadonlyMap<SessionId, StepKey> = new Map();

export class TypingIndex {
  readonly #log: (step: StepKey) => StepLog;
  /** Steps whose logs are not read yet: they are read on demand, so that opening a board does not read all of them. */
  readonly #unread = new Set<StepKey>();
  readonly #stepsByElement = new Map<ElementId, Set<StepKey>>();
  readonly #elementsByStep = new Map<StepKey, readonly ElementId[]>();
  readonly #settled = new Map<ElementId, Map<SessionId, StepKey>>();

  /** @param log Reads a step's log. */
  constructor(log: (step: StepKey) => StepLog) {
    this.#log = log;
  }

  /** A step's log is there now, or another than before. */
  logWritten(step: StepKey): void {
    this.logDropped(step);
    this.#unread.add(step);
  }

  logDropped(step: StepKey): void {
    for (const id of this.#elementsByStep.get(step) ?? []) this.#stepsByElement.get(id)?.delete(step);
    this.#elementsByStep.delete(step);
    this.#unread.delete(step);
  }

  settledChanged(key: string, stored: unknown): void {
    const at = readSettledKey(key);
    if (at === null) return;
    const tag = readTagged(fields.txt, stored)?.tag ?? '';
    const settled = this.#settled.get(at.id) ?? new Map<SessionId, StepKey>();
    if (tag === '') settled.delete(at.session);
    else settled.set(at.session, tag);
    if (settled.size === 0) this.#settled.delete(at.id);
    else this.#settled.set(at.id, settled);
  }

  /** Steps that touched the text, undone or not. */
  *stepsOn(id: ElementId): Iterable<StepKey> {
    this.#readLogs();
    yield* this.#stepsByElement.get(id) ?? [];
    yield* this.settledOn(id).values();
  }

  settledOn(id: ElementId): ReadonlyMap<SessionId, StepKey> {
    return this.#settled.get(id) ?? nothing;
  }

  #readLogs(): void {
    for (const step of this.#unread) {
      const touched = this.#log(step)
        .entries.filter(({ field }) => field === fields.txt)
        .map(({ id }) => id);
      if (touched.length === 0) continue;
      this.#elementsByStep.set(step, touched);
      for (const id of touched) {
        const steps = this.#stepsByElement.get(id);
        if (steps === undefined) this.#stepsByElement.set(id, new Set([step]));
        else steps.add(step);
      }
    }
    this.#unread.clear();
  }
}
