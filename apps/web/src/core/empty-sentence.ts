/** The words on an empty sheet. Pure. */
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
      ...said('Nothing of this board is on this device.', 'When the server was last heard it did not let you in.'),
      isInvitation: false,
    };
  if (!sheet.isSynced && !sheet.isMadeHere) {
    const unseen = sheet.isUntouched
      ? said('Nothing of this board is on this device.', 'What is on it shows when the server answers.')
      : said('Nothing is drawn here.', 'What others drew meanwhile shows when the server answers.');
    return { ...unseen, isInvitation: false };
  }
  if (!sheet.canDraw) return said(sheet.isUntouched ? 'Nothing is drawn here yet.' : 'Nothing is drawn here.');
  if (!sheet.isUntouched) return said('An empty sheet. Pick a pen and draw.');
  if (sheet.board === 'there') return said('A fresh sheet. Pick a pen and draw.');
  const again = 'If a drawing should be here, ask for the link again. If not, pick a pen.';
  if (sheet.board === 'unknown') return said('Nothing here yet.', again);
  const isShort = sheet.idLength < MINTED_ID_LENGTH;
  return said(
    'Nothing here yet. Was the link complete?',
    isShort
      ? `Links made here end in ${MINTED_ID_LENGTH} characters, and this one in ${sheet.idLength}. If a drawing should be here, ask for the link again.`
      : again,
  );
}
