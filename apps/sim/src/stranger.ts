/** A viewer that writes anyway, over its own socket; its changes must never be stored. */

import { encodeClientMessage } from '@wetink/protocol';
import * as Y from 'yjs';
import { Line } from './line.ts';
import type { Random } from './random.ts';
import { VIEWER_TOKEN, type SimNode } from './sim-node.ts';
import { ROOM, type World } from './world.ts';

const STAYS_MS = 1_000;

export function intrude(world: World, node: SimNode, random: Random): void {
  const doc = new Y.Doc();
  doc.clientID = 1 + random.int(0x7fff_fffe);
  doc.getMap('tokens').set(`intruder-${doc.clientID}`, 1);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  const type = random.pick(['update', 'sync-step-2'] as const);
  const line = new Line(
    world,
    `/${ROOM}?wetink=1`,
    node,
    {
      open: () => {
        line.send(encodeClientMessage({ type: 'authenticate', clientId: doc.clientID, token: VIEWER_TOKEN }));
        line.send(encodeClientMessage({ type, update }));
      },
      message: () => undefined,
      close: () => undefined,
    },
    { edits: () => 0, acked: () => undefined },
  );
  world.clock.schedule(() => line.close(1000), STAYS_MS);
}
