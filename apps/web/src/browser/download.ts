/** Hands bytes to the person as a file, and text or a picture to the clipboard where there is one. */

export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the blob only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Copies text, also on plain http, where there is no clipboard API.
 *
 * @param field Shows the text; it is left selected when nothing worked, ready for the person's own copy key.
 * @returns False when the browser would not copy.
 */
export async function copyText(text: string, field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard API on plain http, or no permission: the older way, which needs a selection.
    field.focus();
    field.select();
    return document.execCommand('copy');
  }
}

/** Copies a PNG; false where the browser can't or won't. */
export async function copyPng(png: Promise<Blob>): Promise<boolean> {
  png.catch(() => undefined); // The caller reports why there is no picture.
  if (typeof ClipboardItem === 'undefined' || navigator.clipboard === undefined) return false;
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    return true;
  } catch {
    return false; // Permission refused, or no picture to copy.
  }
}
