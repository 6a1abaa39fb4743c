/** A broken rule. `rule` is its short name, which tests check. */

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
