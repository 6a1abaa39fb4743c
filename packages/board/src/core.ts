/** State shared by the parts of one board. Made by `createBoard`, handed to every part, never kept beyond the board. */
import type * as Y from 'yjs';
import type { History } from './steps/history.ts';
import type { OwnSession } from './document/own-session.ts';
import type { UndoLimits } from './limits.ts';
import type { ChatRoots, Roots } from './document/roots.ts';
import type { Elements } from './elements/elements.ts';
import type { UserId } from './types.ts';

/** The format this version writes. A document that requires a newer reader is shown, but not written to. */
export const SCHEMA_VERSION = 1;

export interface Core {
  readonly doc: Y.Doc;
  readonly roots: Roots;
  readonly history: History;
  readonly elements: Elements;
  readonly session: OwnSession;
  readonly userId: UserId;
  readonly limits: UndoLimits;
  /** Origin of every transaction of this board. */
  readonly origin: object;
}

/** Writes what goes with the first write of a page: the format version, and the user of this session. Inside a transaction. */
export function introduce(core: Core): void {
  const { who } = core.roots;
  nameSchema(core.roots);
  const session = core.session.claim();
  if (who.get(session) !== core.userId) who.set(session, core.userId);
}

/** Names the format in a document that nothing was written to. Inside a transaction. */
export function nameSchema({ meta }: ChatRoots): void {
  if (!meta.has('schema')) meta.set('schema', SCHEMA_VERSION);
}

/** True for a document that requires a newer reader. */
export function requiresNewer({ meta }: ChatRoots): boolean {
  const minReader = meta.get('minReader');
  return typeof minReader === 'number' && minReader > SCHEMA_VERSION;
}
