/** Per client id, the clock that a document must have reached before an update can be applied. */
export type Need = ReadonlyMap<number, number>;
