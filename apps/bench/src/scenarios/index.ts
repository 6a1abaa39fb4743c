/** All scenarios, in the order of the table. */

import { acks } from './acks.ts';
import { accept, idle } from './connections.ts';
import { crowd } from './crowd.ts';
import { cursors } from './cursors.ts';
import { joiner, joiners } from './joiners.ts';
import { authenticatedJoin, logins } from './logins.ts';
import { nodes } from './nodes.ts';
import { reconnect } from './reconnect.ts';
import type { Scenario } from './scenario.ts';
import { stalled } from './stalled.ts';
import { workingNode } from './working-node.ts';
import { burst, loneWriter, manyRooms, oneRoom, rateOfRooms } from './writers.ts';

export const scenarios: readonly Scenario[] = [
  loneWriter,
  ...oneRoom,
  manyRooms,
  rateOfRooms,
  burst,
  ...cursors,
  ...crowd,
  workingNode,
  ...acks,
  idle,
  accept,
  reconnect,
  joiner,
  joiners,
  authenticatedJoin,
  ...logins,
  stalled,
  ...nodes,
];
