/** Images to delete from this device so that others fit: those that were shown longest ago. Pure. */
export interface KeptImage {
  readonly key: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

/** @returns Keys to delete, so that what stays has at most `maxBytes`. */
export function leastUsedImages(images: readonly KeptImage[], maxBytes: number): string[] {
  let left = totalBytes(images);
  const keys: string[] = [];
  for (const { key, bytes } of [...images].sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (left <= maxBytes) break;
    left -= bytes;
    keys.push(key);
  }
  return keys;
}

export function totalBytes(images: readonly KeptImage[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}
