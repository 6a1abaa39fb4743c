/** `wetink-relay import-y-mongodb`: copies documents of y-mongodb-provider into rooms with the same names. */

import { silentLogger } from '@wetink/relay';
import { importYMongodb } from '@wetink/storage/mongodb';
import { openStore } from './backends.ts';
import { counted } from '../log/counted.ts';

export interface ImportOptions {
  /** Address of the source. */
  from: string;
  /** Null: the provider's default. */
  collection: string | null;
  isMultipleCollections: boolean;
  /** Address of the target; null: a data folder. */
  mongodb: string | null;
  dataFolder: string;
}

/**
 * @param say Gets one line per document, as soon as it is done.
 * @returns True when every document is complete in the target. @throws {Error} With one sentence for the operator.
 */
export async function importDocuments(options: ImportOptions, say: (line: string) => void): Promise<boolean> {
  const mongodb = options.mongodb === null ? null : { uri: options.mongodb, poolSize: null };
  const { store } = await openStore({ mongodb, blobs: null, dataFolder: options.dataFolder }, silentLogger);
  try {
    const reports = await importYMongodb({
      uri: options.from,
      ...(options.collection === null ? {} : { collection: options.collection }),
      ...(options.isMultipleCollections ? { isMultipleCollections: true } : {}),
      into: store,
      onDocument: ({ document, outcome, updates, problems }) =>
        say([`${outcome}: ${document} (${counted(updates, 'update')})`, ...problems].join('; ')),
    });
    const imported = reports.filter(({ outcome }) => outcome === 'imported').length;
    say(`${imported} of ${counted(reports.length, 'document')} imported.`);
    return reports.every(({ outcome }) => outcome === 'imported' || outcome === 'exists');
  } finally {
    await store.close();
  }
}
