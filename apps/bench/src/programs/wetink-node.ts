/** One relay of several: the relay as a library, with Redis between them and a store in memory. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { createRelay } from '@wetink/relay';
import { createRedisBus } from '@wetink/relay/redis';
import { createMemoryDisk, createMemoryStore } from '@wetink/storage';

const url = process.env['WETINK_BENCH_REDIS'];
if (url === undefined) throw new Error('this program is started by servers.ts');
const relay = createRelay({ store: createMemoryStore({ disk: createMemoryDisk() }), bus: await createRedisBus({ url }) });
const server = createServer((_request, response) => response.end());
relay.attach(server);
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
