/** The words on an empty sheet. Pure. */
import * as m from '$words/empty-sentence';
import { MINTED_ID_LENGTH } from './board-id.ts';

export interface EmptySheet {
  canDraw: boolean;
  /** Made by "New board" on this device: without a network nobody else can have drawn on it unseen. */
  isMadeHere: boolean;
  /** Nothing was ever written on it, as far as this device knows. */
  isUntouched: boolean;
  /** This device has all that the server has. */
  isSynced: boolean;
  /** The server's last answer did not let this person in. */
  wasShut: boolean;
  /** `unknown`: nothing suggests a board, and the server has not answered. `none`: no board has this address. */
  board: 'there' | 'unknown' | 'none';
  idLength: number;
}

/**
 * @returns `note` says more, or is ''. `isInvitation`: there are tools to point at.
 */
export function emptySentence(sheet: EmptySheet): { text: string; note: string; isInvitation: boolean } {
  const said = (text: string, note = '') => ({ text, note, isInvitation: sheet.canDraw });
  if (!sheet.isSynced && sheet.wasShut)
    return {
      ...said(m.nothingOfThisBoardIs(), m.whenTheServerWasLast()),
      isInvitation: false,
    };
  if (!sheet.isSynced && !sheet.isMadeHere) {
    const unseen = sheet.isUntouched
      ? said(m.nothingOfThisBoardIs(), m.whatIsOnItShows())
      : said(m.nothingIsDrawnHere(), m.whatOthersDrewMeanwhileShows());
    return { ...unseen, isInvitation: false };
  }
  if (!sheet.canDraw) return said(sheet.isUntouched ? m.nothingIsDrawnHereYet() : m.nothingIsDrawnHere());
  if (!sheet.isUntouched) return said(m.anEmptySheetPickA());
  if (sheet.board === 'there') return said(m.aFreshSheetPickA());
  const again = m.ifADrawingShouldBe();
  if (sheet.board === 'unknown') return said(m.nothingHereYet(), again);
  const isShort = sheet.idLength < MINTED_ID_LENGTH;
  return said(
    m.nothingHereYetWasThe(),
    isShort ? m.linksMadeHereEndIn({ mintedidlength: MINTED_ID_LENGTH, idLength: sheet.idLength }) : again,
  );
}
