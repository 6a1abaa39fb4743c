/** Something happened that must not. `rule` is the invariant, a short name that tests look for. */

export type Rule =
  | 'acked-is-durable'
  | 'never-forget'
  | 'causally-closed'
  | 'nothing-invented'
  | 'checkpoint-keeps-all'
  | 'converges'
  | 'no-stall'
  | 'no-resurrection'
  | 'no-bug';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: Rule;

  constructor(rule: Rule, message: string) {
    super(`${rule}: ${message}`);
    this.rule = rule;
  }
}
