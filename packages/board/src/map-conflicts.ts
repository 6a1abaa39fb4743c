/**
 * What one transaction did to a key of a map, the values that lost included. The events of Yjs tell neither that a value
 * was replaced by one that did not know of it, nor that one arrived and lost; both can be read until the transaction is
 * cleaned up, so from its `afterTransaction`.
 *
 * The items of a key stand side by side, the one that counts rightmost; the origin of each is the one it replaced where
 * it was made.
 */
import * as Y from 'yjs';

export interface KeyConflict {
  /** What was there, and was replaced by something that did not know of it. Undefined for nothing. */
  readonly replaced: unknown;
  /** What came, and did not replace what was and is there. */
  readonly lost: readonly unknown[];
}

/** Items of a key that are looked at: far more than are ever written at once. */
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
