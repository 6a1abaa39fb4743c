/**
 * The root types of a board, looked up by name. Never creates a shared type under a key that two devices can both make:
 * one of the two subtrees would be lost silently.
 */
import type * as Y from 'yjs';
import type { OverrideRoot } from './fields.ts';
import type { ElementId } from '../types.ts';

/** The roots of a chat: all that a document holds which is a conversation and no board. */
export interface ChatRoots {
  readonly meta: Y.Map<unknown>;
  readonly chat: Y.Array<unknown>;
  readonly edits: Y.Map<unknown>;
  readonly marks: Y.Map<unknown>;
}

export interface Roots extends ChatRoots, Readonly<Record<OverrideRoot, Y.Map<unknown>>> {
  readonly who: Y.Map<unknown>;
  readonly people: Y.Map<unknown>;
  readonly base: Y.Map<unknown>;
  readonly gone: Y.Map<unknown>;
  readonly undo: Y.Map<unknown>;
  readonly undone: Y.Map<unknown>;
  readonly later: Y.Map<unknown>;
}

export const overrideRoots: readonly OverrideRoot[] = ['geo', 'z', 'parent', 'lock', 'txt', 'style', 'alt', 'page', 'pages'];

/** `bind` and `comments` are reserved names: do not open them as another type. */
export function openRoots(doc: Y.Doc): Roots {
  return {
    ...openChatRoots(doc),
    who: doc.getMap('who'),
    people: doc.getMap('people'),
    base: doc.getMap('base'),
    geo: doc.getMap('geo'),
    z: doc.getMap('z'),
    parent: doc.getMap('parent'),
    lock: doc.getMap('lock'),
    txt: doc.getMap('txt'),
    style: doc.getMap('style'),
    alt: doc.getMap('alt'),
    page: doc.getMap('page'),
    pages: doc.getMap('pages'),
    gone: doc.getMap('gone'),
    undo: doc.getMap('undo'),
    undone: doc.getMap('undone'),
    later: doc.getMap('later'),
  };
}

export function openChatRoots(doc: Y.Doc): ChatRoots {
  return { meta: doc.getMap('meta'), chat: doc.getArray('chat'), edits: doc.getMap('edits'), marks: doc.getMap('marks') };
}

export function textRoot(doc: Y.Doc, id: ElementId): Y.XmlFragment {
  return doc.getXmlFragment(`t/${id}`);
}
