/**
 * The readings of a key press, on any layout. Pure.
 *
 * The typed characters reveal the layout. A key that types a letter, a mark or a digit of a non-Latin script is on a layout
 * without Latin letters. There the key's place counts: its Latin letter is the second one printed on the key. The place also
 * counts for punctuation that such layouts have where Latin ones have letters.
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

/** Characters of a US keyboard for Shift and the digits. */
const SHIFTED_DIGITS = ')!@#$%^&*(';
/** Characters of a US keyboard at the other places that shortcuts use, without and with Shift. */
const places: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Slash: ['/', '?'],
  Period: ['.', '>'],
  Quote: ["'", '"'],
};

/** Letter keys on which Latin layouts type punctuation: Dvorak, Colemak and its kin, AZERTY, Bépo. */
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

/** A character that only layouts without Latin letters type. Characters of many scripts, such as '¡' and '§', are not. */
const foreign = /[^\p{Script_Extensions=Common}\p{Script_Extensions=Inherited}\p{Script_Extensions=Latin}]/u;

/** The characters or named keys that a press may stand for, best first. Letters in lower case: Caps Lock is ignored. */
export function readingsOf(press: KeyPress): string[] {
  const { key, code } = press;
  const placed = placeOf(press);
  // A character typed with Option on a Mac, or a dead key, does not reveal the letter.
  if (press.altKey && (key === 'Dead' || !/^([a-z0-9]|[A-Z]\w+)$/i.test(key))) return defined(placed);
  if (key === 'Dead' || isNamed(key)) return key === 'Dead' ? [] : [key];
  const typed = key.toLowerCase();
  if (foreign.test(key)) return defined(placed);
  const isOnLetter = /^Key[A-Z]$/.test(code);
  if (isOnLetter && !/^\p{Script=Latin}$/u.test(key) && latinPunctuation[code]?.includes(key) !== true)
    // A question mark asks for help on any key.
    return key === '?' ? ['?', ...defined(placed)] : defined(placed);
  // AZERTY and others type digits with Shift; without it their keys are still known as the digits' keys.
  return /^Digit\d$/.test(code) && !press.shiftKey ? [typed, code.slice(-1)] : [typed];
}

/**
 * Whether a press is the key that shows pictures without their looks: a backslash, also on layouts that type it with AltGr,
 * as the German ones do. Windows reports AltGr with Control and Alt.
 */
export function isBeforeKey(press: KeyPress): boolean {
  if (press.key !== '\\' || press.metaKey) return false;
  return !press.ctrlKey || press.altKey || press.getModifierState?.('AltGraph') === true;
}

/** Whether `key` is a name, such as 'Enter', 'F5' or 'ArrowLeft', and not a character. */
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
