import type { RelaySettings } from './board-info.ts';

/** How to draw with others, on a home page without boards. Pure. @param place.auth Null: this device never reached the server. */
export function togetherSentence({ auth, isLoopback }: { auth: RelaySettings['auth'] | null; isLoopback: boolean }): string {
  if (isLoopback)
    return 'Make a board, press Share and open its link in another window: both draw on one sheet. To draw with others, start the server on your network.';
  switch (auth) {
    case null:
      return 'Make a board and draw. To draw with others, press Share and send them its link.';
    case 'tokens':
      return 'Make a board, press Share and send the link: anyone with the link who is signed in here can draw along.';
    case 'guests':
    case 'none':
      return 'Make a board, press Share and send the link: anyone with the link can draw along, without an account.';
  }
}
