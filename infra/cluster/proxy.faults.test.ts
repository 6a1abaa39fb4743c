// One relay behind the shipped nginx.conf, over wss: what nginx passes and refuses, and what a reload or the loss of the
// relay means for clients. Real processes.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { person, stockPerson, trusting, until, type Person } from './clients.ts';
import { startCluster, type Cluster } from './cluster.mjs';

let folder: string;
let cluster: Cluster;
let people: Person[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetink-proxy-test-'));
  cluster = await startCluster({ relays: 1, store: 'lmdb', folder });
});
afterEach(async () => {
  await Promise.all(people.map((one) => one.close()));
  people = [];
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function joined<P extends Person>(one: P): P {
  people.push(one);
  return one;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(cluster.origin);
    const options = { hostname, port, path, headers, ca: cluster.certificate, agent: false };
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Resolves with 101, or the status with which the upgrade was refused. */
function upgrade(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new (trusting(cluster.certificate, headers))(`${cluster.url}${path}`);
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

const relayLog = (): string => readFileSync(cluster.relays[0]!.logFile, 'utf8');
const nginxLogs = (): string => readFileSync(cluster.accessLogFile, 'utf8') + readFileSync(join(folder, 'logs', 'nginx.log'), 'utf8');

describe('what passes', () => {
  it('a stock and a Wetink client draw together over wss', async () => {
    const stock = joined(stockPerson(cluster, 'together'));
    const ours = joined(person(cluster, 'together'));
    stock.doc.getMap('board').set('stock', 1);
    ours.doc.getMap('board').set('ours', 2);
    await until(
      () => [stock, ours].every(({ doc }) => doc.getMap('board').size === 2) && ours.room.status.kind === 'saved',
      'both to have both',
      () => [stock.doc.toJSON(), ours.doc.toJSON(), ours.room.status],
    );
  });

  it('a room name reaches the relay as sent: with encoded slashes, spaces and signs it is the same room as without nginx', async () => {
    const names = ['a b', 'a/b', '50%', 'ü✎', 'a//b', 'q?x=1#y'];
    for (const name of names) {
      const through = joined(person(cluster, name));
      through.doc.getMap('board').set('name', name);
      await until(
        () => through.room.status.kind === 'saved',
        `${name} to be saved`,
        () => through.room.status,
      );
      const direct = joined(person(cluster, name, cluster.relays[0]!.url));
      await until(
        () => direct.doc.getMap('board').get('name') === name,
        `${name} without nginx`,
        () => direct.doc.toJSON(),
      );
    }
  });

  it('nginx passes /healthz, /readyz and the app, also over HTTP/2', async () => {
    expect(JSON.parse((await get('/healthz')).body)).toMatchObject({ ok: true });
    expect(JSON.parse((await get('/readyz')).body)).toMatchObject({ ready: true });
    if (cluster.hasWebApp) {
      const page = await get('/', { accept: 'text/html' });
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html;charset=utf-8']);
    }
    const session = connect(cluster.origin, { ca: cluster.certificate });
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject);
      session.request({ ':path': '/healthz' }).on('response', (headers) => resolve(headers[':status']));
    });
    session.destroy();
    expect(status).toBe(200);
  });
});

describe('the API', () => {
  it('nginx passes the API: a guest makes a board and reads it', async () => {
    expect(JSON.parse((await get('/v1/settings')).body)).toMatchObject({ auth: 'guests', rooms: 'open' });
    const call = async (origin: string, method: string, path: string, token = ''): Promise<{ status: number; body: never }> => {
      const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
      const answer = await fetch(`${origin}${path}`, { method, headers });
      return { status: answer.status, body: (await answer.json()) as never };
    };
    const [first] = cluster.relays;
    const { token } = (await call(first!.httpUrl, 'POST', '/v1/guests')).body as { token: string };
    const { id } = ((await call(first!.httpUrl, 'POST', '/v1/boards', token)).body as { board: { id: string } }).board;
    for (const { httpUrl } of cluster.relays) expect((await call(httpUrl, 'GET', `/v1/boards/${id}`, token)).status).toBe(200);
    expect((await get(`/v1/boards/${id}`, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await get(`/v1/boards/${id}`)).status).toBe(401);
  });
});

describe('requests that nginx refuses', () => {
  it('nginx refuses /metrics and the admin API under /v1, however the path is written', async () => {
    for (const path of [
      '/metrics',
      '/%6detrics',
      '//metrics',
      '/x/../metrics',
      '/metrics?x=1',
      '/v1',
      '/v1/rooms',
      '/v1/rooms/x',
      '/v1/users',
      '/v1/rooms/..%2fboards',
      '/%761/rooms',
      '/./v1/rooms',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect(await upgrade('/v1/rooms')).toBe(404);
  });

  it('nginx refuses upgrades other than WebSocket, so there is no tunnel past these rules', async () => {
    const answer = await get('/healthz', { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' });
    expect([answer.status, answer.headers['upgrade']]).toEqual([200, undefined]);
  });

  it('nginx answers 400 to long headers and 413 to long bodies', async () => {
    expect((await get(`/${'a'.repeat(9_000)}`)).status).toBe(414);
    expect((await get('/healthz', { 'x-long': 'a'.repeat(9_000) })).status).toBe(400);
    expect((await get('/healthz', { 'content-length': String(1_000_000), 'content-type': 'text/plain' })).status).toBe(413);
  });

  it('nginx replaces a forged client address with that of the socket', async () => {
    const spoofed = '203.0.113.66';
    const before = relayLog().length;
    expect(
      await upgrade('/spoof', { 'X-Forwarded-For': `${spoofed}, 203.0.113.67`, 'X-Real-IP': spoofed, Forwarded: `for=${spoofed}` }),
    ).toBe(101);
    await until(
      () => relayLog().slice(before).includes('"ip":'),
      'the line of that connection',
      () => relayLog().slice(before),
    );
    const line = JSON.parse(
      relayLog()
        .slice(before)
        .trim()
        .split('\n')
        .find((text) => text.includes('"ip":')) ?? '{}',
    ) as { ip?: string };
    expect(line.ip).toBe('127.0.0.1');
    expect(relayLog()).not.toContain('203.0.113.6');
  });

  it('tokens and board names stay out of nginx’s logs, also while no relay answers', async () => {
    const secrets = ['board-canary-7d1f', 'token-canary-91ab'];
    expect(await upgrade(`/${secrets[0]}?token=${secrets[1]}`)).toBe(101);
    await cluster.relays[0]!.kill();
    expect(await upgrade(`/${secrets[0]}?token=${secrets[1]}`)).toBe(502);
    await get(`/b/${secrets[0]}?token=${secrets[1]}`);
    await cluster.relays[0]!.restart();
    await until(() => nginxLogs().includes('"status":502'), 'the refused request in the access log');
    for (const secret of secrets) expect(nginxLogs()).not.toContain(secret);
  });
});

describe('reloads and restarts', () => {
  it('a reload drops no connection and loses no change', async () => {
    const writer = joined(person(cluster, 'reload'));
    const reader = joined(stockPerson(cluster, 'reload'));
    await until(
      () => writer.room.status.kind === 'saved' && reader.provider.synced,
      'both to be in',
      () => writer.room.status,
    );
    let lost = 0;
    reader.provider.on('connection-close', () => (lost += 1));
    writer.room.onStatus((status) => (lost += status.kind === 'offline' ? 1 : 0));
    for (let i = 0; i < 150; i += 1) {
      writer.doc.getMap('board').set(String(i), i);
      if (i === 50 || i === 100) cluster.nginx.reload();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await until(
      () => reader.doc.getMap('board').size === 150 && writer.room.status.kind === 'saved',
      'all of it',
      () => [reader.doc.getMap('board').size, writer.room.status],
    );
    expect(lost).toBe(0);
    // New workers serve new clients while the old ones keep their sockets.
    const newcomer = joined(person(cluster, 'reload'));
    await until(() => newcomer.doc.getMap('board').size === 150, 'a newcomer to have all of it');
  });

  it('a reload with a configuration mistake changes nothing', async () => {
    const relaysConf = join(folder, 'nginx', 'site', 'relays.conf');
    const right = readFileSync(relaysConf, 'utf8');
    writeFileSync(relaysConf, `${right}server 127.0.0.1:1;;\n`);
    expect(() => cluster.nginx.reload()).toThrow(/unexpected ";"/);
    writeFileSync(relaysConf, right);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('changes made while the relay is down stay on the device, and are saved when it is back', async () => {
    const writer = joined(person(cluster, 'gone'));
    writer.doc.getMap('board').set('before', 1);
    await until(
      () => writer.room.status.kind === 'saved',
      'saved',
      () => writer.room.status,
    );
    await cluster.relays[0]!.kill();
    await until(() => writer.room.link !== 'open', 'the link to be cut');
    expect((await get('/healthz')).status).toBe(502);
    writer.doc.getMap('board').set('during', 2);
    expect(writer.room.status).toMatchObject({ kind: 'offline', waiting: 1 });
    await cluster.relays[0]!.restart();
    await until(
      () => writer.room.status.kind === 'saved',
      'saved again',
      () => writer.room.status,
    );
    const newcomer = joined(stockPerson(cluster, 'gone'));
    await until(
      () => newcomer.doc.getMap('board').size === 2,
      'both changes',
      () => newcomer.doc.toJSON(),
    );
  });
});

describe('the cluster itself', () => {
  it('the private key is readable by its owner only', () => {
    expect(statSync(join(folder, 'nginx', 'tls')).mode & 0o077).toBe(0);
  });

  it('invalid options are refused before any program starts', async () => {
    await expect(startCluster({ folder, relays: 0 })).rejects.toThrow('relays is 0: it must be a whole number from 1 to 9');
    await expect(startCluster({ folder, relays: 2, store: 'lmdb' })).rejects.toThrow('lmdb is for one relay');
    await expect(startCluster({ folder, balance: 'ip_hash' as never })).rejects.toThrow('least_conn, round_robin, hash');
  });

  it('a cluster without TLS works, and stop leaves no process behind', async () => {
    const other = mkdtempSync(join(tmpdir(), 'wetink-proxy-http-'));
    const plain = await startCluster({ relays: 1, store: 'lmdb', folder: other, isTls: false });
    expect(plain.url).toMatch(/^ws:/);
    const status = await new Promise((resolve, reject) => {
      plainRequest(`${plain.origin}/healthz`, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    const pids = [plain.nginx.pid, plain.relays[0]!.pid];
    await plain.stop();
    await plain.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    rmSync(other, { recursive: true, force: true });
  });
});
