/**
 * The same stroke as Excalidraw stores it, for size comparisons.
 *
 * Field names and value shapes as in excalidraw/packages/element (commit 4872083): a `freedraw` element whose points are
 * pairs of doubles relative to its corner, with a list of pressures, serialised with JSON.stringify as its file and its
 * collaboration payload are (the latter before encryption).
 */
export function excalidrawStrokeJson(options: { xyp: ArrayLike<number>; hasPressure: boolean; random: () => number }): string {
  const { xyp, hasPressure, random } = options;
  const points: [number, number][] = [];
  const pressures: number[] = [];
  const x = xyp[0] ?? 0;
  const y = xyp[1] ?? 0;
  let left = 0;
  let top = 0;
  let right = 0;
  let bottom = 0;
  for (let i = 0; i + 2 < xyp.length; i += 3) {
    const point: [number, number] = [(xyp[i] as number) - x, (xyp[i + 1] as number) - y];
    points.push(point);
    left = Math.min(left, point[0]);
    right = Math.max(right, point[0]);
    top = Math.min(top, point[1]);
    bottom = Math.max(bottom, point[1]);
    if (hasPressure) pressures.push(xyp[i + 2] as number);
  }
  const nanoid = (): string =>
    Array.from({ length: 21 }, () => 'useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict'[Math.floor(random() * 64)]).join(
      '',
    );
  return JSON.stringify({
    id: nanoid(),
    type: 'freedraw',
    x,
    y,
    width: right - left,
    height: bottom - top,
    angle: 0,
    strokeColor: '#1e1e1e',
    backgroundColor: 'transparent',
    fillStyle: 'solid',
    strokeWidth: 2,
    strokeStyle: 'solid',
    roughness: 1,
    opacity: 100,
    groupIds: [],
    frameId: null,
    index: 'a1',
    roundness: null,
    seed: Math.floor(random() * 2 ** 31),
    version: points.length + 2,
    versionNonce: Math.floor(random() * 2 ** 31),
    isDeleted: false,
    boundElements: null,
    updated: 1_760_000_000_000,
    link: null,
    locked: false,
    points,
    pressures,
    simulatePressure: !hasPressure,
  });
}
