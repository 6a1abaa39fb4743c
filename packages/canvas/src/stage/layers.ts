/** The three canvases in the host element, in its size and at the pixel ratio of its screen. */
import type { ViewSize } from '../camera.ts';
import type { LayerName, Layers } from './frame-painter.ts';

export interface StageLayers {
  readonly contexts: Layers;
  /** Device pixels per CSS pixel. */
  pixelRatio(): number;
  /** Reads the current size. */
  measure(): void;
  close(): void;
}

const NAMES: readonly LayerName[] = ['tiles', 'active', 'overlay'];

/**
 * @param onSize Called after the size or pixel ratio has changed; all canvases are then empty.
 * @throws {Error} When the browser gives no 2D context.
 */
export function createLayers(host: HTMLElement, onSize: (size: ViewSize) => void): StageLayers {
  const { ownerDocument: document } = host;
  const window = document.defaultView;
  if (window === null) throw new Error('the stage needs a host on a page');
  const made = NAMES.map((name) => {
    const canvas = document.createElement('canvas');
    // Pointer events go to the host: one target for capture, whichever canvas is on top.
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
    canvas.setAttribute('aria-hidden', 'true');
    canvas.dataset['layer'] = name;
    const context = canvas.getContext('2d', { alpha: name !== 'tiles' });
    if (context === null) throw new Error('no 2D canvas context: the browser is out of canvas memory');
    return { name, canvas, context };
  });
  if (window.getComputedStyle(host).position === 'static') host.style.position = 'relative';
  host.prepend(...made.map(({ canvas }) => canvas));

  let ratio = 0;
  let stopRatio = watchRatio();
  const observer = new window.ResizeObserver(measure);
  observer.observe(host);

  function measure(): void {
    const { clientWidth: width, clientHeight: height } = host;
    const next = window?.devicePixelRatio ?? 1;
    const widthPx = Math.max(1, Math.round(width * next));
    const heightPx = Math.max(1, Math.round(height * next));
    const isSame = next === ratio && made.every(({ canvas }) => canvas.width === widthPx && canvas.height === heightPx);
    if (isSame) return;
    ratio = next;
    for (const { canvas } of made) {
      canvas.width = widthPx;
      canvas.height = heightPx;
    }
    onSize({ width, height });
  }

  /** Only a media query reports that the window moved to another screen, or that the page was zoomed. */
  function watchRatio(): () => void {
    const query = window?.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const onChange = (): void => {
      stopRatio();
      stopRatio = watchRatio();
      measure();
    };
    query?.addEventListener('change', onChange);
    return () => query?.removeEventListener('change', onChange);
  }

  const contextOf = (name: LayerName): CanvasRenderingContext2D => {
    const layer = made.find((candidate) => candidate.name === name);
    if (layer === undefined) throw new RangeError(`no layer ${name}`);
    return layer.context;
  };
  return {
    contexts: { tiles: contextOf('tiles'), active: contextOf('active'), overlay: contextOf('overlay') },
    pixelRatio: () => ratio || 1,
    measure,
    close() {
      observer.disconnect();
      stopRatio();
      for (const { canvas } of made) {
        canvas.remove();
        canvas.width = canvas.height = 0;
      }
    },
  };
}
