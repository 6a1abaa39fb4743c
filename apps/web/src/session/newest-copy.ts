/**
 * The newest copy of elements, on this device: whole, with the bytes of its pictures, while the clipboard has what fits into
 * it. In a database of its own, so that its person can paste it on every board of this browser. Only the newest is kept, for a
 * day at most.
 */
import { clear, createStore, get, promisifyRequest, values } from 'idb-keyval';

const DATABASE = 'wetink.clipboard';
const KEPT_MS = 24 * 60 * 60_000;

interface Copy {
  readonly file: Blob;
  /** The user who copied it. */
  readonly owner: string;
  /** By `Date.now`. */
  readonly atMs: number;
}

/** For a browser that stores nothing: this page can paste it. */
let inMemory: (Copy & { readonly id: string }) | null = null;
/** Grows whenever a copy is begun or all are forgotten: what was begun before is not kept any more. */
let turn = 0;

/**
 * Keeps a copy in place of those before, unless another one was begun, or all were forgotten, while it was being written.
 *
 * @param id Names this copy, and no other.
 * @param owner The user who copies.
 * @param write Makes a board file. Called at once.
 * @throws Whatever `write` rejects with; the copies before are gone by then.
 */
export async function keepCopy(id: string, owner: string, write: () => Promise<Blob>): Promise<void> {
  const own = ++turn;
  const file = await write();
  if (own !== turn) return;
  const copy: Copy = { file, owner, atMs: Date.now() };
  inMemory = { id, ...copy };
  try {
    // One transaction, so that no page reads between the old copy and the new one.
    await createStore(DATABASE, 'copies')('readwrite', (store) => {
      store.clear();
      store.put(copy, id);
      return promisifyRequest(store.transaction);
    });
  } catch {
    return; // Blocked or full: it stays in memory.
  }
}

/** Null for one that is not here: it was copied in another browser or by another user, another one came after it, or it is too old. */
export async function readCopy(id: string, owner: string): Promise<Blob | null> {
  if (inMemory?.id === id) return isFor(inMemory, owner) ? inMemory.file : null;
  try {
    const kept = await get<Copy>(id, createStore(DATABASE, 'copies'));
    return kept?.file instanceof Blob && isFor(kept, owner) ? kept.file : null;
  } catch {
    return null; // Blocked, as above.
  }
}

/** Forgets a copy that nobody but another user could paste, or that is too old. */
export async function dropOldCopies(owner: string): Promise<void> {
  try {
    const kept = await values<Copy>(createStore(DATABASE, 'copies'));
    if (kept.some((copy) => !isFor(copy, owner))) await forgetCopies();
  } catch {
    return; // Nothing was stored.
  }
}

function isFor(copy: Copy, owner: string): boolean {
  return copy.owner === owner && Date.now() - copy.atMs < KEPT_MS;
}

/** Forgets the copy, and one that is being written: what was on a board must not outlive it. */
export async function forgetCopies(): Promise<void> {
  turn += 1;
  inMemory = null;
  try {
    await clear(createStore(DATABASE, 'copies'));
  } catch {
    return; // Nothing was stored.
  }
}
