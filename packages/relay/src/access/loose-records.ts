/** Records that decide no rights: a damaged one counts as empty, and one that others keep changing may stay. */

import type { Records } from '@wetink/storage';

const MAX_ATTEMPTS = 10;

/** The fields of a JSON record; none when it cannot be read. */
export function looseFields(value: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(new TextDecoder().decode(value));
    return typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Removes a record, whatever others write into it meanwhile. Idempotent. */
export async function removeRecord(records: Records, key: string): Promise<void> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const record = await records.get(key);
    if (record === null || (await records.remove(key, record.version))) return;
  }
}
