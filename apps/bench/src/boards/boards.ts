/** The boards: how each is opened on a scene, and the wheel that zooms it. */

import type { Page } from 'playwright';
import { newBoardId, type RelayProcess } from '../../../e2e/src/harness.ts';
import { writeLargeBoard } from '../../../e2e/src/large-board.ts';
import { writePeerScene, type Peers } from './peers.ts';
import type { PeerName } from './peer-files.ts';
import type { Scene } from './scenes.ts';

export type BoardName = 'wetink' | PeerName;

export interface BoardProgram {
  readonly name: BoardName;
  readonly title: string;
  /** @returns Address of the scene, once the server has it. */
  write(scene: Scene): Promise<string>;
  /** The wheel's delta for each of `steps` events that zoom out from 100 % to 10 %. */
  zoomDelta(steps: number): number;
  /** To (0, 0) at 100 %, where the pages of the peers begin. */
  toCorner?(page: Page): Promise<void>;
  /** The second visit reads a copy on the device. */
  readonly opensFromDevice: boolean;
  /** The pen's key. */
  readonly pen: string;
}

export function boardPrograms(relay: RelayProcess, peers: Peers | null): BoardProgram[] {
  const written = new Map<string, string>();
  const wetink: BoardProgram = {
    name: 'wetink',
    title: 'Wetink',
    async write({ name, strokes, density }) {
      const known = written.get(name);
      if (known !== undefined) return known;
      const id = newBoardId();
      await writeLargeBoard(relay.url, id, strokes, density);
      const url = `${relay.url}/b/${id}#debug`;
      written.set(name, url);
      return url;
    },
    // Each event zooms by e^(-delta/100).
    zoomDelta: (steps) => (Math.LN10 * 100) / steps,
    async toCorner(page) {
      await page.evaluate(() => window.wetink?.stage.setCamera({ x: 0, y: 0, zoom: 1 }));
    },
    opensFromDevice: true,
    pen: 'p',
  };
  const peer = (name: PeerName, title: string, about: Pick<BoardProgram, 'zoomDelta' | 'pen'>): BoardProgram[] =>
    peers === null
      ? []
      : [
          {
            name,
            title: `${title} ${peers.versions[name]}`,
            write: async (scene) => `${peers.url}/${name}.html?scene=${await writePeerScene(name, scene)}`,
            opensFromDevice: false,
            ...about,
          },
        ];
  return [
    wetink,
    // Each event takes delta/100 off the zoom, but some get lost: those that come before React has rendered the last.
    ...peer('excalidraw', 'Excalidraw', { zoomDelta: (steps) => 120 / steps, pen: 'p' }),
    // Each event takes delta/100 of the zoom off it.
    ...peer('tldraw', 'tldraw', { zoomDelta: (steps) => (1 - 0.1 ** (1 / steps)) * 100, pen: 'd' }),
  ];
}
