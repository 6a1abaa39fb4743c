/** Reads where boards are kept, and how relays find each other. */

import type { Config } from './config.ts';
import type { OptionReader, Read } from './options.ts';
import { awsOptions, blobs, blobUnusedDays, mongodb, mongodbPool, redis } from './service-options.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Pushes a mistake unless the value is an address, or ''. */
export function checkMongodbAddress({ value, source }: Read, mistakes: string[]): void {
  if (value !== '' && !/^mongodb(\+srv)?:\/\/[^\s/]+/.test(value))
    mistakes.push(`${source} is not an address of MongoDB: it must look like mongodb://host:27017/wetink`);
}

export function readBackends({ mistakes, read, integer }: OptionReader): Pick<Config, 'mongodb' | 'blobs' | 'blobUnusedMs' | 'redisUrl'> {
  const mongo = read(mongodb);
  checkMongodbAddress(mongo, mistakes);
  const poolSize = read(mongodbPool).value === '' ? null : integer(mongodbPool, 1, 1_000);
  const bucket = readBucket({ mistakes, read });
  const unusedDays = integer(blobUnusedDays, 0, 3_650);
  const bus = read(redis);
  if (bus.value !== '' && !bus.value.split(',').every((address) => /^rediss?:\/\/[^\s,/]+/.test(address)))
    mistakes.push(`${bus.source} is not an address of Redis: it must look like redis://host:6379, or rediss:// with TLS`);
  if (bus.value !== '' && mongo.value === '')
    mistakes.push(
      `${bus.source} is set without MONGODB_URI: relays that exchange changes need one store, and a data folder belongs to one relay. Set MONGODB_URI too, or leave ${bus.source} out`,
    );
  return {
    mongodb: mongo.value === '' ? null : { uri: mongo.value, poolSize },
    blobs: bucket,
    blobUnusedMs: unusedDays === 0 ? null : unusedDays * DAY_MS,
    redisUrl: bus.value === '' ? null : bus.value,
  };
}

function readBucket({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): Config['blobs'] {
  const { value: address, source } = read(blobs);
  if (address === '') return null;
  if (!/^s3:\/\/[^\s/]+/.test(address)) mistakes.push(`${source} is not an address of a bucket: it must look like s3://bucket/prefix`);
  const environment: Record<string, string> = {};
  for (const option of awsOptions) {
    const { value } = read(option);
    if (option.variable !== null && value !== '') environment[option.variable] = value;
  }
  for (const variable of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    if (environment[variable] === undefined) mistakes.push(`${source} is set without ${variable}`);
  return { address, environment };
}
