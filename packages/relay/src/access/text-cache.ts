/** Texts that were read a moment ago, by key. A missing text, for whatever reason, is a miss and never an error. */

export interface TextCache {
  /** Null when the text is missing or expired. Never rejects. */
  get(key: string): Promise<string | null>;
  /** Never rejects. */
  set(key: string, text: string): Promise<void>;
  /** Results of `get`, since the start. */
  readonly counts: { hits: number; misses: number };
}

export interface MemoryCacheOptions {
  /** Milliseconds until a text expires. */
  ttlMs: number;
  /** Above it the oldest text is dropped. */
  maxEntries: number;
  /** Milliseconds, compared only with each other. */
  now(): number;
}

/** A cache of this process alone. */
export function createMemoryCache({ ttlMs, maxEntries, now }: MemoryCacheOptions): TextCache {
  /** In the order they were set, which is the order in which they expire. */
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
