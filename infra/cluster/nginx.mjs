// nginx with the shipped nginx.conf, byte for byte. Only the files that it includes from site/ are written here: ports,
// relays, certificate and paths.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, runToEnd, startProgram } from './processes.mjs';

const shipped = join(dirname(dirname(fileURLToPath(import.meta.url))), 'nginx');

export const balances = ['least_conn', 'round_robin', 'hash'];

/**
 * Writes nginx's folder: the shipped configuration and its site.
 *
 * @param {{folder: string, port: number, isTls: boolean, balance: string, relayPorts: number[]}} options
 *   `folder/tls` must hold fullchain.pem and privkey.pem when `isTls`
 */
export function writeNginxFolder({ folder, port, isTls, balance, relayPorts }) {
  mkdirSync(join(folder, 'site', 'http.d'), { recursive: true });
  mkdirSync(join(folder, 'temporary'), { recursive: true });
  copyFileSync(join(shipped, 'nginx.conf'), join(folder, 'nginx.conf'));
  writeFileSync(join(folder, 'site', 'relays.conf'), relaysConf(balance, relayPorts));
  writeFileSync(join(folder, 'site', 'server.conf'), serverConf(port, isTls, folder));
  writeFileSync(join(folder, 'site', 'http.d', 'paths.conf'), pathsConf(folder));
}

/** @returns {{command: string, args: string[]}} */
export function nginxCommand(folder) {
  // As root, workers would switch to the user `nobody`, which may not enter the cluster's folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const globals = `daemon off; pid ${join(folder, 'nginx.pid')}; ${user}`;
  return { command: findProgram('nginx'), args: ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', globals] };
}

/** @throws {Error} The configuration is wrong; the message is nginx's. */
export function checkNginx(folder) {
  const { command, args } = nginxCommand(folder);
  runToEnd(command, ['-t', ...args]);
}

export async function startNginx({ folder, port, logFile }) {
  checkNginx(folder);
  const program = await startProgram({
    ...nginxCommand(folder),
    logFile,
    isReady: () => canConnect(port),
    // SIGTERM also ends the workers, which a killed master leaves behind.
    lastSignal: 'SIGTERM',
  });
  return {
    pid: program.pid,
    /** Tests the configuration, then starts new workers. Open sockets stay with the old ones. */
    reload: () => {
      checkNginx(folder);
      program.kill('SIGHUP');
    },
    stop: () => program.stop('SIGTERM'),
  };
}

function relaysConf(balance, relayPorts) {
  const way = { least_conn: 'least_conn;\n', hash: 'hash $wetink_room_path consistent;\n', round_robin: '' }[balance];
  return `${way}${relayPorts.map((port) => `server 127.0.0.1:${port} max_fails=0;\n`).join('')}`;
}

function serverConf(port, isTls, folder) {
  const tls = [
    `listen 127.0.0.1:${port} ssl http2 backlog=4096;`,
    'ssl_certificate tls/fullchain.pem;',
    'ssl_certificate_key tls/privkey.pem;',
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'ssl_session_cache shared:wetink_tls:1m;',
  ];
  const lines = isTls ? tls : [`listen 127.0.0.1:${port} backlog=4096;`];
  return [...lines, 'server_name _;', `access_log ${join(folder, 'access.log')} wetink;`, ''].join('\n');
}

function pathsConf(folder) {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return kinds.map((kind) => `${kind}_temp_path ${join(folder, 'temporary', kind)};\n`).join('');
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => resolve(false));
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
