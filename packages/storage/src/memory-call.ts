/**
 * Runs a call at once, and answers after a turn of the event loop, as the durable stores do.
 * @throws {StoreError} `CLOSED`.
 */
export type MemoryCall = <T>(run: () => T) => Promise<T>;
