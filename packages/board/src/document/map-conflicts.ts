/**
 * Conflicts that one transaction caused at a key of a map, including the values that lost. Yjs events do not report that
 * a value replaced a concurrent one, nor that an arriving value lost. Both can be read in `afterTransaction`, before the
 * transaction is cleaned up.
 *
 * The items of a key lie side by side, the current one rightmost; the origin of each is the item it replaced on the
 * device that made it.
 */
import * as Y from 'yjs';

export interface KeyConflict {
  /** The earlier value, if a concurrent value replaced it; undefined otherwise. */
  readonly replaced: unknown;
  /** Arrived values that lost against the value already there. */
  readonly lost: readonly unknown[];
}

/** Items of a key that are examined: far more than are ever written concurrently. */
const MAX_LOOKED_AT = 1_000;
const none: KeyConflict = { replaced: undefined, lost: [] };

export function keyConflict(transaction: Y.Transaction, map: Y.Map<unknown>, key: string): KeyConflict {
  const current = map._map.get(key);
  if (current === undefined) return none;
  const isNew = ({ id }: Y.Item): boolean => id.clock >= (transaction.beforeState.get(id.client) ?? 0);
  return isNew(current)
    ? { replaced: replacedBy(current, isNew, transaction), lost: [] }
    : { replaced: undefined, lost: lostAgainst(current, isNew) };
}

function replacedBy(current: Y.Item, isNew: (item: Y.Item) => boolean, transaction: Y.Transaction): unknown {
  let origin = current.origin;
  let left = MAX_LOOKED_AT;
  for (let item = current.left; item !== null && left-- > 0; item = item.left) {
    const isOrigin = Y.compareIDs(item.lastId, origin);
    if (!isNew(item)) return isOrigin || !isDeletedIn(transaction, item) ? undefined : valueOf(item);
    if (isOrigin) ({ origin } = item);
  }
  return undefined;
}

function lostAgainst(current: Y.Item, isNew: (item: Y.Item) => boolean): unknown[] {
  const lost: unknown[] = [];
  let left = MAX_LOOKED_AT;
  for (let item = current.left; item !== null && left-- > 0; item = item.left) if (isNew(item)) lost.push(valueOf(item));
  return lost;
}

function valueOf(item: Y.Item): unknown {
  return item.content.getContent().at(-1) as unknown;
}

function isDeletedIn(transaction: Y.Transaction, { id }: Y.Item): boolean {
  const ranges = transaction.deleteSet.clients.get(id.client) ?? [];
  return ranges.some(({ clock, len }) => clock <= id.clock && id.clock < clock + len);
}
