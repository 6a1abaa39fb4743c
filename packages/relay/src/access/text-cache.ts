/** Texts that were read a moment ago, by key. What is not there, for whatever reason, is a miss and no error. */

export interface TextCache {
  /** Null when it is not there, or no longer. Never rejects. */
  get(key: string): Promise<string | null>;
  /** Never rejects. */
  set(key: string, text: string): Promise<void>;
  /** Of `get`, since the start. */
  readonly counts: { hits: number; misses: number };
}

export interface MemoryCacheOptions {
  /** After which a text is no longer there. */
  ttlMs: number;
  /** Above it the oldest goes. */
  maxEntries: number;
  /** Milliseconds, only ever compared with each other. */
  now(): number;
}

/** Of this process. */
export function createMemoryCache({ ttlMs, maxEntries, now }: MemoryCacheOptions): TextCache {
  /** In the order they were set, which is that of their end. */
  const entries = new Map<string, { text: string; endsAtMs: number }>();
  const counts = { hits: 0, misses: 0 };
  return {
    counts,
    async get(key) {
      const found = entries.get(key);
      const isThere = found !== undefined && now() < found.endsAtMs;
      if (found !== undefined && !isThere) entries.delete(key);
      counts[isThere ? 'hits' : 'misses'] += 1;
      return isThere ? found.text : null;
    },
    async set(key, text) {
      entries.delete(key);
      entries.set(key, { text, endsAtMs: now() + ttlMs });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}
