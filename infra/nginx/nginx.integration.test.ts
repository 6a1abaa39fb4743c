// nginx accepts the shipped nginx.conf and site, and they do what infra/README.md promises.

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../cluster/certificate.mjs';
import { checkNginx, nginxCommand, writeNginxFolder } from '../cluster/nginx.mjs';

const shipped = import.meta.dirname;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetink-nginx-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a copy that nginx can check without root: high ports, logs and temporary files inside the folder. */
function copyShipped(): void {
  writeNginxFolder({ folder, port: 443, isTls: true, balance: 'least_conn', relayPorts: [8787] });
  cpSync(shipped, folder, { recursive: true });
  rewrite('site/server.conf', (text) => text.replace('/var/log/nginx/', `${folder}/`).replace('listen 443 ', 'listen 20443 '));
  rewrite('site/http.d/redirect.conf.off', (text) => text.replace('listen 80 ', 'listen 20080 '));
  makeCertificate(join(folder, 'tls'));
}

function rewrite(name: string, change: (text: string) => string): void {
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8')));
}

function switchOn(name: string): void {
  renameSync(join(folder, 'site/http.d', `${name}.off`), join(folder, 'site/http.d', name));
}

describe('the shipped nginx.conf', () => {
  it('nginx accepts the shipped nginx.conf and site', () => {
    copyShipped();
    expect(() => checkNginx(folder)).not.toThrow();
  });

  it('nginx accepts it with all optional files, and with the other ways to spread clients', () => {
    copyShipped();
    switchOn('real-ip.conf');
    switchOn('redirect.conf');
    rewrite('site/relays.conf', (text) => text.replace(/^least_conn;$/m, '').replace(/^# (hash .*;)$/m, '$1'));
    expect(readFileSync(join(folder, 'site/relays.conf'), 'utf8')).toMatch(/^hash \$wetink_room_path consistent;$/m);
    expect(() => checkNginx(folder)).not.toThrow();
  });

  it('a mistake in the site is refused with nginx’s own message', () => {
    copyShipped();
    rewrite('site/relays.conf', (text) => `${text}\nserver 127.0.0.1:8788 max_fails=none;\n`);
    expect(() => checkNginx(folder)).toThrow(/invalid parameter "max_fails=none"/);
  });

  it('a missing certificate is refused', () => {
    copyShipped();
    rmSync(join(folder, 'tls', 'privkey.pem'));
    expect(() => checkNginx(folder)).toThrow(/privkey\.pem/);
  });

  it('the cluster on loopback runs the shipped nginx.conf, byte for byte', () => {
    writeNginxFolder({ folder, port: 443, isTls: true, balance: 'hash', relayPorts: [8787, 8788] });
    expect(readFileSync(join(folder, 'nginx.conf'))).toEqual(readFileSync(join(shipped, 'nginx.conf')));
  });

  it('nginx waits longer than two heartbeats of a relay, and then has time to try the next one', () => {
    const text = readFileSync(join(shipped, 'nginx.conf'), 'utf8');
    const limits = readFileSync(join(shipped, '../../packages/relay/src/limits/limits.ts'), 'utf8');
    const msOf = (directive: string): number => Number(new RegExp(`^\\s*${directive} (\\d+)s;$`, 'm').exec(text)?.[1]) * 1_000;
    const limit = (name: string): number => Number(new RegExp(`^\\s*${name}: ([\\d_]+),$`, 'm').exec(limits)?.[1]?.replaceAll('_', ''));
    const readMs = msOf('proxy_read_timeout');
    expect(readMs).toBeGreaterThan(2 * limit('keepaliveMs') + 5_000);
    expect(readMs).toBeGreaterThan(limit('pingMs') + 5_000);
    // A suspended relay accepts and never answers: its clients must not wait for minutes, nor get a 504.
    expect(readMs).toBeLessThanOrEqual(30_000);
    expect(msOf('proxy_next_upstream_timeout')).toBeGreaterThan(readMs + 2 * msOf('proxy_connect_timeout'));
  });

  it('nginx believes no address header until a load balancer is configured', () => {
    const off = ['real-ip.conf', 'redirect.conf'].map((name) => join(shipped, 'site/http.d', name));
    expect(off.filter((path) => existsSync(path))).toEqual([]);
    expect(readFileSync(join(shipped, 'nginx.conf'), 'utf8')).not.toContain('proxy_add_x_forwarded_for');
  });
});

describe('paths under /v1', () => {
  let stub: Server;
  let nginx: ChildProcess;
  let port: number;
  /** Requests that reached the relay, with their paths as sent. */
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    stub = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => response.end('relay'));
    });
    await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve));
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    ({ port } = probe.address() as AddressInfo);
    await new Promise((resolve) => probe.close(resolve));
    writeNginxFolder({ folder, port, isTls: false, balance: 'least_conn', relayPorts: [(stub.address() as AddressInfo).port] });
    const { command, args } = nginxCommand(folder);
    nginx = spawn(command, args, { stdio: 'ignore' });
    for (let tries = 0; tries < 500; tries++) {
      if ((await send('GET', '/healthz').catch(() => 0)) === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('nginx does not answer');
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => nginx.on('exit', resolve));
    nginx.kill('SIGTERM');
    await ended;
    stub.closeAllConnections();
    await new Promise((resolve) => stub.close(resolve));
  });

  /** Sends the path exactly as given; fetch would normalise it. @returns The status. */
  function send(method: string, path: string, bytes = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      const one = request({ host: '127.0.0.1', port, method, path, headers: { 'content-length': bytes } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      one.on('error', reject);
      one.end(Buffer.alloc(bytes));
    });
  }

  it('nginx passes the client API, with the path as sent', async () => {
    asked = [];
    const calls = [
      'GET /v1/settings',
      'POST /v1/guests',
      'GET /v1/me',
      'POST /v1/tickets',
      'POST /v1/boards',
      'GET /v1/boards/AAAAAAAAAAAAAAAAAAAAAA?members=x',
      'PUT /v1/boards/AAAAAAAAAAAAAAAAAAAAAA/members/guest%3Aa%2Fb',
      'DELETE /v1/boards/AAAAAAAAAAAAAAAAAAAAAA/links/x',
      'OPTIONS /v1/boards',
    ];
    for (const call of calls) {
      const [method = '', path = ''] = call.split(' ');
      expect(await send(method, path), call).toBe(200);
    }
    expect(asked).toEqual(calls);
  });

  it('nginx refuses the admin API, however the path is written', async () => {
    asked = [];
    for (const path of [
      '/metrics',
      '/v1',
      '/v1/',
      '/v1/rooms',
      '/v1/rooms/x',
      '/v1/users',
      '/v1/users/x/suspend',
      '/v1/boardsx',
      '/v1/me2',
      '/%761/users',
      '/./v1/users',
      '//v1/users',
      '/v1//users',
      '/v1/boards/../users',
      '/v1/boards/%2e%2e/users',
      '/v1/boards/..%2fusers',
      '/v1/users/..%2fboards',
      '/v1/users/%2e%2e/boards',
      '/v1/users/../boards',
      '/v1/rooms/x/../../boards',
      '/v1/rooms/..%2fboards/x/blobs/x',
      '/x/../v1/users',
      '/%76%31/boards',
    ])
      for (const method of ['GET', 'DELETE', 'POST']) expect(await send(method, path), `${method} ${path}`).toBe(404);
    expect(asked).toEqual([]);
  });

  it('nginx passes bodies of 64 KiB, parts of files and pictures of 8 MiB, and refuses one more byte', async () => {
    const picture = '/v1/boards/AAAAAAAAAAAAAAAAAAAAAA/blobs/x';
    expect(await send('PUT', picture, 8 * 1024 * 1024)).toBe(200);
    expect(await send('PUT', picture, 8 * 1024 * 1024 + 1)).toBe(413);
    expect(await send('PATCH', '/v1/boards/AAAAAAAAAAAAAAAAAAAAAA/uploads/x', 1024 * 1024)).toBe(200);
    expect(await send('POST', '/v1/boards', 64 * 1024)).toBe(200);
    expect(await send('POST', '/v1/boards', 64 * 1024 + 1)).toBe(413);
  });
});
