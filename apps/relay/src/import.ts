/** `wetink-relay import-y-mongodb`: what y-mongodb-provider has written, into rooms of the same names. */

import { silentLogger } from '@wetink/relay';
import { importYMongodb } from '@wetink/storage/mongodb';
import { openStore } from './backends.ts';
import { counted } from './counted.ts';

export interface ImportOptions {
  /** Address of the source. */
  from: string;
  /** Null: the provider's own. */
  collection: string | null;
  isMultipleCollections: boolean;
  /** Address of the target; null for a data folder. */
  mongodb: string | null;
  dataFolder: string;
}

/**
 * @param say One line a document, as it goes.
 * @returns True when every document is there whole, now or from before. @throws {Error} One sentence about why not.
 */
export async function importDocuments(options: ImportOptions, say: (line: string) => void): Promise<boolean> {
  const mongodb = options.mongodb === null ? null : { uri: options.mongodb, poolSize: null };
  const { store } = await openStore({ mongodb, dataFolder: options.dataFolder }, silentLogger);
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
