// The topology of the cluster compose file as plain processes on loopback: nginx (with the shipped nginx.conf), relays
// from the built service, one redis-server, and the MongoDB that tests use. Needs no container engine.
//
//   clients ──wss──▶ nginx ──ws──▶ relay 1..n ──▶ Redis (messages between relays), MongoDB (boards)
//
// One folder has everything: logs, configuration, certificate, data. `stop` ends every process by its id.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.mjs';
import { startMongoForCluster } from './mongo.mjs';
import { balances, startNginx, writeNginxFolder } from './nginx.mjs';
import { freePort } from './ports.mjs';
import { startRedis } from './redis.mjs';
import { assertBuilt, startRelay, webFolder } from './relay.mjs';

const MAX_RELAYS = 9;

/** Documented in cluster.d.mts. */
export async function startCluster(options) {
  const { relays: relayCount = 2, folder, isTls = true, balance = 'least_conn', store = 'mongodb', port, relayEnv, log } = options;
  checkOptions({ relayCount, folder, balance, store });
  assertBuilt();
  const say = log ?? (() => undefined);
  const takenPorts = new Set();
  const logFile = (name) => join(folder, 'logs', `${name}.log`);
  mkdirSync(join(folder, 'logs'), { recursive: true });

  /** Running programs in the order of their start. */
  const running = [];
  const started = async (name, starting) => {
    const program = await starting;
    running.push({ name, stop: () => program.stop() });
    // A server named by MONGODB_URI was not started here, and MongoDB servers for tests keep no log.
    const facts = [program.pid ? `process ${program.pid}` : 'already running', ...(name === 'mongo' ? [] : [`log ${logFile(name)}`])];
    say(`${name}: ${facts.join(', ')}`);
    return program;
  };
  const stop = async () => {
    const problems = [];
    // nginx first, so that stopping relays get no new clients. Then the relays together, then the servers they write to.
    for (const group of [['nginx'], ['relay'], ['redis'], ['mongo']])
      await Promise.all(
        running
          .filter(({ name }) => group.includes(name.split('-')[0]))
          .map((program) => program.stop().catch((error) => problems.push(`${program.name}: ${error.message}`))),
      );
    running.length = 0;
    if (problems.length > 0) throw new Error(`some programs failed to stop: ${problems.join('; ')}`);
  };

  try {
    const isShared = store === 'mongodb';
    const mongo = isShared ? await started('mongo', startMongoForCluster({ folder })) : null;
    const redis = isShared
      ? await started('redis', startRedis({ folder, port: await freePort(takenPorts), logFile: logFile('redis') }))
      : null;
    const adminToken = randomBytes(24).toString('base64url');
    const sharedEnv = {
      WETINK_ADMIN_TOKEN: adminToken,
      WETINK_SECRET: randomBytes(32).toString('hex'),
      ...(isShared ? { MONGODB_URI: mongo.uri, REDIS_URL: redis.url } : {}),
    };
    const startOne = async (index) => {
      const name = `relay-${index + 1}`;
      const env = relayEnv?.(index, sharedEnv) ?? sharedEnv;
      const dataFolder = join(folder, name);
      return started(name, startRelay({ port: await freePort(takenPorts), logFile: logFile(name), dataFolder, env }));
    };
    const relays = await Promise.all(Array.from({ length: relayCount }, (_, index) => startOne(index)));

    const nginxFolder = join(folder, 'nginx');
    const ca = isTls ? makeCertificate(join(nginxFolder, 'tls')) : { certificate: '', certificateFile: '' };
    const nginxPort = port ?? (await freePort(takenPorts));
    writeNginxFolder({ folder: nginxFolder, port: nginxPort, isTls, balance, relayPorts: relays.map((relay) => relay.port) });
    const nginx = await started('nginx', startNginx({ folder: nginxFolder, port: nginxPort, logFile: logFile('nginx') }));

    const host = `localhost:${nginxPort}`;
    return {
      url: `${isTls ? 'wss' : 'ws'}://${host}`,
      origin: `${isTls ? 'https' : 'http'}://${host}`,
      ...ca,
      adminToken,
      folder,
      hasWebApp: webFolder !== null,
      accessLogFile: join(nginxFolder, 'access.log'),
      relays,
      redis,
      mongo,
      nginx,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function checkOptions({ relayCount, folder, balance, store }) {
  if (!Number.isInteger(relayCount) || relayCount < 1 || relayCount > MAX_RELAYS)
    throw new RangeError(`relays is ${relayCount}: it must be a whole number from 1 to ${MAX_RELAYS}`);
  if (typeof folder !== 'string' || folder === '') throw new TypeError('folder is missing: the folder for logs, configuration and data');
  if (!balances.includes(balance)) throw new RangeError(`balance is ${JSON.stringify(balance)}: it must be one of ${balances.join(', ')}`);
  if (store !== 'mongodb' && store !== 'lmdb') throw new RangeError(`store is ${JSON.stringify(store)}: it must be mongodb or lmdb`);
  if (store === 'lmdb' && relayCount > 1) throw new RangeError('several relays need a shared store: lmdb is for one relay');
}
