/** Makes the map of the open board, for the component that shows it. */
import { paintBoardMap } from '../browser/paint-board-map.ts';
import { thumbnailEnvironment } from '../browser/read-surface.ts';
import { scheduleTimeout, whenIdle } from '../browser/timers.ts';
import { BoardMap } from '../session/board-map.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

/**
 * While the component is being made.
 *
 * @returns An attachment for its canvas: a press or a drag on it moves the view.
 */
export function keepBoardMap(): (canvas: HTMLCanvasElement) => (() => void) | undefined {
  const session = getSession();
  const { view } = getBoardContext();
  const { theme } = getApp();
  return (canvas) => {
    const { stage } = view;
    const context = canvas.getContext('2d');
    if (stage === null || context === null) return undefined;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const pixelRatio = Math.min(2, Math.max(1, window.devicePixelRatio));
    canvas.width = Math.round(size.width * pixelRatio);
    canvas.height = Math.round(size.height * pixelRatio);
    const map = new BoardMap({
      session,
      stage,
      theme: theme.shown,
      size,
      pixelRatio,
      show: (content) => paintBoardMap(context, content, { accent: getComputedStyle(canvas).color, pixelRatio }),
      environment: { schedule: scheduleTimeout, whenIdle, ...thumbnailEnvironment() },
    });
    const over = new AbortController();
    followPointer(canvas, map, over.signal);
    return () => {
      over.abort();
      map.close();
    };
  };
}

function followPointer(canvas: HTMLCanvasElement, map: BoardMap, signal: AbortSignal): void {
  let held: number | null = null;
  const place = ({ clientX, clientY }: PointerEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const letGo = ({ pointerId }: PointerEvent): void => {
    if (pointerId !== held) return;
    held = null;
    map.release();
  };
  const on = (type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel', run: (event: PointerEvent) => void): void =>
    canvas.addEventListener(type, run, { signal });
  on('pointerdown', (event) => {
    if (event.button !== 0 || held !== null) return;
    held = event.pointerId;
    canvas.setPointerCapture(event.pointerId);
    map.press(place(event));
  });
  on('pointermove', (event) => {
    if (event.pointerId === held) map.drag(place(event));
  });
  on('pointerup', letGo);
  on('pointercancel', letGo);
}
