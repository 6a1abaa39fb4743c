/** The tables of the LMDB file. */

import { open as openLmdb, type Database, type RootDatabase } from 'lmdb';

type Table = Database<Buffer, Buffer>;
export type TableName = 'heads' | 'rows' | 'chunks' | 'blobs' | 'quarantine' | 'marks' | 'records';
export type Tables = Record<TableName, Table>;

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** Opens the file, or makes it. */
export function openTables(path: string): { root: RootDatabase<Buffer, Buffer>; tables: Tables } {
  const root = openLmdb<Buffer, Buffer>({
    path,
    noSubdir: true, // lmdb would guess it from a dot in the folder's name
    overlappingSync: false,
    eventTurnBatching: false, // its own batches leave a rejected promise unhandled when a commit fails
    ...binary,
  });
  const table = (name: TableName): Table => root.openDB<Buffer, Buffer>({ name, ...binary });
  const tables = {
    heads: table('heads'),
    rows: table('rows'),
    chunks: table('chunks'),
    blobs: table('blobs'),
    quarantine: table('quarantine'),
    marks: table('marks'),
    records: table('records'),
  };
  return { root, tables };
}
