/** Light or dark: what the system prefers, unless the person has chosen. */
import { MediaQuery } from 'svelte/reactivity';

export type ThemeChoice = 'system' | 'light' | 'dark';

/** Shared with static/first-paint.js, which applies the choice before the first paint. A bare word, not JSON. */
const THEME_KEY = 'wetink.theme';

export class Theme {
  #prefersDark = new MediaQuery('(prefers-color-scheme: dark)', false);
  #choice = $state<ThemeChoice>(readChoice());

  get choice(): ThemeChoice {
    return this.#choice;
  }
  get shown(): 'light' | 'dark' {
    if (this.#choice !== 'system') return this.#choice;
    return this.#prefersDark.current ? 'dark' : 'light';
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    if (choice === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    try {
      if (choice === 'system') localStorage.removeItem(THEME_KEY);
      else localStorage.setItem(THEME_KEY, choice);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error; // Storage is blocked: the choice lasts as long as the page.
    }
  }
  toggle(): void {
    this.choose(this.shown === 'dark' ? 'light' : 'dark');
  }
}

function readChoice(): ThemeChoice {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}
