import { plainLook, wholeCrop, type BoardElement } from '@wetink/board';
import { expect, it } from 'vitest';
import type { BoardContext } from './board-context.ts';
import { PictureEdit } from './picture-edit.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The panel of one selected picture, and the previews that its stage was asked for. */
function panel() {
  const previews: unknown[] = [];
  const picture = { id: 'p', kind: 'image', isLocked: false, look: plainLook, crop: wholeCrop } as unknown as BoardElement;
  const stage = {
    select: () => undefined,
    setLook: () => undefined,
    previewLook: (shown: unknown) => void previews.push(shown),
  };
  const context = {
    view: { stage, selection: ['p'], othersLooks: new Map() },
    board: { pick: () => [picture] },
    room: { isReadOnly: false },
  } as unknown as BoardContext;
  return { edit: new PictureEdit(context, {} as Toasts), previews };
}

it('while a crop is being set, the key for the picture without its look leaves the whole picture in view', () => {
  const { edit, previews } = panel();
  edit.beginCrop();
  edit.before(true);
  edit.before(false);
  expect([edit.isBefore, previews]).toEqual([false, [{ crop: wholeCrop }]]);
  edit.endCrop(null);
  edit.before(true);
  expect([edit.isBefore, previews.at(-1)]).toEqual([true, { look: plainLook }]);
});

it('a crop that begins while that key is held keeps the whole picture in view when the key is released', () => {
  const { edit, previews } = panel();
  edit.before(true);
  edit.beginCrop();
  edit.before(false);
  expect(previews.at(-1)).toEqual({ crop: wholeCrop });
});
