/** Addresses of buckets that are refused before anything is asked. */

import { expect, it } from 'vitest';
import { openS3Blobs } from './open.ts';

it.each(['s3://boards/.', 's3://boards/..', 's3://boards/a/../b', 's3://boards/./a/'])(
  '[BK3] %s is INVALID: a prefix has no part that an address leaves out',
  async (address) => {
    const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    await expect(openS3Blobs({ address, environment })).rejects.toMatchObject({ code: 'INVALID' });
  },
);
