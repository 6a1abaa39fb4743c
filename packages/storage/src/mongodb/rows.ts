/** Sorts rows that were read: which of them count, which are damaged or missing, and how far they reach. Pure. */

import type { Position } from '../port.ts';
import { FORGOTTEN } from './covers.ts';
import { openRow, type RowDocument } from './documents.ts';

export interface SortedRows {
  updates: Uint8Array[];
  position: Position;
  /** Rows that do not match their checksum. */
  broken: RowDocument[];
  /** Number of acknowledged rows that are gone. A writer's last row cannot be missed: no later row names it. */
  missing: number;
  /** True when every row from each writer's first up to `covers` is there and intact. */
  reachesFromStart(covers: Position): boolean;
}

/**
 * @param rows Rows, each writer's in order.
 * @param from Position that was not asked for: rows up to it are not missing.
 */
export function sortRows(rows: readonly RowDocument[], from: Position): SortedRows {
  const updates: Uint8Array[] = [];
  const broken: RowDocument[] = [];
  const position: Record<string, number> = {};
  let missing = 0;
  const brokenNodes = new Set<string>();
  const startedNodes = new Set<string>();

  for (const [node, own] of rowsByNode(rows)) {
    const seqs = new Set(own.map(({ seq }) => seq));
    const acknowledged = new Set(own.map(({ after }) => after));
    let wasMissing = 0;
    // It is unknown how far the checkpoint covers a forgotten writer: its first row may follow any.
    let isFirst = from[node] === undefined && (from[FORGOTTEN] ?? 0) > 0;
    for (const row of own) {
      if (!isWholeAppend(row, seqs) && !acknowledged.has(row.span?.[1])) continue; // cut off, so never acknowledged
      if (row.after === 0) startedNodes.add(node);
      if (!isFirst && row.after !== undefined && row.after > (from[node] ?? 0) && !seqs.has(row.after)) wasMissing += 1;
      isFirst = false;
      position[node] = row.seq;
      const opened = openRow(row);
      if (opened === null) broken.push(row);
      else for (const update of opened) updates.push(update);
      if (opened === null) brokenNodes.add(node);
    }
    if (wasMissing > 0) brokenNodes.add(node);
    missing += wasMissing;
  }

  return {
    updates,
    position,
    broken,
    missing,
    reachesFromStart: (covers) =>
      Object.keys(covers).length > 0 &&
      Object.entries(covers).every(([node, seq]) => startedNodes.has(node) && !brokenNodes.has(node) && (position[node] ?? 0) >= seq),
  };
}

function rowsByNode(rows: readonly RowDocument[]): Map<string, RowDocument[]> {
  const byNode = new Map<string, RowDocument[]>();
  for (const row of rows) {
    const own = byNode.get(row.node);
    if (own === undefined) byNode.set(row.node, [row]);
    else own.push(row);
  }
  return byNode;
}

/** An append of several rows counts when all of them are there; otherwise it was cut off. */
function isWholeAppend({ span }: RowDocument, seqs: ReadonlySet<number>): boolean {
  if (span === undefined) return true;
  for (let seq = span[0]; seq <= span[1]; seq++) if (!seqs.has(seq)) return false;
  return true;
}
