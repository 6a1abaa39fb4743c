/**
 * The words of a link in a message, and whether the address it leads to must be shown beside them: words that name an address
 * are believed. Pure.
 */
import { shownLine } from '@wetink/board';

/** Full stops of other scripts, which look like one and count as one in an address. */
const DOT = '[.\\u2024\\u3002\\uff0e\\uff61]';
/** A host, an address on the web or of mail, or the beginning of one. */
const ADDRESS_LIKE = new RegExp(`[\\p{L}\\p{N}]${DOT}\\p{L}{2,}|(?:\\d{1,3}${DOT}){3}\\d|^(?:https?:|www${DOT}|mailto:)`, 'iu');
const SCHEME = /^(?:https?:\/\/|mailto:)/i;
/** The host comes first, so a longer address keeps what matters. */
const SHOWN_MAX = 120;

/** In one line and without characters that cannot be seen or that turn the reading direction. */
export function linkWords(words: string, url: URL): string {
  return shownLine(words).trim() === '' ? addressOf(url) : shownLine(words);
}

/** Where the link leads, when its words look like an address and are another; else null. */
export function otherAddress(words: string, url: URL): string | null {
  const shown = shownLine(words).trim();
  const isPlain = url.username === '' && url.password === '';
  return isPlain && (!ADDRESS_LIKE.test(shown) || isSame(shown, url)) ? null : addressOf(url);
}

/** Without a user name: `https://bank.example@evil.example` leads to evil.example. */
function addressOf(url: URL): string {
  const shown = url.protocol === 'mailto:' ? url.href : url.origin + url.pathname + url.search + url.hash;
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown;
}

/** The words are the address, or its beginning up to the end of the host or of a folder. */
function isSame(words: string, url: URL): boolean {
  const named = URL.parse(SCHEME.test(words) ? words : (url.protocol === 'mailto:' ? 'mailto:' : 'https://') + words);
  if (named === null) return false;
  const [said, real] = [bare(named.href), bare(url.href)];
  return real === said || (real.startsWith(said) && /[/?#]/.test(real[said.length] ?? ''));
}

function bare(href: string): string {
  return href.replace(/^(?:https?:\/\/(?:www\.)?|mailto:)/, '').replace(/\/$/, '');
}
