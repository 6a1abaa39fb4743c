import { describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { helpText, parseConfig } from './parse-config.ts';
import { serviceOptions } from './service-options.ts';

const defaults: Config = {
  port: 8787,
  host: '127.0.0.1',
  dataFolder: './data',
  staticFolder: null,
  logLevel: 'info',
  logRooms: 'hash',
  drainDeadlineMs: 25_000,
  drainWaitMs: 0,
  drainSpreadMs: null,
  mongodb: null,
  blobs: null,
  chatMessages: 1_000,
  redisUrl: null,
  adminToken: null,
  trustedProxies: [],
  blobUnusedMs: 30 * 24 * 60 * 60_000,
  limits: {},
  origins: null,
  identity: { mode: 'open', secret: null },
  directory: 'shared',
  roomRules: [],
  push: { vapid: null, allowsPrivateTargets: false },
  hasWebhooks: true,
};

function mistakesOf(argv: string[], env: Record<string, string> = {}): string[] {
  const parsed = parseConfig(argv, env);
  return parsed.kind === 'mistakes' ? parsed.mistakes : [];
}

describe('configuration', () => {
  it('defaults', () => {
    expect(parseConfig([], {})).toEqual({ kind: 'run', config: defaults });
  });

  it('webhooks are on or off', () => {
    const hasWebhooks = (argv: string[], env: Record<string, string> = {}): unknown => {
      const parsed = parseConfig(argv, env);
      return parsed.kind === 'run' ? parsed.config.hasWebhooks : parsed;
    };
    expect([hasWebhooks(['--webhooks', 'off']), hasWebhooks([], { WETINK_WEBHOOKS: 'off' }), hasWebhooks(['--webhooks', 'on'])]).toEqual([
      false,
      false,
      true,
    ]);
    expect(mistakesOf(['--webhooks', 'no'])).toEqual(['--webhooks is "no": it must be on or off']);
  });

  it('[BL9] unused pictures and files are kept for 30 days, for other days, or with 0 as long as their board', () => {
    const keptBy = (days: string): unknown => {
      const parsed = parseConfig([], { WETINK_BLOB_UNUSED_DAYS: days });
      return parsed.kind === 'run' ? parsed.config.blobUnusedMs : parsed;
    };
    expect([keptBy(''), keptBy('1'), keptBy('0')]).toEqual([30 * 86_400_000, 86_400_000, null]);
    for (const days of ['-1', '1.5', 'soon', '4000']) expect(keptBy(days)).toMatchObject({ kind: 'mistakes' });
  });

  it('environment variables set the same options as flags, and flags override them', () => {
    const env = { PORT: '1234', WETINK_HOST: '0.0.0.0', WETINK_DATA: '/var/wetink', WETINK_STATIC: 'web', WETINK_LOG_LEVEL: '' };
    expect(parseConfig(['--port=99', '--data', 'here'], env)).toEqual({
      kind: 'run',
      config: {
        ...defaults,
        port: 99,
        host: '0.0.0.0',
        dataFolder: 'here',
        staticFolder: 'web',
        identity: { mode: 'guests', secret: null },
      },
    });
  });

  it('a cluster is configured with MongoDB, Redis, proxies and a wait for the load balancer', () => {
    const env = {
      MONGODB_URI: 'mongodb://u:p@a,b/wetink?replicaSet=r',
      WETINK_MONGODB_POOL: '50',
      REDIS_URL: 'rediss://:p@r1:6380,rediss://:p@r2:6380',
      WETINK_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      WETINK_ADMIN_TOKEN: '0123456789abcdef',
      WETINK_SECRET: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb',
    };
    expect(parseConfig([], env)).toEqual({
      kind: 'run',
      config: {
        ...defaults,
        drainWaitMs: 5_000,
        mongodb: { uri: env.MONGODB_URI, poolSize: 50 },
        redisUrl: env.REDIS_URL,
        adminToken: env.WETINK_ADMIN_TOKEN,
        trustedProxies: ['10.0.0.0/8', '::1'],
        identity: { mode: 'guests', secret: env.WETINK_SECRET },
      },
    });
    expect(parseConfig(['--drain-wait-seconds', '0'], env)).toMatchObject({ config: { drainWaitMs: 0 } });
  });

  it('origins: a list, or * for every page, which production refuses', () => {
    const env = { WETINK_ORIGINS: 'https://draw.example, http://localhost:5173' };
    expect(parseConfig([], env)).toMatchObject({ config: { origins: ['https://draw.example', 'http://localhost:5173'] } });
    expect(parseConfig(['--origins', '*'], env)).toMatchObject({ config: { origins: ['*'] } });
    expect(parseConfig([], { ...env, NODE_ENV: 'production' })).toMatchObject({ kind: 'run' });
    expect(mistakesOf([], { WETINK_ORIGINS: 'https://draw.example,*', NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('WETINK_ORIGINS has "*" with NODE_ENV=production'),
    ]);
    expect(mistakesOf(['--origins', 'https://draw.example/board,null'])).toEqual([
      expect.stringContaining('--origins has "https://draw.example/board": it must be scheme, host and port'),
      expect.stringContaining('--origins has "null": every sandboxed page has the origin null'),
    ]);
  });

  it('all mistakes are reported at once, each with its source', () => {
    expect(
      mistakesOf(
        ['--port', '70000', '--colour', 'red', '--data', '--log-level', 'loud', '--host=a', '--host=b', '--trusted-proxies', 'nginx'],
        {
          WETINK_DRAIN_SECONDS: 'soon',
          WETINK_LOG_ROOMS: 'maybe',
          WETINK_MONGODB_POOL: '0',
        },
      ),
    ).toEqual([
      'unknown option "--colour"',
      '--data needs a folder',
      '--host is given twice',
      '--port is "70000": it must be a whole number from 0 to 65535',
      'WETINK_DRAIN_SECONDS is "soon": it must be a whole number from 1 to 3600',
      '--log-level is "loud": it must be one of debug, info, warn, error, silent',
      'WETINK_LOG_ROOMS is "maybe": it must be hash or name',
      'WETINK_MONGODB_POOL is "0": it must be a whole number from 1 to 1000',
      '--trusted-proxies has "nginx": it must be an address such as 10.0.0.1, or a range such as 10.0.0.0/8',
    ]);
  });

  it('Redis without MongoDB is refused with the reason', () => {
    expect(mistakesOf([], { REDIS_URL: 'redis://localhost' })).toEqual([
      'REDIS_URL is set without MONGODB_URI: relays that exchange changes need one store, and a data folder belongs to one relay. Set MONGODB_URI too, or leave REDIS_URL out',
    ]);
  });

  it('no mistake contains a secret', () => {
    const env = { MONGODB_URI: 'mango://u:hunter2@h', REDIS_URL: 'http://:hunter2@h', WETINK_ADMIN_TOKEN: 'hunter2' };
    const mistakes = [...mistakesOf([], env), ...mistakesOf(['mongodb://u:hunter2@h', '--mongo=mongodb://u:hunter2@h'])];
    expect(mistakes).toEqual([
      'MONGODB_URI is not an address of MongoDB: it must look like mongodb://host:27017/wetink',
      'REDIS_URL is not an address of Redis: it must look like redis://host:6379, or rediss:// with TLS',
      'WETINK_ADMIN_TOKEN is shorter than 16 characters: make one with openssl rand -hex 32',
      'unknown option "mongodb://u:***@h"',
      'unknown option "--mongo"',
    ]);
    expect(mistakesOf(['--admin-token', '0123456789abcdef'])).toEqual(['unknown option "--admin-token"']);
  });

  it('--drain-spread-seconds is accepted up to half of the drain', () => {
    expect(parseConfig(['--drain-spread-seconds', '12'], {})).toMatchObject({ config: { drainSpreadMs: 12_000 } });
    expect(parseConfig([], { WETINK_DRAIN_SPREAD_SECONDS: '0' })).toMatchObject({ config: { drainSpreadMs: 0 } });
    expect(mistakesOf(['--drain-spread-seconds', '11', '--drain-wait-seconds', '5'])).toEqual([
      '--drain-spread-seconds is 11: half of the drain, which has 20 s after the wait, is kept for saving; raise --drain-seconds',
    ]);
  });

  it('a wait that leaves no time to drain is refused', () => {
    expect(mistakesOf(['--drain-wait-seconds', '30'])).toEqual([
      '--drain-wait-seconds is 30: it must be less than --drain-seconds, which is 25',
    ]);
  });

  it.each(['1e3', '-1', ' 80', '0x50', '', '65536'])('port %j is refused', (port) => {
    expect(parseConfig([`--port=${port}`], {}).kind).toBe('mistakes');
  });

  it('reads the options of backup and restore', () => {
    expect(parseConfig(['backup', '--to', 'b'], { WETINK_DATA: 'd' })).toEqual({ kind: 'backup', dataFolder: 'd', to: 'b' });
    expect(parseConfig(['restore', '--from', 'b', '--data=d'], {})).toEqual({ kind: 'restore', from: 'b', dataFolder: 'd' });
    expect(mistakesOf(['backup', '--port', '1'])).toEqual(['unknown option "--port"', 'backup needs --to FOLDER']);
    expect(mistakesOf(['restore'])).toEqual(['restore needs --from FOLDER']);
  });

  it('import-y-mongodb', () => {
    const from = 'mongodb://u:hunter2@h/x';
    expect(parseConfig(['import-y-mongodb', '--from', from, '--collection=*'], { MONGODB_URI: 'mongodb://new' })).toEqual({
      kind: 'import',
      from,
      collection: null,
      isMultipleCollections: true,
      mongodb: 'mongodb://new',
      dataFolder: './data',
    });
    expect(parseConfig(['import-y-mongodb', '--collection', 'docs'], { WETINK_IMPORT_FROM: from })).toMatchObject({
      collection: 'docs',
      isMultipleCollections: false,
      mongodb: null,
    });
    expect(mistakesOf(['import-y-mongodb'])).toEqual(['import-y-mongodb needs --from ADDRESS']);
    expect(mistakesOf(['import-y-mongodb', '--from', 'h:hunter2'])).toEqual([
      '--from is not an address of MongoDB: it must look like mongodb://host:27017/wetink',
    ]);
  });

  it('--help and --version ignore mistakes, and the help lists every option', () => {
    expect(parseConfig(['--nonsense', '--help'], {})).toEqual({ kind: 'help' });
    expect(parseConfig(['--version'], { PORT: 'x' })).toEqual({ kind: 'version' });
    for (const { flag, variable } of serviceOptions)
      for (const name of [flag, variable]) if (name !== null) expect(helpText()).toContain(name);
  });

  it('a bucket takes the usual AWS variables; without keys, or with another address, it is a mistake', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret-of-the-key' };
    const others = {
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_S3: 'http://s3',
      AWS_ENDPOINT_URL: 'http://aws',
    };
    const parsed = parseConfig([], { ...keys, ...others, WETINK_BLOBS: 's3://boards/x' });
    expect(parsed).toMatchObject({
      kind: 'run',
      config: { blobs: { address: 's3://boards/x', environment: { ...keys, ...others } } },
    });
    expect(parseConfig([], { WETINK_BLOBS: 's3://boards' })).toEqual({
      kind: 'mistakes',
      mistakes: ['WETINK_BLOBS is set without AWS_ACCESS_KEY_ID', 'WETINK_BLOBS is set without AWS_SECRET_ACCESS_KEY'],
    });
    expect(parseConfig(['--blobs', 'https://x'], keys)).toEqual({
      kind: 'mistakes',
      mistakes: ['--blobs is not an address of a bucket: it must look like s3://bucket/prefix'],
    });
    expect(JSON.stringify(parseConfig(['--blobs', 'https://x'], keys))).not.toContain('secret-of-the-key');
  });
});
