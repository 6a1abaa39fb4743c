/** Per client id, the clock that a document must have reached before something that builds on it can be applied. */
export type Need = ReadonlyMap<number, number>;
