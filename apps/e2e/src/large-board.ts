/** A board of many strokes on a relay, written as Yjs updates: drawing them by hand would take an hour. */
import * as Y from 'yjs';
import WebSocket from 'ws';
import { createBoard, decodeInk, encodeInk, inkBounds } from '@wetink/board';
import { penStroke, toBoardPoints } from '@wetink/board/testing';
import { openRoom, type SocketConstructor } from '@wetink/sync';

/** Strokes in a step. A step of 20,000 would be one update of 13 MB, and one undo. */
const STEP_STROKES = 500;
/** Strokes that differ; the others are copies of them in other places. */
const DIFFERENT = 200;
export const POINTS = 180;
/** Board units from one stroke to the next, which is about its size. */
const ACROSS = 220;
const DOWN = 160;

/** Which of the strokes that differ stands at a place, and where its first point is, in board units. */
export interface Place {
  readonly pattern: number;
  readonly x: number;
  readonly y: number;
}

/** Places of the strokes of a large board: a square from (0, 0) on. The parameters are those of `writeLargeBoard`. */
export function placeOf(index: number, strokes: number, density: number): Place {
  const columns = Math.ceil(Math.sqrt(strokes));
  return {
    pattern: index % DIFFERENT,
    x: ((index % columns) * ACROSS) / density,
    y: (Math.floor(index / columns) * DOWN) / density,
  };
}

/**
 * Resolves when all of it is on the relay's disk. Its strokes stand in a square from (0, 0) on, and belong to a person of
 * their own.
 *
 * @param density Strokes on top of each other, in each direction.
 * @returns Bytes of the document.
 */
export async function writeLargeBoard(relayUrl: string, boardId: string, strokes: number, density = 1): Promise<number> {
  const room = openRoom({
    url: relayUrl.replace('http', 'ws'),
    room: boardId,
    createDoc: () => new Y.Doc(),
    offline: false,
    tabs: false,
    environment: { WebSocket: WebSocket as unknown as SocketConstructor },
  });
  await until(() => room.status.kind === 'saved');
  const board = createBoard({ doc: room.doc, userId: 'writer' });
  const patterns = Array.from({ length: DIFFERENT }, (_, seed) => penStroke(seed, POINTS, { x: 0, y: 0 }));
  for (let first = 0; first < strokes; first += STEP_STROKES) {
    board.run((edit) => {
      for (let index = first; index < Math.min(first + STEP_STROKES, strokes); index++) {
        const { pattern, x, y } = placeOf(index, strokes, density);
        // Ink says itself where it was drawn; a box elsewhere would show nothing of it.
        const { xyp, hasPressure } = patterns[pattern] as ReturnType<typeof penStroke>;
        const ink = encodeInk({ xyp: toBoardPoints(xyp, 1, x, y), hasPressure }, 1);
        const geometry = inkBounds(decodeInk(ink));
        const style = { color: 'ink', width: 3, fill: 'none', opacity: 1, fontSize: 20, font: 'hand' } as const;
        edit.create({ kind: 'stroke', geometry, style, ink });
      }
    });
    // The room sends a batch each task.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const bytes = Y.encodeStateAsUpdate(room.doc).byteLength;
  await until(() => room.status.kind === 'saved');
  await room.close();
  return bytes;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}
