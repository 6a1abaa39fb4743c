/** The side on which lines of the page are read from. */
export function readsFrom(): 'left' | 'right' {
  return document.documentElement.dir === 'rtl' ? 'right' : 'left';
}
