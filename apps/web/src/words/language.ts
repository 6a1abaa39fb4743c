/**
 * The language of the page. `static/first-paint.js` has chosen it, and set `lang` and `dir` of the page, before the first paint.
 *
 * English is in the code. The words of another language are one more file; where it can't be fetched, the page starts in English
 * and says so.
 */
import { choose, type Word } from './chosen.ts';

/** Each in its own words, in the order of the choice. All are complete: complete.test.ts. */
export const languageNames = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  'zh-Hans': '简体中文',
  ar: 'العربية',
} as const;

export type Language = keyof typeof languageNames;

/** Shared with static/first-paint.js. A bare word, not JSON. */
const LANGUAGE_KEY = 'wetink.language';

type Chunk = () => Promise<{ default: readonly Word[] }>;
const chunks: Readonly<Partial<Record<Language, Chunk>>> = {
  de: () => import('$words/language/de'),
  es: () => import('$words/language/es'),
  fr: () => import('$words/language/fr'),
  ja: () => import('$words/language/ja'),
  'zh-Hans': () => import('$words/language/zh-Hans'),
  ar: () => import('$words/language/ar'),
};

let hasFailed = false;

/** The words of the language could not be fetched. */
export function isWithoutWords(): boolean {
  return hasFailed;
}

/** The language that is shown. */
export function language(): Language {
  const { lang } = document.documentElement;
  return lang in languageNames ? (lang as Language) : 'en';
}

/** For dates and numbers: the language that is shown, as it is written where the person lives. */
export function locale(languages: readonly string[] = navigator.languages): string {
  const shown = language();
  return languages.find((one) => one === shown || one.startsWith(`${shown.split('-')[0]}-`)) ?? shown;
}

/** @param start Fetches and starts the app. */
export async function begin(start: () => Promise<unknown>): Promise<void> {
  const chunk = chunks[language()];
  if (chunk !== undefined) {
    try {
      choose((await chunk()).default);
    } catch {
      // The network is away, and this language was never used here: nothing but the words is missing.
      hasFailed = true;
      document.documentElement.lang = 'en';
      document.documentElement.dir = 'ltr';
    }
  }
  await start();
}

/** Remembers the choice for this device; it shows when the page is loaded again. @returns False where nothing can be stored. */
export function chooseLanguage(chosen: Language): boolean {
  try {
    localStorage.setItem(LANGUAGE_KEY, chosen);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return false;
  }
}
