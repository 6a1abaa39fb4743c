/** The secret that guests and links are signed with, kept in the data folder when none is configured. */

import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File in the data folder; part of a backup. */
export const SECRET_FILE = 'identity-secret';

/**
 * Reads the secret; makes it at the first start, readable by its owner only.
 * @throws {Error} It can be neither read nor kept. With one sentence that says what to do.
 */
export async function keptSecret(folder: string): Promise<string> {
  const path = join(folder, SECRET_FILE);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw new Error(`the secret of guests cannot be kept in ${path}: set WETINK_SECRET`, { cause: error });
  }
  const secret = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(secret))
    throw new Error(`${path} is damaged: restore it from a backup, or remove it, after which every guest has a new id and no link works`);
  return secret;
}
