/**
 * What may not happen, whatever breaks: an acknowledged change is missing somewhere, a change nobody made is there, or
 * two copies differ. Pure; the drivers collect the evidence.
 *
 * Every client writes tokens that nobody else writes, so one set per copy says what reached it.
 */

import { createHash } from 'node:crypto';
import * as Y from 'yjs';

/** Where tokens are, as keys. */
export const TOKENS = 'tokens';
/** Where clients write and delete, so that delete sets differ when one is lost. */
export const SCRATCH = 'scratch';

/** The document as one of the places that must agree has it. */
export interface Copy {
  /** Such as `store`, `client 3`, `newcomer at relay 1`. */
  name: string;
  tokens: ReadonlySet<string>;
  digest: string;
}

export interface Evidence {
  written: ReadonlySet<string>;
  /** Of which a client said "saved". */
  acked: ReadonlySet<string>;
  copies: readonly Copy[];
}

/** Equal exactly when state vector, delete set and content are. Hex. */
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

/** @returns One line for each thing that is wrong; none when all is well. */
export function judge({ written, acked, copies }: Evidence): string[] {
  const problems: string[] = [];
  for (const token of acked) if (!written.has(token)) problems.push(`${token} was acknowledged and never written`);
  for (const { name, tokens } of copies) {
    const lost = [...acked].filter((token) => !tokens.has(token));
    if (lost.length > 0) problems.push(`${name} lacks ${lost.length} acknowledged: ${some(lost)}`);
    const invented = [...tokens].filter((token) => !written.has(token));
    if (invented.length > 0) problems.push(`${name} has ${invented.length} that nobody wrote: ${some(invented)}`);
  }
  const [first] = copies;
  if (first === undefined) problems.push('no copy was looked at');
  const others = copies.filter(({ digest }) => digest !== first?.digest);
  if (others.length > 0) problems.push(`not as ${first?.name}: ${some(others.map(({ name }) => name))}`);
  return problems;
}

function some(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')}, …`;
}

function byFirst([a]: [number, unknown], [b]: [number, unknown]): number {
  return a - b;
}
