/** All scenarios, in the order of the table. */

import { accept, idle } from './connections.ts';
import { joiner, joiners } from './joiners.ts';
import { reconnect } from './reconnect.ts';
import type { Scenario } from './scenario.ts';
import { manyRooms, oneRoom } from './writers.ts';

export const scenarios: readonly Scenario[] = [...oneRoom, manyRooms, idle, accept, reconnect, joiner, joiners];
