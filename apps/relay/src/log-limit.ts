/**
 * How often a line of one kind may be written: a burst, then so many a minute. What was held back is counted and told with
 * the next line that may go. Bounded: beyond `MAX_KEYS` kinds at once, the rest share one.
 */

export interface LogLimit {
  /** @returns How many of this kind were held back since the last line; null when this one is held back too. */
  take(key: string): number | null;
}

const MAX_KEYS = 1_000;

interface Bucket {
  tokens: number;
  atMs: number;
  suppressed: number;
}

export function createLogLimit(perMinute: number, now: () => number): LogLimit {
  const buckets = new Map<string, Bucket>();
  const refill = (bucket: Bucket): void => {
    const nowMs = now();
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((nowMs - bucket.atMs) / 60_000) * perMinute);
    bucket.atMs = nowMs;
  };
  const bucketOf = (wanted: string): Bucket => {
    const known = buckets.get(wanted);
    if (known !== undefined) return known;
    if (buckets.size >= MAX_KEYS) {
      // Full and owing nothing: as if it had never been used.
      for (const [key, bucket] of buckets) {
        refill(bucket);
        if (bucket.tokens >= perMinute && bucket.suppressed === 0) buckets.delete(key);
      }
    }
    const key = buckets.size >= MAX_KEYS ? '' : wanted;
    const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: now(), suppressed: 0 };
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take(key) {
      const bucket = bucketOf(key);
      refill(bucket);
      if (bucket.tokens < 1) {
        bucket.suppressed += 1;
        return null;
      }
      bucket.tokens -= 1;
      const { suppressed } = bucket;
      bucket.suppressed = 0;
      return suppressed;
    },
  };
}
