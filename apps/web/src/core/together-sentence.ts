import * as m from '$words/together-sentence';
import type { RelaySettings } from './board-info.ts';

/** How to draw with others, on a home page without boards. Pure. @param place.auth Null: this device never reached the server. */
export function togetherSentence({ auth, isLoopback }: { auth: RelaySettings['auth'] | null; isLoopback: boolean }): string {
  if (isLoopback) return m.makeABoardPressShare();
  switch (auth) {
    case null:
      return m.makeABoardAndDraw();
    case 'tokens':
      return m.makeABoardPressShare2();
    case 'guests':
    case 'none':
      return m.makeABoardPressShare3();
  }
}
