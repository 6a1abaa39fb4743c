/** A command was refused because Redis is not connected. */
export class BusDownError extends Error {
  override readonly name = 'BusDownError';
}
