/**
 * Limits how often a line of one kind is written: a burst, then a number per minute. The next line that is written has the
 * count of those held back. Bounded: beyond `MAX_KEYS` kinds at once, the rest share one.
 */

export interface LogLimit {
  /** @returns Number of lines of this kind held back since the last one; null when this one is held back too. */
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
      // A full bucket without held-back lines is the same as no bucket.
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
