/** For a sheet that covers the page: neither Tab nor a screen reader reaches what lies under it. */

/** Makes everything beside the element inert until the element goes. An attachment. */
export function inertBeside(element: HTMLElement): () => void {
  const covered = [...(element.parentElement?.children ?? [])].filter(
    (child): child is HTMLElement => child instanceof HTMLElement && child !== element && !child.inert,
  );
  for (const child of covered) child.inert = true;
  return () => {
    for (const child of covered) child.inert = false;
  };
}
