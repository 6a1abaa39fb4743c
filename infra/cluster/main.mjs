// `pnpm cluster`: runs the cluster in the foreground until Ctrl+C.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster.mjs';

const usage = `Usage: pnpm cluster [options]

Runs nginx, relays, Redis and MongoDB as plain processes on this computer, until Ctrl+C.

  --relays NUMBER    number of relays, 1 to 9. Default: 2
  --balance WAY      how nginx spreads clients: least_conn, round_robin or hash. Default: least_conn
  --store STORE      mongodb, or lmdb for a single relay without Redis. Default: mongodb
  --port NUMBER      port of nginx. Default: 8443
  --http             plain http and ws. Default: https and wss
  --folder FOLDER    folder for logs, configuration and data. Default: a temporary one, removed at the end
  --help             print this
`;

let given;
try {
  given = parseArgs({
    options: {
      relays: { type: 'string', default: '2' },
      balance: { type: 'string', default: 'least_conn' },
      store: { type: 'string', default: 'mongodb' },
      port: { type: 'string', default: '8443' },
      http: { type: 'boolean', default: false },
      folder: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values;
} catch (error) {
  console.error(`cluster: ${error.message}\n\n${usage}`);
  process.exit(2);
}
if (given.help) {
  console.log(usage);
  process.exit(0);
}
const port = /^\d{1,5}$/.test(given.port) ? Number(given.port) : 0;
if (port < 1 || port > 65_535) {
  console.error(`cluster: --port is ${JSON.stringify(given.port)}: it must be a whole number from 1 to 65535`);
  process.exit(2);
}

const folder = given.folder === undefined ? mkdtempSync(join(tmpdir(), 'wetink-cluster-')) : resolve(given.folder);
const clean = () => {
  if (given.folder === undefined) rmSync(folder, { recursive: true, force: true });
};

let cluster = null;
let isStopping = false;
const onSignal = () => {
  if (isStopping) process.exit(1); // the exit handler ends what still runs
  isStopping = true;
  console.log('\nStopping: relays save everything and disconnect their clients. Press Ctrl+C again to end at once.');
  if (cluster !== null) void finish();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);

try {
  cluster = await startCluster({
    relays: /^\d+$/.test(given.relays) ? Number(given.relays) : NaN,
    balance: given.balance,
    store: given.store,
    isTls: !given.http,
    port,
    folder,
    log: (line) => console.log(line),
  });
} catch (error) {
  console.error(`cluster: ${error.message}`);
  if (error instanceof RangeError) clean();
  process.exit(error instanceof RangeError ? 2 : 1);
}
if (isStopping) await finish();
else announce(cluster);

function announce({ origin, url, certificateFile, relays, redis, mongo, hasWebApp, adminToken }) {
  const rows = [
    ['Rooms', `${url}/<room>`],
    ['App', hasWebApp ? origin : 'not built: npx turbo run build --filter=@wetink/web...'],
    ...relays.map((relay, index) => [`Relay ${index + 1}`, `${relay.httpUrl}/readyz, process ${relay.pid}`]),
    ...(redis === null ? [] : [['Redis', `${redis.url}, process ${redis.pid}`]]),
    ...(mongo === null ? [] : [['MongoDB', `${mongo.uri} (${mongo.kind})`]]),
    ...(certificateFile === '' ? [] : [['Trust', `${certificateFile} (curl --cacert; NODE_EXTRA_CA_CERTS)`]]),
    ['Admin', `Authorization: Bearer ${adminToken}`],
    ['Logs', join(folder, 'logs')],
  ];
  console.log(
    `\nWetink cluster is ready: ${origin}\n${rows.map(([name, text]) => `  ${name.padEnd(10)}${text}`).join('\n')}\n\nPress Ctrl+C to stop.`,
  );
}

async function finish() {
  try {
    await cluster.stop();
    clean();
    process.exit(0);
  } catch (error) {
    console.error(`cluster: ${error.message}. Logs are in ${folder}`);
    process.exit(1);
  }
}
