/**
 * What a key press can be read as, whatever layout it was typed on. Pure.
 *
 * A layout is told by what its keys type: a key that types a letter, a mark or a digit of another script than Latin is of
 * a layout without Latin letters, and there the place counts, as printed on the second half of its keys. So it does for
 * the punctuation that such layouts have where Latin ones have letters.
 */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
  keyCode?: number;
  getModifierState?(modifier: string): boolean;
}

/** What a US keyboard types with Shift and the digits. */
const SHIFTED_DIGITS = ')!@#$%^&*(';
/** And at the other places that shortcuts use, without and with Shift. */
const places: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Slash: ['/', '?'],
};

/** Where Latin layouts type no letter with a letter's key: Dvorak, Colemak and its kin, AZERTY, Bépo. */
const latinPunctuation: Readonly<Record<string, string>> = {
  KeyQ: `'"`,
  KeyW: ',<',
  KeyE: '.>',
  KeyZ: ';:',
  KeyP: ';:',
  KeyM: ',',
  KeyG: ',;',
  KeyV: '.:',
  KeyN: `'`,
  KeyY: '!',
};

/** A character that only layouts without Latin letters type. Those of many scripts, such as '¡' and '§', are not. */
const foreign = /[^\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}\p{Script_Extensions=Latin}]/u;

/** The characters or named keys that a press may stand for, best first. Letters in lower case: Caps Lock is ignored. */
export function readingsOf(press: KeyPress): string[] {
  const { key, code } = press;
  const placed = placeOf(press);
  // What Option types on a Mac, and a dead key under it, say nothing of the letter.
  if (press.altKey && (key === 'Dead' || !/^([a-z0-9]|[A-Z]\w+)$/i.test(key))) return defined(placed);
  if (key === 'Dead' || isNamed(key)) return key === 'Dead' ? [] : [key];
  const typed = key.toLowerCase();
  if (foreign.test(key)) return defined(placed);
  const isOnLetter = /^Key[A-Z]$/.test(code);
  if (isOnLetter && !/^\p{Script=Latin}$/u.test(key) && latinPunctuation[code]?.includes(key) !== true)
    // A question mark asks for help wherever it is.
    return key === '?' ? ['?', ...defined(placed)] : defined(placed);
  // AZERTY and others type digits with Shift; without it their keys are still known as the digits' keys.
  return /^Digit\d$/.test(code) && !press.shiftKey ? [typed, code.slice(-1)] : [typed];
}

/** 'Enter', 'F5', 'ArrowLeft': what `key` says of a key that types no character. */
function isNamed(key: string): boolean {
  return /^[A-Z][A-Za-z0-9]+$/.test(key);
}

function placeOf({ code, shiftKey }: KeyPress): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return letter.toLowerCase();
  const digit = /^(Digit|Numpad)(\d)$/.exec(code);
  if (digit !== null) return (shiftKey && digit[1] === 'Digit' ? SHIFTED_DIGITS[Number(digit[2])] : digit[2]) ?? null;
  return places[code]?.[shiftKey ? 1 : 0] ?? null;
}

function defined(reading: string | null): string[] {
  return reading === null ? [] : [reading];
}
