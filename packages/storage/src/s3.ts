export type { S3Blobs } from './s3/blobs.ts';
export { openS3Blobs, withBlobs } from './s3/open.ts';
export type { S3Options } from './s3/open.ts';
