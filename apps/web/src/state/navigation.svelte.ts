/** The current page, over the history API. The address bar is the only source: no copy is kept. */
import { createSubscriber } from 'svelte/reactivity';
import type { BoardId } from '../core/board-id.ts';
import { readFragment, withoutLink, type LinkKey } from '../core/fragment.ts';
import { boardPath, pathToRoute, type Route } from '../core/router.ts';

export class Navigation {
  #moved = new Set<() => void>();
  #linkCount = 0;
  #ask: ((go: () => void) => boolean) | null = null;
  #subscribe = createSubscriber((update) => {
    this.#moved.add(update);
    addEventListener('popstate', update);
    const onHash = (): void => {
      if (readFragment(location.hash).linkKey !== null) this.#linkCount++;
      update();
    };
    addEventListener('hashchange', onHash);
    return () => {
      this.#moved.delete(update);
      removeEventListener('popstate', update);
      removeEventListener('hashchange', onHash);
    };
  });

  get route(): Route {
    this.#subscribe();
    return pathToRoute(location.pathname);
  }
  /** `#debug`: the page hands its objects to tests. */
  get isDebug(): boolean {
    this.#subscribe();
    return readFragment(location.hash).isDebug;
  }
  /** The fragment of the address, `#` included. */
  get hash(): string {
    this.#subscribe();
    return location.hash;
  }
  /** Changes the fragment of this entry of the history. */
  replaceHash(hash: string): void {
    history.replaceState(history.state, '', location.pathname + location.search + hash);
    for (const moved of this.#moved) moved();
  }
  /** Number of links that came into the address while the app was open: each opens the same board anew. */
  get linkCount(): number {
    this.#subscribe();
    return this.#linkCount;
  }

  /** The key to the board of this address, removed from it: nobody can read it off the screen or in the history. */
  takeLinkKey(): LinkKey | null {
    const { linkKey } = readFragment(location.hash);
    const hash = withoutLink(location.hash);
    if (hash !== location.hash) history.replaceState(history.state, '', location.pathname + location.search + hash);
    return linkKey;
  }

  /** This board was made here, by "New board", so it is empty for a good reason. Outlives a reload. */
  get isNewBoard(): boolean {
    this.#subscribe();
    const state: unknown = history.state;
    return typeof state === 'object' && state !== null && 'isNewBoard' in state && state.isNewBoard === true;
  }

  /** @param hash The link's fragment, `#` included. */
  toBoard(boardId: BoardId, hash = ''): void {
    this.#go(boardPath(boardId) + hash);
  }
  toNewBoard(boardId: BoardId): void {
    this.#go(boardPath(boardId), { isNewBoard: true });
  }
  /** @param path With its fragment. */
  toPath(path: string): void {
    this.#go(path);
  }
  toHome(): void {
    this.#go('/');
  }
  /** Plain clicks on links inside the app move without loading the page again. For `click` on the window. */
  onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    event.preventDefault();
    this.#go(link.pathname + link.hash);
  };

  /**
   * Asks before this page is left for another one of the app, but not on the way back in the browser's history.
   *
   * @param ask Whether it asks now; it calls `go` once the person wants to leave.
   * @returns How to stop asking.
   */
  askWhile(ask: (go: () => void) => boolean): () => void {
    this.#ask = ask;
    return () => (this.#ask = null);
  }

  #go(path: string, state: { isNewBoard: true } | null = null): void {
    const go = (): void => {
      history.pushState(state, '', path);
      for (const moved of this.#moved) moved();
    };
    if (this.#ask?.(go) !== true) go();
  }
}
