/**
 * Judges what must hold under every fault: no copy lacks an acknowledged change, no copy has a change that no client wrote,
 * and all copies are equal. Pure; the drivers collect the evidence.
 *
 * Every client writes its own unique tokens, so the set of tokens in a copy shows which changes reached it.
 */

import { createHash } from 'node:crypto';
import * as Y from 'yjs';

/** Name of the map whose keys are the tokens. */
export const TOKENS = 'tokens';
/** Name of the text in which clients write and delete, so that a lost deletion changes the delete set. */
export const SCRATCH = 'scratch';

/** The document in one of the places that must agree. */
export interface Copy {
  /** Such as `store`, `client 3`, `newcomer at relay 1`. */
  name: string;
  tokens: ReadonlySet<string>;
  digest: string;
}

export interface Evidence {
  written: ReadonlySet<string>;
  /** Tokens that the relay acknowledged. */
  acked: ReadonlySet<string>;
  copies: readonly Copy[];
}

/** @returns Hex; equal exactly when state vector, delete set and content are equal. */
export function digestOf(doc: Y.Doc): string {
  const { sv, ds } = Y.snapshot(doc);
  const vector = [...sv].sort(byFirst);
  const deletions = [...ds.clients].sort(byFirst).map(([client, items]) => [client, items.map(({ clock, len }) => [clock, len])]);
  const tokens = [...doc.getMap(TOKENS).keys()].sort();
  return createHash('sha256')
    .update(JSON.stringify([vector, deletions, tokens, doc.getText(SCRATCH).toJSON()]))
    .digest('hex');
}

export function copyOf(name: string, doc: Y.Doc): Copy {
  return { name, tokens: new Set(doc.getMap(TOKENS).keys()), digest: digestOf(doc) };
}

/** @returns One line per problem; empty when there is none. */
export function judge({ written, acked, copies }: Evidence): string[] {
  const problems: string[] = [];
  for (const token of acked) if (!written.has(token)) problems.push(`${token} was acknowledged but never written`);
  for (const { name, tokens } of copies) {
    const lost = [...acked].filter((token) => !tokens.has(token));
    if (lost.length > 0) problems.push(`${name} lacks ${lost.length} acknowledged: ${some(lost)}`);
    const invented = [...tokens].filter((token) => !written.has(token));
    if (invented.length > 0) problems.push(`${name} has ${invented.length} that no client wrote: ${some(invented)}`);
  }
  const [first] = copies;
  if (first === undefined) problems.push('no copy was checked');
  const others = copies.filter(({ digest }) => digest !== first?.digest);
  if (others.length > 0) problems.push(`different from ${first?.name}: ${some(others.map(({ name }) => name))}`);
  return problems;
}

function some(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')}, …`;
}

function byFirst([a]: [number, unknown], [b]: [number, unknown]): number {
  return a - b;
}
