/** Keeps a sheet's lower end above the on-screen keyboard, which covers the page instead of resizing it. */

/** Sets `--keyboard` on the element to the height that the keyboard covers, in CSS pixels. An attachment. */
export function aboveKeyboard(element: HTMLElement): (() => void) | undefined {
  const viewport = window.visualViewport;
  if (viewport === null) return undefined;
  const measure = (): void => {
    const covered = Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop);
    element.style.setProperty('--keyboard', `${Math.round(covered)}px`);
  };
  measure();
  viewport.addEventListener('resize', measure);
  viewport.addEventListener('scroll', measure);
  return () => {
    viewport.removeEventListener('resize', measure);
    viewport.removeEventListener('scroll', measure);
  };
}
