/** The browser's own dialog for choosing files. Call it while a key or a click is being handled: otherwise it does not open. */

export interface PickOptions {
  accept: string;
  /** One file alone. */
  isSingle?: boolean;
}

/** @param onPicked Not called when the person cancels. */
export function pickFiles({ accept, isSingle = false }: PickOptions, onPicked: (files: readonly File[]) => void): void {
  const input = Object.assign(document.createElement('input'), { type: 'file', accept, multiple: !isSingle, hidden: true });
  // On the page, or Safari forgets it while the dialog is open.
  document.body.append(input);
  input.addEventListener('cancel', () => input.remove(), { once: true });
  input.addEventListener(
    'change',
    () => {
      input.remove();
      const files = [...(input.files ?? [])];
      if (files.length > 0) onPicked(files);
    },
    { once: true },
  );
  input.click();
}
