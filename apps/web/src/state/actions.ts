/** The actions of shortcuts, buttons and menu items. In one place, so that they never differ. */
import * as m from '$words/actions';
import { fetchPart } from '../browser/fetch-part.ts';
import { focusStyle } from '../browser/focus-style.ts';
import { changesBoard, needsAll } from '../core/action-needs.ts';
import type { Arranging } from '../core/arrangings.ts';
import { undoSentence } from '../core/sentences.ts';
import type { Action } from '../core/shortcuts.ts';
import type { BoardSession } from '../session/board-session.ts';
import { travel } from '../session/travel.ts';
import type { BoardContext } from './board-context.ts';
import type { PasteTo } from './board-clipboard.ts';
import { copyStyle, pasteStyle } from './copied-style.ts';
import type { AppContext } from './context.ts';
import { isArrangeAction, isPageAction, isToolAction, stageActions, ToolSwitch, type PageAction } from './stage-actions.ts';

/** Fetched while the page is idle, see files.svelte.ts. */
export const arranging = () => import('./arranging.ts');
export const backToContent = () => import('./back-to-content.ts');
export const pageWork = () => import('./page-work.ts');

export interface ActionParts {
  session: Pick<BoardSession, 'board' | 'me' | 'isLoaded' | 'onChange' | 'showPage'>;
  board: Pick<BoardContext, 'view' | 'pages' | 'panels' | 'files' | 'room' | 'company'>;
  app: Pick<AppContext, 'theme' | 'toasts'>;
}

/** @returns A function that says whether it handled the action; Tab on the last element, for example, is left to the page. */
export function createActions({
  session,
  board: { view, pages, panels, files, room, company },
  app: { theme, toasts },
}: ActionParts): (action: Action) => boolean {
  const tools = new ToolSwitch();
  /** The toast about shortcuts that do nothing has been shown. Reset when the person can draw again. */
  let hasSaidWhy = false;

  const sayWhy = (): void => {
    if (!hasSaidWhy) toasts.say(room.isShut ? m.thisBoardCannotBeChanged() : m.youCanOnlyViewThis());
    hasSaidWhy = true;
  };
  const goInTime = (direction: 'undo' | 'redo'): void => {
    if (view.travelInText(direction)) return;
    const sentence = undoSentence(travel(session, direction), (userId) => session.board.nameOf(userId), session.me.id);
    if (sentence !== null) toasts.say(sentence);
  };
  const goBack = async (): Promise<void> => {
    const [part, { stage }] = [await fetchPart(backToContent, toasts), view];
    if (part === null || stage === null) return;
    company.current?.stopFollowing();
    if (!part.backToContent(stage, session.board.elements())) toasts.say(m.thereIsNothingHereYet());
  };
  const present = (): void => {
    if (session.board.elements()[0]?.kind !== 'frame') return void toasts.say(m.thereAreNoFramesHere());
    company.current?.stopFollowing();
    panels.isPresenting = true;
  };
  const addPage = async (): Promise<void> => (await fetchPart(pageWork, toasts))?.addPage({ session, toasts, act });
  const pageActions: Readonly<Record<PageAction, () => boolean | void>> = {
    undo: () => goInTime('undo'),
    redo: () => goInTime('redo'),
    escape() {
      if (view.editing === null && company.current?.stopFollowing() === true) return;
      if (panels.isFocused && view.editing === null && view.selection.length === 0 && !view.isBusy) return void (panels.isFocused = false);
      if (view.editing === null) view.walk.escape({ hasSelection: view.selection.length > 0 });
      view.stage?.escape();
    },
    'to-style': () => focusStyle(),
    'next-element': () => view.walk.tab(1),
    'previous-element': () => view.walk.tab(-1),
    'back-to-content': () => void goBack(),
    theme: () => theme.toggle(),
    'next-page': () => !view.isBusy && pages.turn(1),
    'previous-page': () => !view.isBusy && pages.turn(-1),
    'add-page': () => void addPage(),
    'copy-style': () => copyStyle({ view, panels }, toasts),
    'paste-style': () => void (pasteStyle({ view, panels }, session) || pasteBy(files, 'in-place')),
    'present-frames': present,
    say: () => company.current?.signs.openField(),
    'raise-hand': () => company.current?.toggleHand(),
    ...fileActions(files),
    ...panelActions(panels),
  };
  const arrange = async (how: Arranging): Promise<void> => {
    const part = await fetchPart(arranging, toasts);
    if (part !== null) view.stage?.rearrange(part.arrangements[how]);
  };

  const perform = (action: Action): boolean | void => {
    const { stage } = view;
    if (view.editing === null && view.crosshair.steer(action)) return;
    hasSaidWhy &&= room.isReadOnly;
    if (room.isReadOnly && changesBoard(action)) return sayWhy();
    if (!session.isLoaded && needsAll.has(action)) return void toasts.say(m.thisBoardIsStillOpening());
    if (isPageAction(action)) return pageActions[action]();
    if (stage === null) return;
    if (isArrangeAction(action)) return void arrange(action.slice('arrange:'.length) as Arranging);
    if (isToolAction(action)) tools.take(stage, action);
    else stageActions[action](stage);
  };
  const act = (action: Action): boolean => perform(action) !== false;
  return act;
}

type FileAction =
  | 'save-file'
  | 'copy-png'
  | 'copy-svg'
  | 'add-pictures'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'paste-in-place'
  | 'export-png'
  | 'export-svg'
  | 'frame-png'
  | 'pages-png'
  | 'pages-svg';

function pasteBy(files: BoardContext['files'], to: PasteTo): void {
  void files.clipboard().then((clipboard) => clipboard?.pasteByButton(to));
}

function fileActions(files: BoardContext['files']): Readonly<Record<FileAction, () => void>> {
  return {
    'save-file': () => void files.saveFile(),
    'copy-png': () => void files.copyAsPng(),
    'copy-svg': () => void files.copyAsSvg(),
    'add-pictures': () => files.pickPictures(),
    copy: () => void files.clipboard().then((clipboard) => clipboard?.copyByButton()),
    cut: () => void files.clipboard().then((clipboard) => clipboard?.cutByButton()),
    paste: () => pasteBy(files, 'middle'),
    'paste-in-place': () => pasteBy(files, 'in-place'),
    'export-png': () => void files.savePng('board'),
    'export-svg': () => void files.saveSvg('board'),
    'frame-png': () => void files.savePng('selection'),
    'pages-png': () => void files.savePages('png'),
    'pages-svg': () => void files.savePages('svg'),
  };
}

type PanelAction =
  | 'map'
  | 'preferences'
  | 'language'
  | 'paper'
  | 'help'
  | 'palette'
  | 'find'
  | 'outline'
  | 'share'
  | 'people'
  | 'clear-board'
  | 'chat'
  | 'focus'
  | 'grid'
  | 'pages'
  | 'trash';

function panelActions(panels: BoardContext['panels']): Readonly<Record<PanelAction, () => void>> {
  return {
    help() {
      panels.isHelpOpen = true;
    },
    preferences() {
      panels.isPreferencesOpen = true;
    },
    // It is the first of them.
    language() {
      panels.isPreferencesOpen = true;
    },
    paper() {
      panels.isPaperOpen = true;
    },
    palette() {
      panels.isPaletteOpen = true;
    },
    find() {
      panels.isFindOpen = true;
      panels.findAsked += 1;
    },
    outline() {
      panels.isOutlineOpen = true;
    },
    trash() {
      panels.isTrashOpen = true;
    },
    pages() {
      panels.arePagesOpen = true;
    },
    share() {
      panels.isShareOpen = true;
    },
    people() {
      panels.isPeopleOpen = true;
    },
    'clear-board'() {
      panels.isClearOpen = true;
    },
    chat() {
      panels.isChatOpen = !panels.isChatOpen;
    },
    focus() {
      panels.isFocused = !panels.isFocused;
    },
    map: () => panels.choices.set('hasMap', !panels.choices.isOn('hasMap')),
    grid: () => panels.choices.set('hasGrid', !panels.choices.isOn('hasGrid')),
  };
}
