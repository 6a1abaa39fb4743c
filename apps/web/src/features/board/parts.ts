/**
 * The parts of the board page that nobody needs for the first stroke. They are fetched after it is painted, so that
 * the page opens within its budget and they still open at once, without a network too. Components import them from later.ts.
 */
import { arranging, backToContent, pageWork } from '../../state/actions.ts';
import { fileParts } from '../../state/files.svelte.ts';
import { peopleParts } from '../../state/people.svelte.ts';
import { pageParts } from './page-parts.ts';
import { topParts } from './top-parts.ts';

export const parts = {
  ...topParts,
  ...pageParts,
  backToContent: () => import('./BackToContent.svelte'),
  company: () => import('../people/Company.svelte'),
  contextMenu: () => import('./ContextMenu.svelte'),
  conversation: () => import('../inbox/ConversationDrawer.svelte'),
  chat: () => import('../chat/ChatDrawer.svelte'),
  unread: () => import('../chat/UnreadCount.svelte'),
  clear: () => import('./ClearDialog.svelte'),
  delete: () => import('./DeleteBoard.svelte'),
  editors: () => import('./ElementEditors.svelte'),
  emptyHint: () => import('./EmptyHint.svelte'),
  error: () => import('./ErrorNotice.svelte'),
  find: () => import('./FindBar.svelte'),
  outline: () => import('./Outline.svelte'),
  pages: () => import('./Pages.svelte'),
  palette: () => import('./CommandPalette.svelte'),
  present: () => import('./Present.svelte'),
  fileBar: () => import('./FileBar.svelte'),
  filePlayer: () => import('./FilePlayer.svelte'),
  focusExit: () => import('./FocusExit.svelte'),
  goToMessage: () => import('../chat/GoToMessage.svelte'),
  hello: () => import('./Hello.svelte'),
  help: () => import('./HelpDialog.svelte'),
  incoming: () => import('./Incoming.svelte'),
  kept: () => import('./KeptNotice.svelte'),
  leave: () => import('./LeaveDialog.svelte'),
  map: () => import('./BoardMap.svelte'),
  paper: () => import('./PaperDialog.svelte'),
  pdf: () => import('./PdfProgress.svelte'),
  picture: () => import('../picture/PicturePanel.svelte'),
  preferences: () => import('./PreferencesDialog.svelte'),
  shapes: () => import('./ShapesMenu.svelte'),
  share: () => import('../share/ShareDialog.svelte'),
  dragChoices: () => import('./DragChoices.svelte'),
  style: () => import('./StylePanel.svelte'),
  trash: () => import('./TrashDialog.svelte'),
  typing: () => import('./Typing.svelte'),
} as const;

/** Those that can't be fetched now are left out. */
export async function fetchAll(): Promise<void> {
  const lists = [parts, fileParts, peopleParts].flatMap((list) => Object.values<() => Promise<unknown>>(list));
  await Promise.allSettled([...lists, arranging, backToContent, pageWork].map((load) => load()));
}
