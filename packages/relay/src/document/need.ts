/** The parts of an update that a document lacks, and those that it has. Reads only. */

import * as Y from 'yjs';

/** Per client id, the clock that a document must have reached before an update can be applied. */
export type Need = ReadonlyMap<number, number>;

type Store = Y.Doc['store'];

export function isMetBy(store: Store, need: Need): boolean {
  for (const [client, clock] of need) {
    if (Y.getState(store, client) < clock) return false;
  }
  return true;
}

/**
 * The clocks that the update still misses; null when it misses none.
 * @param to Per client the clock after the update's last struct.
 */
export function unmetNeed(store: Store, update: Uint8Array, to: ReadonlyMap<number, number>): Need | null {
  const need = new Map<number, number>();
  const require = (client: number, clock: number): void => {
    if (Y.getState(store, client) < clock) need.set(client, Math.max(clock, need.get(client) ?? 0));
  };
  for (const [client, clock] of to) require(client, clock);
  for (const [client, ranges] of deletesOf(update)) {
    for (const { clock, len } of ranges) require(client, clock + len);
  }
  return need.size > 0 ? need : null;
}

/** The clocks that a document must have reached before all structs of the update can be applied to it. */
export function prerequisitesOf(update: Uint8Array): Need {
  const need = new Map(Y.parseUpdateMeta(update).from);
  const own = new Map(need);
  const require = (id: Y.ID | null): void => {
    if (id === null || id.clock >= (own.get(id.client) ?? Infinity)) return;
    need.set(id.client, Math.max(id.clock + 1, need.get(id.client) ?? 0));
  };
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item)) continue;
    require(struct.origin);
    require(struct.rightOrigin);
    if (struct.parent instanceof Y.ID) require(struct.parent);
  }
  return need;
}

/** True when the update would change nothing. @param to As in `unmetNeed`. */
export function containsAll(store: Store, update: Uint8Array, to: ReadonlyMap<number, number>): boolean {
  if (!isMetBy(store, to)) return false;
  for (const [client, ranges] of deletesOf(update)) {
    const structs = store.clients.get(client);
    const state = Y.getState(store, client);
    for (const { clock, len } of ranges) {
      if (structs === undefined || clock + len > state) return false;
      for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
        const struct = structs[i];
        if (struct === undefined || struct.id.clock >= clock + len) break;
        if (!struct.deleted) return false;
      }
    }
  }
  return true;
}

function deletesOf(update: Uint8Array): Map<number, { clock: number; len: number }[]> {
  return Y.decodeUpdate(update).ds.clients;
}
