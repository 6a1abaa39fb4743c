/** Hocuspocus without a database: documents stay in memory. */

import { Server } from '@hocuspocus/server';

const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  async onAuthenticate({ token }) {
    if (token !== process.env['WETINK_BENCH_TOKEN']) throw new Error('not this token');
  },
});
process.once('disconnect', () => process.exit());
await server.listen();
process.send?.(server.address.port);
