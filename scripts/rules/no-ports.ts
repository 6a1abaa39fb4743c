// Set up before each unit test file. A unit test that listens on a port fails: real sockets take their time, and the unit
// tests of a package are to be done in ten seconds.
import { Server } from 'node:net';

const { listen } = Server.prototype;

/** A path is a Unix socket: LMDB stores have one, to see who else has the file open. */
function listenOnPath(this: Server, ...args: unknown[]): Server {
  const [where] = args;
  const path = typeof where === 'object' && where !== null && 'path' in where ? where.path : where;
  if (typeof path !== 'string') throw new Error('a unit test listens on no port: name its file *.integration.test.ts');
  return Reflect.apply(listen, this, args) as Server;
}

// Files share a worker: only the first finds the original.
if (listen.name !== listenOnPath.name) Server.prototype.listen = listenOnPath;
