/** Whether a plain value from outside is nested at most this deep; checked before anything recurses into it. */
export function isShallow(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  return depthLeft > 0 && Object.values(value).every((inner) => isShallow(inner, depthLeft - 1));
}
