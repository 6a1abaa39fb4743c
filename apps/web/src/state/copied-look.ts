/** Carries the look of one picture over to others, by keys and by the picture panel. */
import * as m from '$words/copied-look';
import type { BoardContext } from './board-context.ts';
import type { AppContext } from './context.ts';

type Parts = Pick<BoardContext, 'view' | 'panels'>;

/** Takes the look of the first selected picture. */
export function copyLook({ view, panels }: Parts, toasts: Pick<AppContext['toasts'], 'say'>): void {
  const picture = view.selected.find(({ kind }) => kind === 'image');
  if (picture === undefined) return void toasts.say(m.selectThePictureWhoseLook());
  panels.copiedLook = picture.look;
  toasts.say(m.lookCopiedSelectOtherPictures());
}

export function pasteLook({ view, panels }: Parts, toasts: Pick<AppContext['toasts'], 'say'>): void {
  const { copiedLook } = panels;
  if (copiedLook === null) return void toasts.say(m.noLookHasBeenCopied());
  if (!view.selected.some(({ kind, isLocked }) => kind === 'image' && !isLocked)) return void toasts.say(m.selectThePicturesThatShould());
  view.stage?.setLook({ look: copiedLook });
}
